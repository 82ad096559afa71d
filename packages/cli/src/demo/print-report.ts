// The report for people: what happened, what it cost, and whether the records hold.

import type { Percentiles } from './percentile.ts';
import type { DemoReport } from './report.ts';

export function printReport(report: DemoReport): string {
  const { traffic, ledger } = report;
  const label = report.simulated ? ' (simulated clouds)' : ' (real clouds)';
  const lines = [
    `Report${label}: ${traffic.source}; time ${traffic.speed} times faster; seed ${traffic.seed}`,
    row('requests', String(report.requests)),
    row('caller-visible failures', String(report.callerFailures)),
    ...report.failures.map(failure => `    ${failure}`),
    row('failovers', counts(report.failovers, report.failoversByCause)),
    row('retries', counts(report.retries, report.retriesByCause)),
    row('time to first token', spread(report.ttftMs)),
    row('total time', spread(report.totalMs)),
    row('added by the gateway', spread(report.addedMs)),
    row('cost', usd(report.costUsd) + unknown(report.unknownCharges)),
    ...money('  by cloud', report.costByCloud, cloud => {
      return `${report.requestsByCloud[cloud] ?? 0} requests`;
    }),
    ...money('  by model', report.costByModel),
    ...money('  on one cloud alone', report.costIfAlone, cloud => {
      const share = report.servableIfAlone[cloud] ?? 0;
      return `for the ${Math.round(share * 100)} % of requests it can serve`;
    }),
    row('concentration', hhi(report.hhi)),
    row(
      'ledger',
      `${ledger.records} records, ${ledger.missing} missing, ${ledger.duplicate} duplicate`,
    ),
  ];
  return lines.join('\n');
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(26)} ${text}`;
}

function counts(total: number, byCause: Readonly<Record<string, number>>): string {
  const causes = Object.entries(byCause).sort((a, b) => b[1] - a[1]);
  if (causes.length === 0) return String(total);
  return `${total} (${causes.map(([cause, n]) => `${cause} ${n}`).join(', ')})`;
}

function spread({ p50, p95, p99 }: Percentiles): string {
  const ms = (value: number | null): string =>
    value === null ? 'unknown' : `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  return `p50 ${ms(p50)}   p95 ${ms(p95)}   p99 ${ms(p99)}`;
}

function usd(amount: number): string {
  return `$${amount.toFixed(6)}`;
}

function unknown(charges: number): string {
  return charges === 0 ? '' : ` and ${charges} answers of unknown cost`;
}

function money(
  name: string,
  amounts: Readonly<Record<string, number>>,
  note?: (key: string) => string,
): string[] {
  const entries = Object.entries(amounts).sort((a, b) => b[1] - a[1]);
  return entries.map(([key, amount], i) => {
    const text = `${key.padEnd(30)} ${usd(amount)}${note === undefined ? '' : `   ${note(key)}`}`;
    return row(i === 0 ? name : '', text);
  });
}

function hhi(value: number | null): string {
  if (value === null) return 'unknown: nothing was spent';
  return `HHI ${value} of 10,000 over spend by cloud`;
}
