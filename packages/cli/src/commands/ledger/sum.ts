import type { LedgerSum, SumBy } from '@entrepot/gateway/ledger/ledger-sum';
import { type Command, UsageError } from '../../command.ts';
import { withLedger } from './ledger-file.ts';
import { moment } from './moment.ts';
import { json, known, usd } from './money.ts';
import { type Column, Table } from './table.ts';

const groups: readonly SumBy[] = ['cloud', 'model', 'key', 'route'];

const help = `Usage: entrepot ledger sum [options]

Adds up requests, tokens and charges. Unknown charges are counted apart: they are in no sum.

Options:
  --db FILE     the ledger (default: entrepot.db)
  --by NAME     cloud, model, key or route (default: cloud)
  --since D     only requests that started from D on: 2026-11-01 (UTC), or 24h for a day ago
  --until D     only requests that started before D
  --json        one JSON array; amounts in nano-USD, unknown is null

Examples:
  entrepot ledger sum --by model --since 7d
  entrepot ledger sum --db /var/lib/entrepot/ledger.db --by key --json`;

export const sum: Command = {
  name: 'ledger sum',
  summary: 'Add up requests, tokens and charges by cloud, model, key or route.',
  help,
  options: {
    db: { type: 'string' },
    by: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ values }, output) {
    const by = groupOf(values.by);
    const nowMs = Date.now();
    const sinceMs = moment('--since', values.since, nowMs);
    const untilMs = moment('--until', values.until, nowMs);
    await withLedger(values, async ledger => {
      const sums = await ledger.sum({ by, sinceMs, untilMs });
      output.print(values.json === true ? json(sums) : text(by, sums));
    });
    return 0;
  },
};

function groupOf(value: unknown): SumBy {
  const by = groups.find(group => group === (value ?? 'cloud'));
  if (by === undefined) throw new UsageError(`--by ${value} is none of ${groups.join(', ')}.`);
  return by;
}

function text(by: SumBy, sums: readonly LedgerSum[]): string {
  if (sums.length === 0) return 'No requests.';
  const columns: Column[] = [
    { title: by, align: 'left' },
    ...['requests', 'failures', 'input', 'cached', 'output', 'USD', 'unknown charges'].map(
      (title): Column => ({ title, align: 'right' }),
    ),
  ];
  const table = new Table(columns);
  const rows = sums.map(row => [
    row.name ?? '(none)',
    String(row.requests),
    String(row.failures),
    known(row.inputTokens),
    known(row.cachedReadTokens),
    known(row.outputTokens),
    usd(row.chargeNanoUsd),
    String(row.unknownCharges),
  ]);
  const total = totalRow(sums);
  table.fit([...rows, total]);
  return [
    table.head(),
    ...rows.map(row => table.line(row)),
    table.line(total),
    ...notes(sums),
  ].join('\n');
}

function totalRow(sums: readonly LedgerSum[]): string[] {
  return [
    'total',
    String(add(sums, row => row.requests)),
    String(add(sums, row => row.failures)),
    known(addKnown(sums, row => row.inputTokens)),
    known(addKnown(sums, row => row.cachedReadTokens)),
    known(addKnown(sums, row => row.outputTokens)),
    usd(totalCharge(sums)),
    String(add(sums, row => row.unknownCharges)),
  ];
}

/** What the columns do not say. */
function notes(sums: readonly LedgerSum[]): string[] {
  const counts: [number, string][] = [
    [add(sums, row => row.unknownCharges), 'with an unknown charge, which is in no sum'],
    [add(sums, row => row.estimatedCharges), 'with an estimated charge, which is in the sum'],
    [add(sums, row => row.unknown), 'cut off by the death of a gateway, charged as reserved'],
    [add(sums, row => row.open), 'still open'],
    [add(sums, row => row.refused), 'refused before an upstream was called'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `requests ${what}: ${count}`);
}

function add(sums: readonly LedgerSum[], of: (row: LedgerSum) => number): number {
  return sums.reduce((total, row) => total + of(row), 0);
}

/** null only where nothing is known. */
function addKnown(
  sums: readonly LedgerSum[],
  of: (row: LedgerSum) => number | null,
): number | null {
  const values = sums.map(of).filter(value => value !== null);
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function totalCharge(sums: readonly LedgerSum[]): bigint | null {
  const charges = sums.map(row => row.chargeNanoUsd).filter(charge => charge !== null);
  return charges.length === 0 ? null : charges.reduce((total, charge) => total + charge, 0n);
}
