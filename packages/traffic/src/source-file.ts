// A file of traffic as DuckDB sees it: a relation, its columns, and how the text of a value is got.

import { existsSync, statSync } from 'node:fs';
import type { Database } from './database.ts';
import { identifier, literal } from './sql.ts';
import { TrafficError } from './traffic-error.ts';

export interface SourceFile {
  readonly path: string;
  readonly columns: readonly string[];
  /** What stands after FROM. */
  readonly relation: string;
  /** SQL of a column's value, which a cast can be tried on. */
  value(column: string): string;
  /** Where people find the n-th row, from 1: `row 7 (line 8)`. */
  place(row: number): string;
}

type Kind = 'csv' | 'json' | 'parquet';

const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/\.parquet$/i, 'parquet'],
  [/\.(jsonl|ndjson|json)(\.gz|\.zst)?$/i, 'json'],
  [/\.(csv|tsv|txt)(\.gz|\.zst)?$/i, 'csv'],
];

/** Throws TrafficError when the file is not there or is none of these kinds. */
export async function openSource(db: Database, path: string): Promise<SourceFile> {
  if (!/[*?[]/.test(path) && !existsSync(path)) throw new TrafficError(`there is no file ${path}`);
  if (existsSync(path) && statSync(path).size === 0) throw new TrafficError(`${path} is empty`);
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1];
  if (kind === undefined) {
    const known = '.csv, .jsonl, .json (also .gz) or .parquet';
    throw new TrafficError(`${path}: the name says no kind of file; it should end in ${known}`);
  }
  const columns = await columnsOf(db, path, kind);
  if (kind === 'csv') await refuseLongRows(db, path, columns);
  return {
    path,
    columns,
    relation: kind === 'json' ? jsonRelation(path, columns) : readers[kind](path),
    value: column => (kind === 'json' ? `(${identifier(column)}->>'$')` : identifier(column)),
    place: row => (kind === 'csv' ? csvPlace(row) : `row ${row}`),
  };
}

/** Everything in a CSV is text at first, so that what is no number is found with its row. */
const readers: Readonly<Record<Kind, (path: string) => string>> = {
  csv: path => `read_csv(${literal(path)}, header = true, all_varchar = true, null_padding = true)`,
  json: path => `read_json(${literal(path)}, sample_size = 1000, maximum_depth = 1)`,
  parquet: path => `read_parquet(${literal(path)})`,
};

function jsonRelation(path: string, columns: readonly string[]): string {
  const types = columns.map(name => `${literal(name)}: 'JSON'`).join(', ');
  return `read_json(${literal(path)}, columns = {${types}})`;
}

async function columnsOf(db: Database, path: string, kind: Kind): Promise<readonly string[]> {
  try {
    const rows = await db.rows(`DESCRIBE SELECT * FROM ${readers[kind](path)}`);
    return rows.map(row => String(row.column_name));
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Where rows near the beginning have more cells than the header, DuckDB makes columns of its own
 * for them, which no format reads.
 */
async function refuseLongRows(
  db: Database,
  path: string,
  columns: readonly string[],
): Promise<void> {
  const whole = `read_csv(${literal(path)}, header = false, all_varchar = true, null_padding = true)`;
  const [header] = await db.rows(`SELECT * FROM ${whole} LIMIT 1`);
  const named = Object.values(header ?? {}).findLastIndex(cell => cell !== null) + 1;
  const extra = columns.slice(named).map(identifier);
  if (named === 0 || extra.length === 0) return;
  const [row] = await db.rows(
    `SELECT row_no, ${extra.map((name, i) => `${name} AS e${i}`).join(', ')}
      FROM (SELECT row_number() OVER () AS row_no, * FROM ${readers.csv(path)})
      WHERE coalesce(${extra.join(', ')}) IS NOT NULL ORDER BY row_no LIMIT 1`,
  );
  if (row === undefined) return;
  const last = extra.findLastIndex((_, i) => row[`e${i}`] !== null);
  throw longRow(path, Number(row.row_no), named + last + 1, named);
}

function longRow(path: string, row: number, cells: number, named: number): TrafficError {
  return new TrafficError(
    `${path}: ${csvPlace(row)} has ${cells} cells; the header names ${named}`,
  );
}

function csvPlace(row: number): string {
  return `row ${row} (line ${row + 1})`;
}

const longCsvRow = /CSV Error on Line: (\d+)[\s\S]*?Expected Number of Columns: (\d+) Found: (\d+)/;

/** DuckDB counts lines from 2. */
const malformedJson = /^.*Malformed JSON in file .*, at byte (\d+) in \S+ (\d+): ([^.]*)/;

/** What DuckDB says, in one line, with the file's name before it. */
export function readError(path: string, cause: unknown): TrafficError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [first = ''] = text.split('\n');
  const long = longCsvRow.exec(text);
  if (long !== null) {
    const [line, named, cells] = long.slice(1).map(Number);
    return longRow(path, line! - 1, cells!, named!);
  }
  const json = malformedJson.exec(first);
  if (json !== null) {
    const [, byte, line, reason] = json;
    const place = `line ${Number(line) - 1}`;
    return new TrafficError(`${path}: ${place} is no JSON: ${reason} at byte ${byte}`, { cause });
  }
  return new TrafficError(`${path}: ${first}`, { cause });
}
