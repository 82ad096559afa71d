// A report in the terminal.

import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { left, right, table } from '../commands/catalog/table.ts';
import { whole } from './figure-text.ts';
import {
  assumedLines,
  costRows,
  effectLines,
  figureRows,
  leavingRows,
  mergerLines,
  type ReportRow,
  type Shown,
  whyRows,
} from './report-rows.ts';

/** Columns of cases that stand beside each other; more follow below. */
const mostTogether = 3;

/** `width` is that of the terminal; without one, lines are as long as they like. */
export function showReport(report: Shown, width: number = Number.POSITIVE_INFINITY): string {
  const { traffic, base, scenarios, performance } = report;
  const names = [base.name, ...scenarios.map(one => one.name)];
  const cases = [base, ...scenarios].map(one => `  ${one.name}: ${one.title}`);
  const seeds =
    base.seeds === 1
      ? '1 seed and so without intervals'
      : `${base.seeds} seeds, with 90 % intervals`;
  const span = `${(traffic.spanSeconds / 3600).toFixed(2)} h`;
  const speed = `${whole(performance.requestsPerSecond)} requests/s`;
  return [
    ...(report.isPartial
      ? ['PARTIAL: stopped before the end; figures are of what was replayed', '']
      : []),
    `${traffic.name}: ${whole(traffic.requests)} requests in ${span}, ${seeds}, ${speed}`,
    ...cases,
    ...effectLines(report).map(line => `! ${line}`),
    '',
    blocks('', names, figureRows(report), width),
    '',
    blocks('cost by cloud', names, costRows(report, 'costByCloud'), width),
    '',
    blocks('cost by model', names, costRows(report, 'costByModel'), width),
    ...keyBlock(report, names, width),
    ...(leavingRows(report).length === 0
      ? []
      : ['', blocks('leaving a cloud', names, leavingRows(report), width)]),
    ...(scenarios.length === 0
      ? []
      : ['', blocks('why', names.slice(1), whyRows(report), width), ...mergerLines(report)]),
    '',
    'Assumed:',
    ...assumedLines(report).map(sentence => `  - ${sentence}`),
  ].join('\n');
}

function keyBlock(report: WhatIfReport, names: readonly string[], width: number): string[] {
  const rows = costRows(report, 'costByKey');
  return rows.length < 2 ? [] : ['', blocks('cost by key', names, rows, width)];
}

/** A few cases at a time, so that lines stay readable. */
function blocks(
  title: string,
  names: readonly string[],
  rows: readonly ReportRow[],
  width: number,
  together = mostTogether,
): string {
  const parts: string[] = [];
  for (let from = 0; from < names.length; from += together) {
    const some = names.slice(from, from + together);
    const cells = rows.map(([name, ...values]) => [name, ...values.slice(from, from + together)]);
    parts.push(table([left(title), ...some.map(right)], cells));
  }
  const text = parts.join('\n\n');
  const widest = Math.max(...text.split('\n').map(line => line.length));
  return widest > width && together > 1 ? blocks(title, names, rows, width, together - 1) : text;
}
