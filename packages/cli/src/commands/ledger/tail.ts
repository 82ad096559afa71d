import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import { type Command, UsageError } from '../../command.ts';
import { withLedger } from './ledger-file.ts';
import { json, usd } from './money.ts';
import { Table } from './table.ts';

const help = `Usage: entrepot ledger tail [options]

Shows the newest records, the newest last.

Options:
  --db FILE     the ledger (default: entrepot.db)
  --limit N     how many (default: 20)
  --follow, -f  then show each record as it is settled, until Ctrl-C
  --json        one JSON object a line, with all fields and attempts; unknown is null

Examples:
  entrepot ledger tail --limit 50
  entrepot ledger tail --follow --json`;

export const tail: Command = {
  name: 'ledger tail',
  summary: 'Show the newest records of the ledger.',
  help,
  options: {
    db: { type: 'string' },
    limit: { type: 'string' },
    follow: { type: 'boolean', short: 'f' },
    json: { type: 'boolean' },
  },
  async run({ values }, output) {
    const limit = limitOf(values.limit);
    const follow = values.follow === true;
    await withLedger(values, async ledger => {
      const table = recordTable();
      let count = 0;
      for await (const record of ledger.tail({ limit, follow })) {
        if (values.json === true) output.print(json(record));
        else {
          if (count === 0) output.print(table.head());
          output.print(table.line(cells(record)));
        }
        count++;
      }
      if (count === 0 && values.json !== true) output.print('No records.');
    });
    return 0;
  },
};

function limitOf(value: unknown): number {
  if (value === undefined) return 20;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 0 && limit <= 1_000_000) return limit;
  throw new UsageError(`--limit ${value} is no number of records: write 0 to 1000000.`);
}

/** Widths of usual values: records are printed as they come. */
function recordTable(): Table {
  return new Table([
    { title: 'started (UTC)', align: 'left', minWidth: 23 },
    { title: 'request', align: 'left', minWidth: 29 },
    { title: 'key', align: 'left', minWidth: 8 },
    { title: 'route', align: 'left', minWidth: 12 },
    { title: 'deployment', align: 'left', minWidth: 20 },
    { title: 'outcome', align: 'left', minWidth: 13 },
    { title: 'status', align: 'right' },
    { title: 'ttft ms', align: 'right' },
    { title: 'total ms', align: 'right' },
    { title: 'input', align: 'right', minWidth: 7 },
    { title: 'output', align: 'right', minWidth: 7 },
    { title: 'USD', align: 'right', minWidth: 11 },
    { title: 'attempts', align: 'left' },
  ]);
}

function cells(record: LedgerRecord): string[] {
  return [
    new Date(record.startedAtMs).toISOString().replace('T', ' ').replace('Z', ''),
    record.requestId,
    record.key,
    record.route,
    record.deployment ?? '-',
    record.outcome ?? 'open',
    whole(record.status),
    whole(record.ttftMs),
    whole(record.totalMs),
    whole(record.inputTokens),
    whole(record.outputTokens),
    record.state === 'open' || record.outcome === 'refused' ? '-' : usd(record.chargeNanoUsd),
    attempts(record),
  ];
}

/** `-` where there is none, or none is known. */
function whole(value: number | null): string {
  return value === null ? '-' : String(Math.round(value));
}

/** `2: rate-limited, ok`: how many, and how each ended. */
function attempts(record: LedgerRecord): string {
  const { length } = record.attempts;
  return length === 0
    ? '0'
    : `${length}: ${record.attempts.map(a => a.failure ?? 'ok').join(', ')}`;
}
