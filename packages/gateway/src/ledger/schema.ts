// The ledger's tables and the steps that make them, as Kysely sees them: no word here is SQLite's
// own, so that PostgreSQL can run the same. Names are camelCase here and snake_case in the
// database.

import {
  CamelCasePlugin,
  type Compilable,
  type CreateIndexBuilder,
  type Kysely,
  sql,
} from 'kysely';
import type { AttemptRecord, Entry, Outcome } from './entry.ts';
import type { StoredResponse } from './stored-response.ts';

type Settlement = Omit<
  Entry,
  'requestId' | 'stream' | 'outcome' | 'status' | 'totalMs' | 'attempts'
>;

/** One row per request, from reservation (`open`) to entry (`settled`). */
export interface RequestsTable extends Settlement {
  readonly id: string;
  /** The process that reserved it: see owner-lock.ts. */
  readonly owner: string;
  readonly state: 'open' | 'settled';
  /** Unix ms at which the entry was written; null while open. */
  readonly settledAtMs: number | null;
  /** Unix ms at which recovery closed it, for reconciliation; null where the gateway settled it. */
  readonly recoveredAtMs: number | null;
  /** 0 or 1. */
  readonly stream: number;
  readonly outcome: Outcome | null;
  readonly status: number | null;
  readonly totalMs: number | null;
}

/** One row per attempt of a settled request. */
export interface AttemptsTable extends AttemptRecord {
  readonly requestId: string;
}

/** One row per answer that is kept for its caller; see response-table.ts. */
export interface ResponsesTable extends StoredResponse {
  /** Of `input` and `response`, in UTF-8. */
  readonly bytes: number;
}

/** One row per item of a kept answer: goes with it. */
export interface ResponseItemsTable {
  readonly id: string;
  readonly responseId: string;
}

export interface LedgerSchema {
  readonly requests: RequestsTable;
  readonly attempts: AttemptsTable;
  readonly responses: ResponsesTable;
  readonly responseItems: ResponseItemsTable;
}

/** Column names of the database are the names of the types in snake_case. */
export const columnNames: CamelCasePlugin = new CamelCasePlugin();

/** Migration n takes a database from version n to n + 1. Never change one that was released. */
export const migrations: readonly ((db: Kysely<LedgerSchema>) => Compilable[])[] = [
  db => [requestsTable(db), attemptsTable(db), ...indexes(db)],
  db => [responsesTable(db), responsesAge(db)],
  db => [responseItemsTable(db), responseItemsOwner(db)],
];

function requestsTable(db: Kysely<LedgerSchema>): Compilable {
  return db.schema
    .createTable('requests')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('owner', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('startedAtMs', 'bigint', c => c.notNull())
    .addColumn('settledAtMs', 'bigint')
    .addColumn('recoveredAtMs', 'bigint')
    .addColumn('key', 'text', c => c.notNull())
    .addColumn('route', 'text', c => c.notNull())
    .addColumn('dialect', 'text', c => c.notNull())
    .addColumn('stream', 'smallint', c => c.notNull())
    .addColumn('reservedNanoUsd', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addColumn('ttftMs', 'double precision')
    .addColumn('totalMs', 'double precision')
    .addColumn('addedMs', 'double precision')
    .addColumn('deployment', 'text')
    .addColumn('offer', 'text')
    .addColumn('cloud', 'text')
    .addColumn('model', 'text')
    .addColumn('inputTokens', 'bigint')
    .addColumn('cachedReadTokens', 'bigint')
    .addColumn('cacheWriteTokens', 'bigint')
    .addColumn('outputTokens', 'bigint')
    .addColumn('reasoningTokens', 'bigint')
    .addColumn('usageSource', 'text')
    .addColumn('chargeNanoUsd', 'bigint')
    .addColumn('lost', 'text');
}

function attemptsTable(db: Kysely<LedgerSchema>): Compilable {
  return db.schema
    .createTable('attempts')
    .addColumn('requestId', 'text', c => c.notNull())
    .addColumn('n', 'integer', c => c.notNull())
    .addColumn('deployment', 'text', c => c.notNull())
    .addColumn('offer', 'text', c => c.notNull())
    .addColumn('cloud', 'text', c => c.notNull())
    .addColumn('model', 'text', c => c.notNull())
    .addColumn('failure', 'text')
    .addColumn('status', 'integer')
    .addColumn('upstreamRequestId', 'text')
    .addColumn('startedAtMs', 'bigint', c => c.notNull())
    .addColumn('ttftMs', 'double precision')
    .addColumn('totalMs', 'double precision')
    .addPrimaryKeyConstraint('attempts_key', ['requestId', 'n']);
}

/** The large columns stand last, so that the others are read without them. */
function responsesTable(db: Kysely<LedgerSchema>): Compilable {
  return db.schema
    .createTable('responses')
    .addColumn('id', 'text', c => c.primaryKey().notNull())
    .addColumn('key', 'text', c => c.notNull())
    .addColumn('previousId', 'text')
    .addColumn('deployment', 'text', c => c.notNull())
    .addColumn('createdAtMs', 'bigint', c => c.notNull())
    .addColumn('bytes', 'bigint', c => c.notNull())
    .addColumn('input', 'text', c => c.notNull())
    .addColumn('response', 'text', c => c.notNull());
}

/** For the sweep: it reads ages and sizes here, and no answer. */
function responsesAge(db: Kysely<LedgerSchema>): Compilable {
  const index = db.schema.createIndex('responsesAge').on('responses');
  return index.columns(['createdAtMs', 'id', 'bytes']);
}

/** An upstream may say an id twice: the newest answer counts. */
function responseItemsTable(db: Kysely<LedgerSchema>): Compilable {
  return db.schema
    .createTable('responseItems')
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('responseId', 'text', c =>
      c.notNull().references('responses.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('responseItemsKey', ['id', 'responseId']);
}

/** Without it each answer that is deleted would be looked for in the whole table. */
function responseItemsOwner(db: Kysely<LedgerSchema>): Compilable {
  return db.schema.createIndex('responseItemsOwner').on('responseItems').column('responseId');
}

/** By time for sums, by settlement for followers, and the few open ones for recovery. */
function indexes(db: Kysely<LedgerSchema>): Compilable[] {
  const index = (name: string): CreateIndexBuilder => db.schema.createIndex(name).on('requests');
  return [
    index('requestsStarted').column('startedAtMs'),
    index('requestsSettled').column('settledAtMs'),
    index('requestsOpen').column('owner').where(sql.ref('state'), '=', 'open'),
  ];
}
