// The table of kept answers, in the thread that writes the ledger. What is older than the retention
// is not read any more, and the sweep deletes it; so it does with the oldest of what is too much.

import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type JsonObject, objectsAt, parseJsonText } from '@entrepot/dialects/json';
import type { KeptItem } from '@entrepot/dialects/openai-responses/item-references';
import type { CompiledQuery } from 'kysely';
import { beginWrite } from './begin-write.ts';
import * as queries from './response-queries.ts';
import type { ResponsesTable } from './schema.ts';
import { kyselyOver } from './sqlite-dialect.ts';
import type { Conversation, RetentionLimits, StoredResponse } from './stored-response.ts';

/** Bounds the walk along a conversation. */
const maxTurns = 10_000;
/** Rows that one transaction of the sweep deletes: it must not keep the ledger waiting. */
const sweepRows = 500;

export class ResponseTable {
  readonly #database: DatabaseSync;
  readonly #limits: RetentionLimits;
  readonly #busyTimeoutMs: number;
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #putItem: StatementSync;
  readonly #getByItem: StatementSync;
  readonly #delete: StatementSync;
  readonly #expire: StatementSync;
  readonly #evict: StatementSync;
  readonly #total: StatementSync;

  constructor(database: DatabaseSync, limits: RetentionLimits, busyTimeoutMs: number) {
    this.#database = database;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#limits = limits;
    // What is deleted is overwritten, and not only forgotten.
    database.exec('PRAGMA secure_delete = ON');
    const db = kyselyOver(database);
    const prepare = (query: CompiledQuery): StatementSync => database.prepare(query.sql);
    this.#put = prepare(queries.putRow(db));
    this.#get = prepare(queries.getRow(db));
    this.#putItem = prepare(queries.putItem(db));
    this.#getByItem = prepare(queries.getByItem(db));
    this.#delete = prepare(queries.deleteRow(db));
    this.#expire = prepare(queries.expireRows(db));
    this.#evict = prepare(queries.evictRows(db));
    this.#total = prepare(queries.totalBytes(db));
  }

  /** In one transaction. Throws what SQLite says; then nothing was written. */
  put(responses: readonly StoredResponse[]): void {
    this.#write(() => {
      for (const r of responses) {
        this.#put.run(...queries.valuesOf(rowOf(r)));
        for (const { id } of outputOf(r.response)) {
          if (typeof id === 'string') this.#putItem.run(id, r.id);
        }
      }
    });
  }

  /** An item of an answer that `get` would find. */
  item(id: string, key: string, nowMs: number): KeptItem | null {
    const row = this.#getByItem.get(id, key, nowMs - this.#limits.retentionMs);
    if (row === undefined) return null;
    const item = outputOf(row.response as string).find(one => one.id === id);
    return { item: JSON.stringify(item), deployment: row.deployment as string };
  }

  get(id: string, key: string, nowMs: number): StoredResponse | null {
    const oldestMs = nowMs - this.#limits.retentionMs;
    const row = this.#get.get(id, key, oldestMs);
    return row === undefined ? null : responseOf(row);
  }

  conversation(id: string, key: string, maxBytes: number, nowMs: number): Conversation {
    const turns: StoredResponse[] = [];
    let bytes = 0;
    for (let at: string | null = id; at !== null; ) {
      const turn = this.get(at, key, nowMs);
      if (turn === null) return { type: 'missing', id: at };
      bytes += rowOf(turn).bytes;
      if (bytes > maxBytes || turns.length === maxTurns) return { type: 'too-long' };
      turns.push(turn);
      at = turn.previousId;
    }
    return { type: 'whole', turns: turns.reverse() };
  }

  delete(id: string, key: string, nowMs: number): boolean {
    if (this.get(id, key, nowMs) === null) return false;
    this.#write(() => this.#delete.run(id, key));
    return true;
  }

  /** One piece of the work; true when there may be more. */
  sweep(nowMs: number): boolean {
    const expired = this.#change(this.#expire, nowMs - this.#limits.retentionMs, sweepRows);
    if (expired === sweepRows) return true;
    const { total } = this.#total.get() as { total: number | null };
    if ((total ?? 0) <= this.#limits.maxTotalBytes) return false;
    return this.#change(this.#evict, this.#limits.maxTotalBytes, sweepRows) > 0;
  }

  #change(statement: StatementSync, ...values: SQLInputValue[]): number {
    return this.#write(() => statement.run(...values).changes as number);
  }

  #write<T>(work: () => T): T {
    const database = this.#database;
    try {
      beginWrite(database, this.#busyTimeoutMs);
      const result = work();
      database.exec('COMMIT');
      return result;
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK');
    }
  }
}

function outputOf(response: string): readonly JsonObject[] {
  return objectsAt(parseJsonText(response, 'upstream') as JsonObject, 'output');
}

/** Names as the database has them become names of the type. */
function responseOf(row: Record<string, SQLOutputValue>): StoredResponse {
  return {
    id: row.id as string,
    key: row.key as string,
    previousId: row.previous_id as string | null,
    deployment: row.deployment as string,
    createdAtMs: row.created_at_ms as number,
    input: row.input as string,
    response: row.response as string,
  };
}

function rowOf(response: StoredResponse): ResponsesTable {
  const bytes = Buffer.byteLength(response.input) + Buffer.byteLength(response.response);
  return { ...response, bytes };
}
