// The newest records, and those that follow.

import { setTimeout as delay } from 'node:timers/promises';
import type { Kysely, Selectable } from 'kysely';
import type { LedgerRecord } from './ledger-record.ts';
import type { LedgerSchema, RequestsTable } from './schema.ts';
import { withAttempts } from './with-attempts.ts';

export interface TailOptions {
  /** The newest so many, by when they started. Default 20. */
  readonly limit?: number;
  /** Then each record as it is settled, until `signal` is aborted. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** How often a follower looks. Default 500 ms. */
  readonly pollMs?: number;
}

type Db = Kysely<LedgerSchema>;
type Row = Selectable<RequestsTable>;

/** A batch is stamped before it is committed; for so long a follower waits for a late one. */
const overlapMs = 10_000;

/** Oldest first. A record that was open when it was shown is shown again when it is settled. */
export async function* tailLedger(db: Db, options: TailOptions): AsyncGenerator<LedgerRecord> {
  const { limit = 20, follow = false, signal, pollMs = 500 } = options;
  // What is settled already is not news. Read before the page: what comes between is in the page.
  let lastMs = await lastSettledMs(db);
  const old = follow ? await settledSince(db, lastMs - overlapMs) : [];
  const seen = new Map(old.map(row => [row.id, row.settledAtMs]));
  const page = await newest(db, limit);
  for (const row of page) if (row.settledAtMs !== null) seen.set(row.id, row.settledAtMs);
  yield* withAttempts(db, page);
  while (follow && signal?.aborted !== true) {
    await delay(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    const fromMs = lastMs - overlapMs;
    const news = (await settledSince(db, fromMs)).filter(row => !seen.has(row.id));
    for (const row of news) {
      seen.set(row.id, row.settledAtMs);
      lastMs = Math.max(lastMs, row.settledAtMs ?? 0);
    }
    for (const [id, settledAtMs] of seen) if ((settledAtMs ?? 0) < fromMs) seen.delete(id);
    yield* withAttempts(db, news);
  }
}

async function newest(db: Db, limit: number): Promise<Row[]> {
  const query = db.selectFrom('requests').selectAll().limit(limit);
  const rows = await query.orderBy('startedAtMs', 'desc').orderBy('id', 'desc').execute();
  return rows.reverse();
}

async function lastSettledMs(db: Db): Promise<number> {
  const query = db.selectFrom('requests').select('settledAtMs').orderBy('settledAtMs', 'desc');
  const row = await query.where('settledAtMs', 'is not', null).limit(1).executeTakeFirst();
  return row?.settledAtMs ?? 0;
}

function settledSince(db: Db, fromMs: number): Promise<Row[]> {
  const query = db.selectFrom('requests').selectAll().where('settledAtMs', '>=', fromMs);
  return query.orderBy('settledAtMs').orderBy('id').execute();
}
