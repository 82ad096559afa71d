// What a kind of traffic file says in which of its columns. A format is data: the reader makes the
// query, and the messages about what is wrong, from it.

import type { Feature } from '@entrepot/catalog/offer';
import type { SourceFile } from './source-file.ts';

/** A column, as SQL that gives NULL where its value is not as expected. */
export interface Field {
  /** As the file names it, for messages. */
  readonly column: string;
  readonly sql: string;
  readonly expected: string;
}

export interface Shape {
  /** Milliseconds: since 1970 when `isUnix`, else since any moment. */
  readonly at: Field;
  readonly isUnix: boolean;
  /** null where no model or route is named. */
  readonly model: Field | null;
  readonly key: Field | null;
  readonly inputTokens: Field;
  readonly outputTokens: Field;
  readonly maxOutputTokens: Field | null;
  /** Features that rows ask for where the SQL is true. */
  readonly features: readonly (readonly [Feature, string])[];
  readonly hashes: Field | null;
  readonly blockTokens: number | null;
  /** For a row that adds up many requests: how many, and the time that they are spread over. */
  readonly requests: Field | null;
  readonly spreadMs: Field | null;
  /** SQL that is true for rows that are requests; null for all. */
  readonly where: string | null;
  /** What the format does not say, a sentence each. */
  readonly assumed: readonly string[];
}

export interface Format {
  readonly name: string;
  /** What it is and who publishes it. */
  readonly about: string;
  /** Columns that make a file this format. */
  readonly columns: readonly string[];
  /** Of a file that has those columns. */
  shape(file: SourceFile): Shape;
  /** For files whose rows must be made first: what each of the file's own rows must have. */
  checks?(file: SourceFile): RowChecks;
  /** And what is made of them. */
  rows?(file: SourceFile): SourceFile;
}

export interface RowChecks {
  readonly fields: readonly Field[];
  /** SQL that is true for the rows that are read. */
  readonly where: string;
}

const none = {
  isUnix: false,
  model: null,
  key: null,
  maxOutputTokens: null,
  features: [],
  hashes: null,
  blockTokens: null,
  requests: null,
  spreadMs: null,
  where: null,
  assumed: [],
} as const;

/** A shape of which only what the format has is said. */
export function shape(
  has: Pick<Shape, 'at' | 'inputTokens' | 'outputTokens'> & Partial<Shape>,
): Shape {
  return { ...none, ...has };
}

/** Tokens or requests: a whole number from 0 up. */
export function count(file: SourceFile, column: string): Field {
  const value = file.value(column);
  // A cast alone would round.
  const isWhole = `TRY_CAST(${value} AS DOUBLE) % 1 = 0`;
  const sql = `CASE WHEN ${isWhole} THEN TRY_CAST(${value} AS UBIGINT) END`;
  return { column, sql, expected: 'a whole number >= 0' };
}

/** A count that may be absent, then `otherwise`. */
export function countOr(file: SourceFile, column: string, otherwise: number): Field {
  const field = count(file, column);
  const value = file.value(column);
  const isAbsent = `coalesce(CAST(${value} AS VARCHAR), '') = ''`;
  return { ...field, sql: `CASE WHEN ${isAbsent} THEN ${otherwise} ELSE ${field.sql} END` };
}

/** A number of seconds or milliseconds. */
export function duration(file: SourceFile, column: string, unitMs: number): Field {
  const sql = `TRY_CAST(${file.value(column)} AS DOUBLE) * ${unitMs}`;
  return { column, sql, expected: 'a number' };
}

/** A date and time; UTC where it says no zone. */
export function moment(file: SourceFile, column: string): Field {
  const sql = `epoch_us(TRY_CAST(${file.value(column)} AS TIMESTAMPTZ)) / 1000.0`;
  return { column, sql, expected: 'a time such as 2023-11-16 18:15:46.680' };
}

/** A name; empty where there is none. */
export function name(file: SourceFile, column: string): Field {
  const sql = `coalesce(CAST(${file.value(column)} AS VARCHAR), '')`;
  return { column, sql, expected: 'a name' };
}

/** The list of a prompt's block hashes. */
export function hashList(file: SourceFile, column: string): Field {
  const sql = `TRY_CAST(${file.value(column)} AS UINTEGER[])`;
  return { column, sql, expected: 'a list of whole numbers' };
}
