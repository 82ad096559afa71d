// The first row of a file that is not as its format has it, told by its place.

import type { Database } from './database.ts';
import type { Field, RowChecks } from './format.ts';
import type { SourceFile } from './source-file.ts';
import { identifier } from './sql.ts';
import { TrafficError } from './traffic-error.ts';

/** A name that no file's column has. */
export const rowNumber: string = identifier('entrepot row');

/** SQL of the file's rows with their numbers, from 1. */
export function numberedRows({ relation }: SourceFile): string {
  return `(SELECT row_number() OVER () AS ${rowNumber}, * FROM ${relation})`;
}

/** Throws TrafficError for the first row that is wrong. */
export async function checkRows(
  db: Database,
  file: SourceFile,
  { fields, where }: RowChecks,
): Promise<void> {
  const relation = `(SELECT * FROM ${numberedRows(file)} WHERE ${where})`;
  const bad = fields.map(field => `${field.sql} IS NULL`).join(' OR ');
  const [row] = await db.rows(`SELECT count(*) AS bad FROM ${relation} WHERE ${bad}`);
  if (Number(row!.bad) > 0) await refuseBadRow(db, file, fields, relation);
}

/** Throws TrafficError for the first row of a relation with numbers in which a field is NULL. */
export async function refuseBadRow(
  db: Database,
  file: SourceFile,
  fields: readonly Field[],
  relation: string,
): Promise<never> {
  const texts = fields.map((field, i) => {
    const { column } = field;
    const text = file.columns.includes(column) ? `CAST(${file.value(column)} AS VARCHAR)` : "''";
    return `${field.sql} IS NULL AS bad${i}, ${text} AS text${i}`;
  });
  const some = fields.map((_, i) => `bad${i}`).join(' OR ');
  const [row] = await db.rows(
    `SELECT * FROM (SELECT ${rowNumber} AS row_no, ${texts.join(', ')} FROM ${relation})
      WHERE ${some} ORDER BY row_no LIMIT 1`,
  );
  const i = fields.findIndex((_, at) => row?.[`bad${at}`] === true);
  const { column, expected } = fields[i]!;
  const place = `${file.path}: ${file.place(Number(row!.row_no))}, column ${column}`;
  const found = JSON.stringify(row![`text${i}`] ?? '');
  throw new TrafficError(`${place} is ${found}; expected ${expected}`);
}
