// Kysely over node:sqlite: what Kysely's SQLite dialect wants of a database, in terms of what
// DatabaseSync has.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { columnNames, type LedgerSchema } from './schema.ts';

/** Queries run on the calling thread. Destroying the Kysely closes the database. */
export function kyselyOver(database: DatabaseSync): Kysely<LedgerSchema> {
  const dialect = new SqliteDialect({ database: adapt(database) });
  return new Kysely<LedgerSchema>({ dialect, plugins: [columnNames] });
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: sql => new Statement(database.prepare(sql)),
  };
}

type Row = Record<string, unknown>;

class Statement implements SqliteStatement {
  readonly reader: boolean;
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    // Sums can pass 2^53, where plain numbers would throw or lie.
    statement.setReadBigInts(true);
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): Row[] {
    return this.#statement.all(...(parameters as SQLInputValue[])).map(plain);
  }

  run(parameters: readonly unknown[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  } {
    return this.#statement.run(...(parameters as SQLInputValue[]));
  }

  *iterate(parameters: readonly unknown[]): IterableIterator<Row> {
    for (const row of this.#statement.iterate(...(parameters as SQLInputValue[]))) yield plain(row);
  }
}

/** Integers that fit are numbers; only those that do not stay bigint. */
function plain(row: Row): Row {
  for (const name in row) {
    const value = row[name];
    if (typeof value !== 'bigint') continue;
    const number = Number(value);
    if (Number.isSafeInteger(number)) row[name] = number;
  }
  return row;
}
