// Where a report goes: the terminal, and the files that were asked for.

import type { CommandInput, Output } from '../command.ts';
import { write } from '../output-files.ts';
import type { Shown } from './report-rows.ts';

export const reportOptions = {
  json: { type: 'string' },
  html: { type: 'string' },
  reproducible: { type: 'boolean' },
} as const;

export const reportHelp = `  --json FILE       the report as JSON (- is standard output, in place of the table)
  --html FILE       the report as one page with charts
  --reproducible    leave the speed out of the files: the same run then gives the same bytes`;

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
