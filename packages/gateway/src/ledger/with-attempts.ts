// Rows of requests as records, each with its attempts.

import type { Kysely, Selectable } from 'kysely';
import { type LedgerRecord, recordOf } from './ledger-record.ts';
import type { AttemptsTable, LedgerSchema, RequestsTable } from './schema.ts';

/** Placeholders that any database takes in one statement. */
const idsPerQuery = 500;

/** The records of some requests, in the same order. */
export async function* withAttempts(
  db: Kysely<LedgerSchema>,
  rows: readonly Selectable<RequestsTable>[],
): AsyncGenerator<LedgerRecord> {
  for (let from = 0; from < rows.length; from += idsPerQuery) {
    const part = rows.slice(from, from + idsPerQuery);
    const ids = part.map(row => row.id);
    const query = db.selectFrom('attempts').selectAll().where('requestId', 'in', ids);
    const attempts = Map.groupBy(await query.orderBy('n').execute(), a => a.requestId);
    const none: Selectable<AttemptsTable>[] = [];
    for (const row of part) yield recordOf(row, attempts.get(row.id) ?? none);
  }
}
