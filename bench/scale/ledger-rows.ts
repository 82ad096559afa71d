// Requests for the ledger, as the gateway records them: a million a day, of a thousand keys, ten
// routes, twenty models and five clouds. The same every time.

import type { Rows } from '@entrepot/gateway/ledger/batch';
import type { Entry } from '@entrepot/gateway/ledger/entry';
import { pushAttempt, pushEntry, pushReservation } from '@entrepot/gateway/ledger/row';
import { RequestIds } from '@entrepot/gateway/request-ids';

export const perDay = 1_000_000;
export const dayMs = 86_400_000;
export const firstDayMs: number = Date.UTC(2026, 0, 1);

const clouds = ['aws', 'azure', 'google', 'openai', 'anthropic'];

export class LedgerRows {
  readonly #ids = new RequestIds();
  #count = 0;

  /** So many have been made. */
  get count(): number {
    return this.#count;
  }

  /** The next `size` requests, oldest first. */
  next(size: number): Entry[] {
    return Array.from({ length: size }, () => this.#entry());
  }

  #entry(): Entry {
    const n = this.#count++;
    const cloud = clouds[n % clouds.length]!;
    const model = `vendor/model-${n % 20}`;
    const offer = `service/global/${model}`;
    const startedAtMs = firstDayMs + Math.floor((n / perDay) * dayMs);
    const requestId = this.#ids.next();
    const ttftMs = 200 + (n % 300);
    const totalMs = ttftMs + (n % 4_000);
    const bought = { deployment: `${cloud}-${n % 20}`, offer, cloud, model };
    return {
      requestId,
      startedAtMs,
      key: `team-${(n * 7_919) % 1_000}`,
      route: `route-${n % 10}`,
      dialect: 'openai-chat',
      stream: n % 2 === 0,
      reservedNanoUsd: 4_000_000,
      outcome: 'ok',
      status: 200,
      error: null,
      ttftMs,
      totalMs,
      addedMs: 1.5,
      ...bought,
      inputTokens: 500 + (n % 3_000),
      cachedReadTokens: n % 500,
      cacheWriteTokens: 0,
      outputTokens: 50 + (n % 800),
      reasoningTokens: 0,
      usageSource: 'provider',
      chargeNanoUsd: 100_000 + (n % 900_000),
      lost: null,
      attempts: [
        {
          n: 1,
          ...bought,
          failure: null,
          status: 200,
          upstreamRequestId: `chatcmpl-${requestId}`,
          startedAtMs: startedAtMs + 1,
          ttftMs,
          totalMs,
        },
      ],
    };
  }
}

export function reservationsOf(entries: readonly Entry[]): Rows {
  const rows = none();
  for (const entry of entries) pushReservation(rows.reservations, entry);
  return rows;
}

export function entriesOf(entries: readonly Entry[]): Rows {
  const rows = none();
  for (const entry of entries) {
    pushEntry(rows.entries, entry);
    rows.attemptCounts.push(entry.attempts.length);
    for (const attempt of entry.attempts) pushAttempt(rows.attempts, entry.requestId, attempt);
  }
  return rows;
}

function none(): Rows {
  return { reservations: [], entries: [], attemptCounts: [], attempts: [], withdrawn: [] };
}
