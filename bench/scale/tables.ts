// The figures of the scale measurements as Markdown: for the terminal and for docs/scale.md.

import { table } from '../table.ts';
import type { Column, Measured, Row, Unit } from './result.ts';

/** The table of a dimension; the ratio in brackets is to the first row. */
export function dimensionTable({ grows, columns, rows }: Measured): string {
  const head = [grows, ...columns.map(column => column.title)];
  return table(
    head,
    rows.map(row => [count(row.value), ...columns.map(column => cell(column, row, rows[0]!))]),
  );
}

function cell(column: Column, row: Row, first: Row): string {
  const value = row.figures[column.key] ?? null;
  if (value === null) return '-';
  const base = first.figures[column.key] ?? null;
  const shown = written(value, column.unit);
  if (column.ratio !== true || row === first || base === null || base === 0) return shown;
  return `${shown} (${(value / base).toFixed(2)}x)`;
}

export function written(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
    case 'bytes':
      return count(value);
    case 'us':
      return value < 10 ? value.toFixed(2) : value.toFixed(1);
    case 'ms':
      return value < 10 ? value.toFixed(2) : count(value);
    case 's':
      return value < 10 ? value.toFixed(2) : value.toFixed(1);
    case 'KB':
      return (value / 2 ** 10).toFixed(1);
    case 'MB':
      return count(value / 2 ** 20);
    case 'GB':
      return (value / 2 ** 30).toFixed(2);
  }
}

/** Thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
