// Where a report goes: the terminal, and the files that were asked for.

import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CommandInput, type Output, UsageError } from '../command.ts';
import type { Shown } from './report-rows.ts';

export const reportOptions = {
  json: { type: 'string' },
  html: { type: 'string' },
  reproducible: { type: 'boolean' },
} as const;

export const reportHelp = `  --json FILE       the report as JSON (- is standard output, in place of the table)
  --html FILE       the report as one page with charts
  --reproducible    leave the speed out of the files: the same run then gives the same bytes`;

/** Long replays shall not be for nothing. Throws UsageError for files that cannot be written. */
export function checkReportFiles({ values }: Pick<CommandInput, 'values'>): void {
  if (values.html === '-') throw new UsageError('--html takes a file: a page is not for terminals');
  for (const option of ['json', 'html'] as const) {
    const file = values[option];
    if (typeof file !== 'string' || file === '-') continue;
    try {
      if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder');
      accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    } catch (cause) {
      throw new UsageError(`--${option} ${file} cannot be written: ${(cause as Error).message}`);
    }
  }
}

/** Writes the files that `values` name, and prints `text` unless JSON goes there. */
export function writeReport(
  report: Shown,
  text: string,
  page: (report: Shown) => string,
  { values }: Pick<CommandInput, 'values'>,
  output: Output,
): void {
  const { performance, ...same } = report;
  const written = values.reproducible === true ? same : { ...same, performance };
  const json = JSON.stringify(written, null, 2);
  if (values.json === '-') output.print(json);
  else output.print(text);
  if (typeof values.json === 'string' && values.json !== '-') {
    write('json', values.json, `${json}\n`);
  }
  if (typeof values.html === 'string') write('html', values.html, page(report));
}

export function write(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new UsageError(`--${option} ${file} cannot be written: ${(cause as Error).message}`, 3);
  }
}
