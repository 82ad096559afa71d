// Pieces of a query's answer, put together to batches of requests in columns.

import type { DuckDBDataChunk } from '@duckdb/node-api';
import { mostPerBatch, type RequestColumns } from './request-columns.ts';

interface Filling {
  count: number;
  readonly atMs: Float64Array;
  readonly route: Uint16Array;
  readonly key: Uint16Array;
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  readonly maxOutputTokens: Uint32Array;
  readonly flags: Uint16Array;
  readonly starts: Uint32Array;
  readonly hashes: number[];
}

/** `routeOfModel` turns a code of the query's models into a route. */
export async function* batchesOf(
  chunks: AsyncIterable<DuckDBDataChunk>,
  routeOfModel: Uint16Array,
  hasHashes: boolean,
): AsyncGenerator<RequestColumns> {
  let filling = empty();
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.rowCount; ) {
      const rows = Math.min(chunk.rowCount - from, mostPerBatch - filling.count);
      fill(filling, chunk, from, rows, routeOfModel, hasHashes);
      from += rows;
      if (filling.count === mostPerBatch) {
        yield finished(filling, hasHashes);
        filling = empty();
      }
    }
  }
  if (filling.count > 0) yield finished(filling, hasHashes);
}

function empty(): Filling {
  return {
    count: 0,
    atMs: new Float64Array(mostPerBatch),
    route: new Uint16Array(mostPerBatch),
    key: new Uint16Array(mostPerBatch),
    inputTokens: new Uint32Array(mostPerBatch),
    outputTokens: new Uint32Array(mostPerBatch),
    maxOutputTokens: new Uint32Array(mostPerBatch),
    flags: new Uint16Array(mostPerBatch),
    starts: new Uint32Array(mostPerBatch + 1),
    hashes: [],
  };
}

function fill(
  to: Filling,
  chunk: DuckDBDataChunk,
  from: number,
  rows: number,
  routeOfModel: Uint16Array,
  hasHashes: boolean,
): void {
  copy(chunk, 0, from, rows, to.atMs, to.count);
  copy(chunk, 1, from, rows, to.route, to.count);
  copy(chunk, 2, from, rows, to.key, to.count);
  copy(chunk, 3, from, rows, to.inputTokens, to.count);
  copy(chunk, 4, from, rows, to.outputTokens, to.count);
  copy(chunk, 5, from, rows, to.maxOutputTokens, to.count);
  copy(chunk, 6, from, rows, to.flags, to.count);
  for (let i = to.count; i < to.count + rows; i++) to.route[i] = routeOfModel[to.route[i]!]!;
  if (hasHashes) fillHashes(to, chunk, from, rows);
  to.count += rows;
}

function copy(
  chunk: DuckDBDataChunk,
  column: number,
  from: number,
  rows: number,
  to: Float64Array | Uint16Array | Uint32Array,
  at: number,
): void {
  const vector = chunk.getColumnVector(column);
  for (let i = 0; i < rows; i++) to[at + i] = vector.getItem(from + i) as number;
}

function fillHashes(to: Filling, chunk: DuckDBDataChunk, from: number, rows: number): void {
  const vector = chunk.getColumnVector(7);
  for (let i = 0; i < rows; i++) {
    const { items } = vector.getItem(from + i) as { items: readonly number[] };
    for (const hash of items) to.hashes.push(hash);
    to.starts[to.count + i + 1] = to.hashes.length;
  }
}

function finished(filling: Filling, hasHashes: boolean): RequestColumns {
  const { count, starts, hashes, ...columns } = filling;
  const cut = <T extends Float64Array | Uint16Array | Uint32Array>(column: T): T =>
    column.subarray(0, count) as T;
  return {
    count,
    atMs: cut(columns.atMs),
    route: cut(columns.route),
    key: cut(columns.key),
    inputTokens: cut(columns.inputTokens),
    outputTokens: cut(columns.outputTokens),
    maxOutputTokens: cut(columns.maxOutputTokens),
    flags: cut(columns.flags),
    prefix: hasHashes
      ? { starts: starts.subarray(0, count + 1), hashes: Uint32Array.from(hashes) }
      : null,
  };
}
