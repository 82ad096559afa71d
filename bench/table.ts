// The figures of a run as Markdown.

import { type Result, type Row, ratioTo, type SideResult } from './result.ts';
import { keptAlive, proxyPass } from './sides/nginx.ts';

export function tables(result: Result): string {
  const works = [...new Set(result.rows.map(row => row.work))];
  return [sidesTable(result.sides), ...works.map(work => workTable(result, work))].join('\n\n');
}

function sidesTable(sides: readonly SideResult[]): string {
  const rows = sides.map(s => [
    s.side,
    s.version ?? `absent: ${s.absent}`,
    whole(s.coldStartMs),
    megabytes(s.idleRssBytes),
  ]);
  return table(['side', 'version', 'cold start ms', 'RSS idle MB'], rows);
}

function workTable({ rows }: Result, work: string): string {
  const own = rows.filter(row => row.work === work);
  const head = [
    work,
    `CPU us per ${own[0]?.unit}`,
    'to proxy_pass',
    'to kept alive',
    'requests/s, p99 < 50 ms',
    'at rate',
    'added ms p50 / p95 / p99 / p99.9',
    'first byte p50 / p99',
    '1, 4, 16 callers p50 / p99',
    'RSS MB',
    'failures',
  ];
  return table(
    head,
    own.map(row => cells(rows, row)),
  );
}

function cells(rows: readonly Row[], row: Row): string[] {
  // Nothing was answered, so that nothing was measured.
  if (!Number.isFinite(row.cpuUs)) {
    return [row.side, ...Array(9).fill('-'), `all ${row.failures}`];
  }
  const { addedMs, addedFirstByteMs: first } = row;
  const few = row.sequential.map(s => `${fine(s.addedMs.p50)} / ${fine(s.addedMs.p99)}`);
  return [
    row.side,
    row.cpuUs.toFixed(1),
    ratio(ratioTo(rows, row, proxyPass.name)),
    ratio(ratioTo(rows, row, keptAlive.name)),
    whole(row.requestsPerSecond),
    whole(row.rate),
    [addedMs.p50, addedMs.p95, addedMs.p99, addedMs.p999].map(fine).join(' / '),
    `${fine(first.p50)} / ${fine(first.p99)}`,
    few.join(', '),
    megabytes(row.rssBytes),
    String(row.failures),
  ];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function ratio(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(2)}x`;
}

function whole(value: number | null): string {
  return value === null ? '-' : value.toFixed(0);
}

function fine(value: number): string {
  return value.toFixed(2);
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '-' : (bytes / 2 ** 20).toFixed(0);
}
