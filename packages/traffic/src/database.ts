// DuckDB in memory, which reads CSV, JSON and Parquet files of any size. The library is loaded when
// the first file is read, so that commands which read none start without it.

import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  DuckDBAppender,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
} from '@duckdb/node-api';
import { TrafficError } from './traffic-error.ts';

/** The most that DuckDB holds: what does not fit, such as a long sort, goes to disk. */
const memoryLimit = '384MB';

export type Row = Readonly<Record<string, unknown>>;

export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Throws TrafficError where the library is not installed. */
  static async open(): Promise<Database> {
    const { DuckDBInstance } = await load();
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: memoryLimit,
      temp_directory: temporaryFolder(),
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Database(instance, connection);
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Takes rows of a table. */
  appender(table: string): Promise<DuckDBAppender> {
    return this.#connection.createAppender(table);
  }

  /** For answers that are small. */
  async rows(sql: string): Promise<readonly Row[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRowObjectsJS();
  }

  /** A piece of the answer at a time. */
  async *chunks(sql: string): AsyncGenerator<DuckDBDataChunk> {
    const result = await this.#connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Each database has its own, also in threads of one process. It is made when it is needed. */
function temporaryFolder(): string {
  return join(tmpdir(), `entrepot-duckdb-${randomUUID()}`);
}

async function load(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    const hint = 'Install it beside entrepot: npm install @duckdb/node-api';
    throw new TrafficError(`traffic is read by DuckDB, which is not here. ${hint}`, { cause });
  }
}
