// The ledger's file: everything that is SQLite's own and no other database's stands here.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LedgerMode } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';
import { migrations } from './schema.ts';
import { kyselyOver } from './sqlite-dialect.ts';

/** Marks a file as a ledger (PRAGMA application_id): "Entr". */
const applicationId = 0x456e7472;
const pageBytes = 4096;
/** The WAL is cut back to this after it had to grow. */
const walBytes = 64 * 1024 * 1024;

export interface FileOptions {
  readonly mode: LedgerMode;
  /** How long a write waits for another process that writes. */
  readonly busyTimeoutMs: number;
  /** The most the file may grow to; beyond it writes fail as on a full disk. null: no bound. */
  readonly maxBytes: number | null;
}

/** Opens, and where needed creates or migrates. Throws LedgerError `ledger_open`. */
export function openFile(path: string, options: FileOptions): DatabaseSync {
  return opened(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const database = new DatabaseSync(path, { timeout: options.busyTimeoutMs });
    try {
      identify(database);
      database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL`);
      setSynchronous(database, options.mode === 'durable');
      database.exec(`PRAGMA journal_size_limit = ${walBytes}`);
      migrate(database);
      if (options.maxBytes !== null) {
        database.exec(`PRAGMA max_page_count = ${Math.floor(options.maxBytes / pageBytes)}`);
      }
      return database;
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/** Opens for reading, also while others write. Throws LedgerError `ledger_open`. */
export function openFileToRead(path: string): DatabaseSync {
  return opened(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      if (identify(database) < migrations.length) {
        throw new LedgerError(
          'ledger_open',
          `${path} is from an older version: run the gateway once`,
        );
      }
      return database;
    } catch (cause) {
      database.close();
      throw cause;
    }
  });
}

/** Whether a commit waits for the disk. Not inside a transaction. */
export function setSynchronous(database: DatabaseSync, full: boolean): void {
  database.exec(`PRAGMA synchronous = ${full ? 'FULL' : 'NORMAL'}`);
}

/** Makes the open transaction write, so that its commit syncs also what was committed before it. */
export function touch(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** True when the error is about one row's values, so that other rows can still be written. */
export function isRowError(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return true;
  const constraint = 19;
  const mismatch = 20;
  return (errcode & 0xff) === constraint || (errcode & 0xff) === mismatch;
}

/** The schema version of a ledger, or 0 of an empty database. Throws for anything else. */
function identify(database: DatabaseSync): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number;
  };
  if (application === 0 && version === 0 && tables === 0) return 0;
  if (application !== applicationId) {
    throw new LedgerError('ledger_open', 'it is a database, but not a ledger');
  }
  if (version > migrations.length) {
    const known = `version ${version} is newer than ${migrations.length}, the newest known here`;
    throw new LedgerError(
      'ledger_open',
      `${known}: use the entrepot that wrote it, or a later one`,
    );
  }
  return version;
}

/** All or nothing, and by one process at a time. */
function migrate(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === migrations.length) return;
  const db = kyselyOver(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    const steps = migrations.slice(pragma(database, 'user_version'));
    for (const step of steps) for (const query of step(db)) database.exec(query.compile().sql);
    database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!;
}

function opened(path: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LedgerError('ledger_open', `cannot open the ledger ${path}: ${why}`, { cause });
  }
}
