// Step 7: exactly once, on every way out of an admitted request: the ledger's entry, the charge,
// what the engine learns of the deployment, and the metrics.

import type { Usage } from '@entrepot/dialects/canonical';
import type { FailureKind } from '@entrepot/engine/outcome';
import { toMicroseconds } from '../clock.ts';
import type { Gateway } from '../gateway.ts';
import type { AttemptRecord, Entry, Outcome, Reservation } from '../ledger/entry.ts';
import type { Arrival } from './accept.ts';
import { attemptRecord, type Trail, type Won } from './attempt.ts';
import type { Relayed } from './relay.ts';

/** Settles a request that an upstream answered. */
export function settleAnswered(
  gateway: Gateway,
  arrival: Arrival,
  reservation: Reservation,
  won: Won,
  relayed: Relayed,
  trail: Trail,
): void {
  const { exchange, upstream } = won;
  const now = gateway.clock.nowMs();
  const failure = relayed.fault?.failure ?? closedFailure(relayed.outcome);
  const totalMs = exchange.lastByteMs - exchange.startedMs;
  const deployment = upstream.id;
  const outputTokens = relayed.usage?.outputTokens ?? null;
  const { ttftMs } = exchange;
  const beforeMs = exchange.startedMs - arrival.startedMs;
  const { operation } = arrival.dialect;
  gateway.engine.observe({ deployment, operation, failure, ttftMs, totalMs, outputTokens }, now);
  trail.records.push(attemptRecord(arrival, upstream, exchange, failure, totalMs, trail));
  const { usage } = relayed;
  const chargeNanoUsd = operation === 'count' ? 0 : chargeOf(gateway, deployment, usage, now);
  const { offer } = upstream.target.deployment;
  // Field by field and not spread together: it is built for every request.
  const entry: Entry = {
    requestId: reservation.requestId,
    startedAtMs: reservation.startedAtMs,
    key: reservation.key,
    route: reservation.route,
    dialect: reservation.dialect,
    stream: reservation.stream,
    reservedNanoUsd: reservation.reservedNanoUsd,
    deployment,
    offer: offer.id,
    cloud: offer.cloud,
    model: offer.model,
    // An upstream that reported no usage, or not all, leaves its cost unknown: null, never 0.
    inputTokens: usage?.inputTokens ?? null,
    cachedReadTokens: usage?.cachedReadTokens ?? null,
    cacheWriteTokens: usage === null ? null : usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    outputTokens: usage?.outputTokens ?? null,
    reasoningTokens: usage?.reasoningTokens ?? null,
    usageSource: usage?.source ?? null,
    chargeNanoUsd,
    outcome: relayed.outcome,
    status: relayed.status,
    error: relayed.fault === null ? null : (relayed.fault.error.code ?? relayed.fault.error.class),
    ttftMs: ttftMs === null ? null : toMicroseconds(beforeMs + ttftMs),
    totalMs: toMicroseconds(now - arrival.startedMs),
    addedMs: toMicroseconds(Math.max(0, now - arrival.startedMs - totalMs - trail.elsewhereMs)),
    lost: relayed.lost.length === 0 ? null : relayed.lost.join(','),
    attempts: trail.records,
  };
  record(gateway, entry);
}

/** null where it is not known. To count tokens costs nothing, and is no answer to learn from. */
function chargeOf(
  gateway: Gateway,
  deployment: string,
  usage: Usage | null,
  now: number,
): number | null {
  if (usage === null || usage.source !== 'provider') return null;
  return gateway.engine.settle(deployment, usage, now).nanoUsd;
}

/** Settles a request that no upstream answered: refused, failed, or the caller went away. */
export function settleUnanswered(
  gateway: Gateway,
  arrival: Arrival,
  reservation: Reservation,
  end: { readonly outcome: Outcome; readonly status: number; readonly error: string | null },
  trail: Trail,
): void {
  const totalMs = gateway.clock.nowMs() - arrival.startedMs;
  const entry: Entry = {
    ...reservation,
    ...noAnswer,
    ...end,
    totalMs: toMicroseconds(totalMs),
    addedMs: toMicroseconds(Math.max(0, totalMs - trail.elsewhereMs)),
    chargeNanoUsd: mayHaveCost(arrival, trail) ? null : 0,
    attempts: trail.records,
  };
  record(gateway, entry);
}

/** Failures after which the upstream may have worked, and may bill what nobody saw. */
const mayBeBilled: ReadonlySet<string> = new Set<FailureKind>([
  'reset',
  'first-byte-timeout',
  'stall',
  'truncated',
  'protocol',
  'client-closed',
]);

function mayHaveCost({ dialect }: Arrival, { records }: Trail): boolean {
  return dialect.operation !== 'count' && records.some(mayHaveWorked);
}

/** A host that fails midway says so in an answer of status 200. */
function mayHaveWorked({ failure, status }: AttemptRecord): boolean {
  return mayBeBilled.has(failure ?? '') || (failure === 'server-error' && status === 200);
}

const noAnswer = {
  ttftMs: null,
  deployment: null,
  offer: null,
  cloud: null,
  model: null,
  inputTokens: null,
  cachedReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  usageSource: null,
  lost: null,
} as const satisfies Partial<Entry>;

function record(gateway: Gateway, entry: Entry): void {
  gateway.ledger.settle(entry);
  gateway.metrics.request(entry);
}

function closedFailure(outcome: Outcome): { kind: 'client-closed'; retryAfterMs: null } | null {
  return outcome === 'client_closed' ? { kind: 'client-closed', retryAfterMs: null } : null;
}
