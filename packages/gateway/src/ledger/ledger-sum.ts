// Adds the ledger up. What is unknown is counted beside a sum, and is never 0 in it.

import type { Kysely } from 'kysely';
import type { Outcome } from './entry.ts';
import type { LedgerSchema } from './schema.ts';

export type SumBy = 'cloud' | 'model' | 'key' | 'route';

export interface SumOptions {
  readonly by: SumBy;
  /** Unix ms, by when requests started: from `sinceMs` on, and before `untilMs`. null: no bound. */
  readonly sinceMs?: number | null;
  readonly untilMs?: number | null;
}

/** requests = ok + failures + clientClosed + refused + unknown + open. */
export interface LedgerSum {
  /** The cloud, model, key or route; null: no cloud or model answered (or not yet). */
  readonly name: string | null;
  readonly requests: number;
  readonly ok: number;
  /** The caller saw an error, or half an answer and an error. */
  readonly failures: number;
  readonly clientClosed: number;
  /** Refused before an upstream was called. */
  readonly refused: number;
  /** Their process died before the end was known. */
  readonly unknown: number;
  readonly open: number;
  /** Of the requests whose usage is known; null where it is known of none. */
  readonly inputTokens: number | null;
  readonly cachedReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  /** Sum of the known charges; null where none is known. */
  readonly chargeNanoUsd: bigint | null;
  /** Requests that may have cost something nobody knows. They are not in `chargeNanoUsd`. */
  readonly unknownCharges: number;
  /** Requests whose charge is an estimate. They are in `chargeNanoUsd`. */
  readonly estimatedCharges: number;
}

/** One row per name, the dearest first. */
export async function sumLedger(
  db: Kysely<LedgerSchema>,
  options: SumOptions,
): Promise<LedgerSum[]> {
  const { by, sinceMs = null, untilMs = null } = options;
  let query = db.selectFrom('requests').groupBy(by);
  if (sinceMs !== null) query = query.where('startedAtMs', '>=', sinceMs);
  if (untilMs !== null) query = query.where('startedAtMs', '<', untilMs);
  const rows = await query
    .select(eb => {
      const count = () => eb.fn.countAll<number>();
      const ended = (...outcomes: Outcome[]) => count().filterWhere('outcome', 'in', outcomes);
      return [
        eb.ref(by).as('name'),
        count().as('requests'),
        ended('ok').as('ok'),
        ended('failed', 'truncated').as('failures'),
        ended('client_closed').as('clientClosed'),
        ended('refused').as('refused'),
        ended('unknown').as('unknown'),
        count().filterWhere('state', '=', 'open').as('open'),
        eb.fn.sum<Sum>('inputTokens').as('inputTokens'),
        eb.fn.sum<Sum>('cachedReadTokens').as('cachedReadTokens'),
        eb.fn.sum<Sum>('cacheWriteTokens').as('cacheWriteTokens'),
        eb.fn.sum<Sum>('outputTokens').as('outputTokens'),
        eb.fn.sum<Sum>('reasoningTokens').as('reasoningTokens'),
        eb.fn.sum<Sum>('chargeNanoUsd').as('chargeNanoUsd'),
        count()
          .filterWhere('state', '=', 'settled')
          .filterWhere('outcome', '!=', 'refused')
          .filterWhere('chargeNanoUsd', 'is', null)
          .as('unknownCharges'),
        count()
          .filterWhere('usageSource', '=', 'estimated')
          .filterWhere('chargeNanoUsd', 'is not', null)
          .as('estimatedCharges'),
      ];
    })
    .execute();
  return rows.map(readRow).sort(dearestFirst);
}

/** How a database returns a count or a sum: SQLite as a number or bigint, PostgreSQL as text. */
type Sum = number | bigint | string;
type SummedRow = { readonly [K in keyof LedgerSum]: K extends 'name' ? string | null : Sum | null };

function readRow(row: SummedRow): LedgerSum {
  return {
    name: row.name,
    requests: Number(row.requests),
    ok: Number(row.ok),
    failures: Number(row.failures),
    clientClosed: Number(row.clientClosed),
    refused: Number(row.refused),
    unknown: Number(row.unknown),
    open: Number(row.open),
    inputTokens: tokens(row.inputTokens),
    cachedReadTokens: tokens(row.cachedReadTokens),
    cacheWriteTokens: tokens(row.cacheWriteTokens),
    outputTokens: tokens(row.outputTokens),
    reasoningTokens: tokens(row.reasoningTokens),
    chargeNanoUsd: row.chargeNanoUsd === null ? null : BigInt(row.chargeNanoUsd),
    unknownCharges: Number(row.unknownCharges),
    estimatedCharges: Number(row.estimatedCharges),
  };
}

function tokens(sum: Sum | null): number | null {
  return sum === null ? null : Number(sum);
}

/** Among equals the busiest first, then by name, with what has none last. */
function dearestFirst(a: LedgerSum, b: LedgerSum): number {
  const [x, y] = [a.chargeNanoUsd ?? -1n, b.chargeNanoUsd ?? -1n];
  if (x !== y) return x < y ? 1 : -1;
  if (a.requests !== b.requests) return b.requests - a.requests;
  if (a.name === null || b.name === null) return a.name === null ? 1 : -1;
  return a.name < b.name ? -1 : 1;
}
