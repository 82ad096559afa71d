// Rows on their way to the worker: flat arrays of plain values, because a structured clone of one
// flat array costs half of what it costs for objects. The order of each push is the order of its
// column list, and the statements in writes.ts are made from the same lists.

import type { AttemptRecord, Entry, Reservation } from './entry.ts';
import type { AttemptsTable, RequestsTable } from './schema.ts';

export type Value = string | number | null;

export type RequestColumn = keyof RequestsTable & string;
export type AttemptColumn = keyof AttemptsTable & string;

export const reservationColumns: readonly RequestColumn[] = [
  'id',
  'startedAtMs',
  'key',
  'route',
  'dialect',
  'stream',
  'reservedNanoUsd',
];

export const settlementColumns: readonly RequestColumn[] = [
  'outcome',
  'status',
  'error',
  'ttftMs',
  'totalMs',
  'addedMs',
  'deployment',
  'offer',
  'cloud',
  'model',
  'inputTokens',
  'cachedReadTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'usageSource',
  'chargeNanoUsd',
  'lost',
];

export const entryColumns: readonly RequestColumn[] = [...reservationColumns, ...settlementColumns];

export const attemptColumns: readonly AttemptColumn[] = [
  'requestId',
  'n',
  'deployment',
  'offer',
  'cloud',
  'model',
  'failure',
  'status',
  'upstreamRequestId',
  'startedAtMs',
  'ttftMs',
  'totalMs',
];

export function pushReservation(rows: Value[], r: Reservation): void {
  rows.push(
    r.requestId,
    Math.round(r.startedAtMs),
    r.key,
    r.route,
    r.dialect,
    r.stream ? 1 : 0,
    r.reservedNanoUsd,
  );
}

/** The entry's row, without its attempts. */
export function pushEntry(rows: Value[], e: Entry): void {
  pushReservation(rows, e);
  rows.push(
    e.outcome,
    e.status,
    e.error,
    e.ttftMs,
    e.totalMs,
    e.addedMs,
    e.deployment,
    e.offer,
    e.cloud,
    e.model,
    e.inputTokens,
    e.cachedReadTokens,
    e.cacheWriteTokens,
    e.outputTokens,
    e.reasoningTokens,
    e.usageSource,
    e.chargeNanoUsd,
    e.lost,
  );
}

export function pushAttempt(rows: Value[], requestId: string, a: AttemptRecord): void {
  rows.push(
    requestId,
    a.n,
    a.deployment,
    a.offer,
    a.cloud,
    a.model,
    a.failure,
    a.status,
    a.upstreamRequestId,
    Math.round(a.startedAtMs),
    a.ttftMs,
    a.totalMs,
  );
}

/** Money is stored as an integer or not at all: a broken figure must not pass for a charge. */
export function isMoney(nanoUsd: number | null): boolean {
  return nanoUsd === null || (Number.isSafeInteger(nanoUsd) && nanoUsd >= 0);
}
