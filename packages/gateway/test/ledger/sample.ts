// Reservations and entries for tests, and a folder that is gone after the test.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptRecord, Entry, Reservation } from '../../src/ledger/entry.ts';

export const sampleReservation: Reservation = {
  requestId: 'req_1',
  startedAtMs: 1_790_000_000_000,
  key: 'team-a',
  route: 'gpt',
  dialect: 'openai-chat',
  stream: true,
  reservedNanoUsd: 9_000,
};

export const sampleAttempt: AttemptRecord = {
  n: 1,
  deployment: 'azure-gpt',
  offer: 'azure-openai/eastus/openai/gpt-4o',
  cloud: 'azure',
  model: 'openai/gpt-4o',
  failure: null,
  status: 200,
  upstreamRequestId: 'chatcmpl-1',
  startedAtMs: 1_790_000_000_001,
  ttftMs: 312.25,
  totalMs: 2120.5,
};

export function reservation(requestId: string, change: Partial<Reservation> = {}): Reservation {
  return { ...sampleReservation, requestId, ...change };
}

export function entry(requestId: string, change: Partial<Entry> = {}): Entry {
  return {
    ...sampleReservation,
    requestId,
    outcome: 'ok',
    status: 200,
    error: null,
    ttftMs: 313.125,
    totalMs: 2121.75,
    addedMs: 0.5,
    deployment: 'azure-gpt',
    offer: 'azure-openai/eastus/openai/gpt-4o',
    cloud: 'azure',
    model: 'openai/gpt-4o',
    inputTokens: 1000,
    cachedReadTokens: 200,
    cacheWriteTokens: null,
    outputTokens: 50,
    reasoningTokens: null,
    usageSource: 'provider',
    chargeNanoUsd: 4_000,
    lost: null,
    attempts: [sampleAttempt],
    ...change,
  };
}

/** What a request that was refused before any upstream leaves. */
export function refusedEntry(requestId: string): Entry {
  return entry(requestId, {
    outcome: 'refused',
    status: 400,
    error: 'no_offer',
    ttftMs: null,
    deployment: null,
    offer: null,
    cloud: null,
    model: null,
    inputTokens: null,
    cachedReadTokens: null,
    outputTokens: null,
    usageSource: null,
    chargeNanoUsd: null,
    attempts: [],
  });
}

/** A new folder; the second value removes it. */
export function temporaryFolder(): [string, () => void] {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-ledger-'));
  return [folder, () => rmSync(folder, { recursive: true, force: true })];
}
