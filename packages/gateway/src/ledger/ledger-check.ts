// Checks the promise: every request that reached an upstream has exactly one record.

import type { Kysely } from 'kysely';
import type { LedgerSchema } from './schema.ts';

export interface LedgerCheck {
  readonly records: number;
  /** Requests known to have reached an upstream that have no record. */
  readonly missing: number;
  /** Records beyond the first of a request. */
  readonly duplicate: number;
  /** Reserved and not yet settled. */
  readonly open: number;
  /** Closed by recovery at what was reserved: their process died before the end was known. */
  readonly unknown: number;
}

/** Placeholders that any database takes in one statement. */
const idsPerQuery = 500;

/**
 * `reached`: ids of the requests that reached an upstream, as someone else saw them. Without it
 * only what the ledger knows of itself can be found missing: requests whose attempts are there.
 */
export async function checkLedger(
  db: Kysely<LedgerSchema>,
  reached: Iterable<string> = [],
): Promise<LedgerCheck> {
  const count = await db
    .selectFrom('requests')
    .select(eb => [
      eb.fn.countAll<number>().as('records'),
      eb.fn.count<number>('id').distinct().as('ids'),
      eb.fn.countAll<number>().filterWhere('state', '=', 'open').as('open'),
      eb.fn.countAll<number>().filterWhere('outcome', '=', 'unknown').as('unknown'),
    ])
    .executeTakeFirstOrThrow();
  const records = Number(count.records);
  return {
    records,
    missing: (await attemptsWithoutRequest(db)) + (await withoutRecord(db, reached)),
    duplicate: records - Number(count.ids),
    open: Number(count.open),
    unknown: Number(count.unknown),
  };
}

async function attemptsWithoutRequest(db: Kysely<LedgerSchema>): Promise<number> {
  const { lone } = await db
    .selectFrom('attempts')
    .leftJoin('requests', 'requests.id', 'attempts.requestId')
    .where('requests.id', 'is', null)
    .select(eb => eb.fn.count<number>('attempts.requestId').distinct().as('lone'))
    .executeTakeFirstOrThrow();
  return Number(lone);
}

async function withoutRecord(db: Kysely<LedgerSchema>, reached: Iterable<string>): Promise<number> {
  const ids = [...new Set(reached)];
  let missing = 0;
  for (let from = 0; from < ids.length; from += idsPerQuery) {
    const part = ids.slice(from, from + idsPerQuery);
    const query = db.selectFrom('requests').where('id', 'in', part);
    const { found } = await query
      .select(eb => eb.fn.countAll<number>().as('found'))
      .executeTakeFirstOrThrow();
    missing += part.length - Number(found);
  }
  return missing;
}
