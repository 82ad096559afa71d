// The ledger as it fills: what a request costs to record, how large the file is, how long it takes
// to open, to recover, to be summed up and to write its log back.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { batchRows } from '@entrepot/gateway/ledger/pace';
import type { FileOptions } from '@entrepot/gateway/ledger/sqlite-file';
import { Writer } from '@entrepot/gateway/ledger/writer';
import type { Dimension, ScaleOptions } from './dimension.ts';
import { dayMs, entriesOf, firstDayMs, LedgerRows, perDay, reservationsOf } from './ledger-rows.ts';
import type { Column, Row } from './result.ts';

const stages = [0, 1_000_000, 10_000_000, 50_000_000];
/** A request is an entry and its attempt. */
const perBatch = batchRows / 2;
const measuredRequests = 50_000;
/** What a gateway had open that was killed. */
const orphans = 1_000;
/** On disk, with room for the temporary files of a sum. */
const bytesPerRequest = 1_000;
const sparedBytes = 2 * 2 ** 30;
const entrepot = join(import.meta.dirname, '../../packages/cli/bin/entrepot.js');

const columns: readonly Column[] = [
  { key: 'fastUs', title: 'us per request, fast', unit: 'us', ratio: true },
  { key: 'durableUs', title: 'us per request, durable', unit: 'us', ratio: true },
  { key: 'longestMs', title: 'longest transaction ms', unit: 'ms' },
  { key: 'fileBytes', title: 'file GB', unit: 'GB' },
  { key: 'bytesPerRequest', title: 'bytes per request', unit: 'bytes' },
  { key: 'openMs', title: 'open ms', unit: 'ms' },
  { key: 'recoverMs', title: `open and recover ${orphans} ms`, unit: 'ms' },
  { key: 'sumDayS', title: 'sum of a day s', unit: 's' },
  { key: 'sumDayByKeyS', title: 'the same by key s', unit: 's' },
  { key: 'sumMonthS', title: 'sum of 30 days s', unit: 's' },
  { key: 'sumAllS', title: 'sum of all s', unit: 's' },
  { key: 'logBytes', title: 'log held back MB', unit: 'MB' },
  { key: 'checkpointMs', title: 'its checkpoint ms', unit: 'ms' },
];

export const ledger: Dimension = {
  name: 'ledger',
  async measure(options) {
    checkRoom(options);
    const folder = mkdtempSync(join(options.folder, 'ledger-'));
    const path = join(folder, 'ledger.db');
    const made = new LedgerRows();
    const rows: Row[] = [];
    const values = [...new Set([...stages, options.rows])].filter(n => n <= options.rows);
    try {
      for (const value of values.sort((a, b) => a - b)) {
        fill(path, made, value, options.tell);
        options.tell(`ledger: measuring at ${value}`);
        rows.push({ value: made.count, figures: measureAt(path, made) });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return {
      name: 'ledger',
      how: `requests of one attempt, a million a day, in transactions of ${batchRows} rows`,
      grows: 'requests in the ledger',
      columns,
      rows,
    };
  },
};

function checkRoom({ folder, rows }: ScaleOptions): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = rows * bytesPerRequest + sparedBytes;
  if (bavail * bsize >= needed) return;
  const free = Math.floor((bavail * bsize) / 1e9);
  throw new Error(`${rows} rows need ${Math.ceil(needed / 1e9)} GB in ${folder}; ${free} are free`);
}

function fill(path: string, made: LedgerRows, to: number, tell: (what: string) => void): void {
  const writer = new Writer(path, fileOptions('fast'));
  const toldEvery = 1_000_000;
  while (made.count < to) {
    writer.write(entriesOf(made.next(Math.min(perBatch, to - made.count))), false);
    if (made.count % toldEvery === 0) tell(`ledger: ${made.count} of ${to}`);
  }
  writer.close();
}

/** What it writes adds a little to what is there. */
function measureAt(path: string, made: LedgerRows): Row['figures'] {
  const value = made.count;
  const fileBytes = statSync(path).size;
  const sums = value === 0 ? {} : sumsAt(path, value);
  const fast = timed(path, 'fast', made);
  const durable = timed(path, 'durable', made);
  return {
    fastUs: fast.us,
    durableUs: durable.us,
    longestMs: Math.max(fast.longestMs, durable.longestMs),
    fileBytes,
    bytesPerRequest: value === 0 ? null : fileBytes / value,
    recoverMs: recovery(path, made),
    openMs: opening(path),
    ...sums,
    ...checkpoint(path, made),
  };
}

/** As the gateway does: in durable mode a reservation has been written before. */
function timed(
  path: string,
  mode: 'fast' | 'durable',
  made: LedgerRows,
): { readonly us: number; readonly longestMs: number } {
  const writer = new Writer(path, fileOptions(mode));
  let totalMs = 0;
  let longestMs = 0;
  const time = (rows: Parameters<Writer['write']>[0]): void => {
    const began = performance.now();
    writer.write(rows, mode === 'durable');
    const ms = performance.now() - began;
    totalMs += ms;
    longestMs = Math.max(longestMs, ms);
  };
  for (let n = 0; n < measuredRequests; n += perBatch) {
    const entries = made.next(perBatch);
    if (mode === 'durable') time(reservationsOf(entries));
    time(entriesOf(entries));
  }
  writer.close();
  return { us: (totalMs * 1000) / measuredRequests, longestMs };
}

function opening(path: string): number {
  const began = performance.now();
  const writer = new Writer(path, fileOptions('durable'));
  const ms = performance.now() - began;
  writer.close();
  return ms;
}

/** An owner that is gone has left reservations open. */
function recovery(path: string, made: LedgerRows): number {
  const writer = new Writer(path, fileOptions('durable'));
  writer.write(reservationsOf(made.next(orphans)), true);
  writer.close();
  return opening(path);
}

/** While someone reads, the log cannot be written back and grows. */
function checkpoint(
  path: string,
  made: LedgerRows,
): { readonly logBytes: number; readonly checkpointMs: number } {
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM sqlite_schema').get();
  timed(path, 'fast', made);
  reader.exec('COMMIT');
  const logBytes = statSync(`${path}-wal`).size;
  reader.close();
  const database = new DatabaseSync(path);
  const began = performance.now();
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const checkpointMs = performance.now() - began;
  database.close();
  return { logBytes, checkpointMs };
}

function sumsAt(path: string, value: number): Row['figures'] {
  const endMs = firstDayMs + Math.ceil(value / perDay) * dayMs;
  return {
    sumDayS: sumSeconds(path, 'cloud', endMs - dayMs, endMs),
    sumDayByKeyS: sumSeconds(path, 'key', endMs - dayMs, endMs),
    sumMonthS: sumSeconds(path, 'cloud', endMs - 30 * dayMs, endMs),
    sumAllS: sumSeconds(path, 'cloud', null, null),
  };
}

/** By the command itself, its start included. */
function sumSeconds(
  path: string,
  by: string,
  sinceMs: number | null,
  untilMs: number | null,
): number {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const args = [entrepot, 'ledger', 'sum', '--json', '--db', path, '--by', by];
  if (sinceMs !== null) args.push('--since', day(sinceMs));
  if (untilMs !== null) args.push('--until', day(untilMs));
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ledger sum: ${stderr}`);
  return (performance.now() - began) / 1000;
}

function fileOptions(mode: 'fast' | 'durable'): FileOptions {
  return { mode, busyTimeoutMs: 5_000, maxBytes: null };
}
