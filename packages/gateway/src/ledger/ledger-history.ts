// The whole ledger, a page at a time: no statement holds a snapshot of it for long, so that a
// gateway that writes meanwhile can clear up behind itself.

import type { Kysely } from 'kysely';
import type { LedgerRecord } from './ledger-record.ts';
import type { LedgerSchema } from './schema.ts';
import { withAttempts } from './with-attempts.ts';

const perPage = 5000;

/** Settled requests that started from `sinceMs` on, in that order. */
export async function* ledgerHistory(
  db: Kysely<LedgerSchema>,
  sinceMs: number,
): AsyncGenerator<LedgerRecord> {
  let last: { readonly startedAtMs: number; readonly id: string } | null = null;
  for (;;) {
    let query = db
      .selectFrom('requests')
      .selectAll()
      .where('state', '=', 'settled')
      .where('startedAtMs', '>=', sinceMs);
    if (last !== null) {
      const { startedAtMs, id } = last;
      query = query.where(eb =>
        eb.or([
          eb('startedAtMs', '>', startedAtMs),
          eb.and([eb('startedAtMs', '=', startedAtMs), eb('id', '>', id)]),
        ]),
      );
    }
    const page = await query.orderBy('startedAtMs').orderBy('id').limit(perPage).execute();
    yield* withAttempts(db, page);
    const end = page.at(-1);
    if (end === undefined || page.length < perPage) return;
    last = end;
  }
}
