// Writes batches: one transaction each, wholly or not at all. Runs in the worker; blocks while the
// disk works.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import type { Rows, Written } from './batch.ts';
import { beginWrite } from './begin-write.ts';
import { breathe, breathRows } from './give-way.ts';
import { buryIfDead, lockedOwners, type OwnerLock, takeOwnerLock } from './owner-lock.ts';
import { ResponseTable } from './response-table.ts';
import { attemptColumns, entryColumns, reservationColumns, type Value } from './row.ts';
import { kyselyOver } from './sqlite-dialect.ts';
import { type FileOptions, isRowError, openFile, setSynchronous, touch } from './sqlite-file.ts';
import type { RetentionLimits } from './stored-response.ts';
import * as writes from './writes.ts';

export class Writer {
  /** Reservations of dead processes that were closed when the ledger was opened. */
  readonly recovered: number;
  readonly #database: DatabaseSync;
  readonly #fast: boolean;
  readonly #busyTimeoutMs: number;
  readonly #lock: OwnerLock;
  readonly #reserve: StatementSync;
  readonly #settle: StatementSync;
  readonly #attempt: StatementSync;
  readonly #withdraw: StatementSync;

  /** Throws LedgerError `ledger_open`. */
  constructor(path: string, options: FileOptions) {
    this.#database = openFile(path, options);
    this.#fast = options.mode === 'fast';
    this.#busyTimeoutMs = options.busyTimeoutMs;
    const db = kyselyOver(this.#database);
    const prepare = (query: CompiledQuery): StatementSync => this.#database.prepare(query.sql);
    this.#reserve = prepare(writes.reserveRow(db));
    this.#settle = prepare(writes.settleRow(db));
    this.#attempt = prepare(writes.attemptRow(db));
    this.#withdraw = prepare(writes.withdrawRow(db));
    this.recovered = recover(
      path,
      prepare(writes.openOwners(db)),
      prepare(writes.closeOrphans(db)),
    );
    this.#lock = takeOwnerLock(path);
  }

  /**
   * Throws what SQLite says when the disk or the database fails; then nothing was written. A single
   * row that cannot be stored is left out and counted. `synced`: on disk when it returns, also in
   * fast mode, with all that was written before.
   */
  write(rows: Rows, synced: boolean): Written {
    const database = this.#database;
    const syncs = this.#fast && synced;
    if (syncs) setSynchronous(database, true);
    try {
      beginWrite(database, this.#busyTimeoutMs);
      const written = this.#writeRows(rows);
      if (syncs) touch(database);
      database.exec('COMMIT');
      return written;
    } finally {
      // Some errors have rolled back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      if (syncs) setSynchronous(database, false);
    }
  }

  /** The kept answers, which are in the same file. */
  responses(limits: RetentionLimits): ResponseTable {
    return new ResponseTable(this.#database, limits, this.#busyTimeoutMs);
  }

  close(): void {
    this.#database.close();
    this.#lock.release();
  }

  #writeRows(rows: Rows): Written {
    const { owner } = this.#lock;
    const nowMs = Date.now();
    const refused: number[] = [];
    // Nobody waits for a reservation in fast mode: one that is settled in the same transaction
    // would be written to be overwritten.
    const settledHere = this.#fast ? firstOfEach(rows.entries, entryColumns.length) : null;
    forRows(rows.reservations, reservationColumns.length, (row, n) => {
      if (settledHere?.has(row[0]!)) return;
      row.push(owner);
      if (change(this.#reserve, row) !== 1) refused.push(n);
    });
    let duplicates = 0;
    let lost = 0;
    let attemptsFrom = 0;
    forRows(rows.entries, entryColumns.length, (row, n) => {
      if (this.#fast && n % breathRows === breathRows - 1) breathe();
      row.push(owner, nowMs);
      const changed = change(this.#settle, row);
      const attemptsTo = attemptsFrom + rows.attemptCounts[n]! * attemptColumns.length;
      if (changed === 1) this.#writeAttempts(rows.attempts.slice(attemptsFrom, attemptsTo));
      else if (changed === 0) duplicates++;
      else lost++;
      attemptsFrom = attemptsTo;
    });
    for (const id of rows.withdrawn) this.#withdraw.run(id);
    return { refused: refused.length === 0 ? null : refused, duplicates, lost };
  }

  #writeAttempts(rows: Value[]): void {
    forRows(rows, attemptColumns.length, row => change(this.#attempt, row));
  }
}

/** How many rows the statement changed; null when the row's values cannot be stored. */
function change(statement: StatementSync, row: Value[]): number | null {
  try {
    return statement.run(...(row as SQLInputValue[])).changes as number;
  } catch (error) {
    if (isRowError(error)) return null;
    throw error;
  }
}

function forRows(flat: Value[], width: number, each: (row: Value[], n: number) => void): void {
  for (let n = 0; n * width < flat.length; n++) each(flat.slice(n * width, (n + 1) * width), n);
}

/** The first values of all rows: the ids. */
function firstOfEach(flat: Value[], width: number): ReadonlySet<Value> {
  const ids = new Set<Value>();
  for (let at = 0; at < flat.length; at += width) ids.add(flat[at]!);
  return ids;
}

/** Closes what dead processes left open. What a live one has open is left alone. */
function recover(path: string, openOwners: StatementSync, closeOrphans: StatementSync): number {
  const withOpen = openOwners.all().map(row => row.owner as string);
  const nowMs = Date.now();
  let recovered = 0;
  for (const owner of new Set([...withOpen, ...lockedOwners(path)])) {
    if (buryIfDead(path, owner))
      recovered += closeOrphans.run(nowMs, nowMs, owner).changes as number;
  }
  return recovered;
}
