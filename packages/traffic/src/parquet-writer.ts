// Rows into a Parquet file, through DuckDB: those that do not fit into memory wait on disk.

import type { DuckDBAppender } from '@duckdb/node-api';
import { Database } from './database.ts';
import { identifier, literal } from './sql.ts';

export type CellType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';
export type Cell = string | number | boolean | null;

export interface ParquetColumn {
  readonly name: string;
  readonly type: CellType;
}

export class ParquetWriter {
  readonly #db: Database;
  readonly #appender: DuckDBAppender;
  readonly #columns: readonly ParquetColumn[];

  private constructor(db: Database, appender: DuckDBAppender, columns: readonly ParquetColumn[]) {
    this.#db = db;
    this.#appender = appender;
    this.#columns = columns;
  }

  /** Throws TrafficError where DuckDB is not installed. */
  static async open(columns: readonly ParquetColumn[]): Promise<ParquetWriter> {
    const db = await Database.open();
    const types = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
    await db.run(`CREATE TABLE export (${types})`);
    return new ParquetWriter(db, await db.appender('export'), columns);
  }

  /** A cell for each column. */
  append(cells: readonly Cell[]): void {
    for (const [i, { type }] of this.#columns.entries()) this.#appendCell(type, cells[i]!);
    this.#appender.endRow();
  }

  /** Writes the file whole; one that is there is replaced. */
  async finish(path: string): Promise<void> {
    this.#appender.closeSync();
    await this.#db.run(`COPY export TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
  }

  close(): void {
    this.#db.close();
  }

  #appendCell(type: CellType, cell: Cell): void {
    const to = this.#appender;
    if (cell === null) to.appendNull();
    else if (type === 'VARCHAR') to.appendVarchar(String(cell));
    else if (type === 'DOUBLE') to.appendDouble(Number(cell));
    else if (type === 'BOOLEAN') to.appendBoolean(cell === true);
    else to.appendBigInt(BigInt(Math.round(Number(cell))));
  }
}
