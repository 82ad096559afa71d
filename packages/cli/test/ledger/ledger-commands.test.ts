// Proves what `entrepot ledger sum` and `tail` print: exact amounts, unknown as such, and help when
// something is wrong. How: the command line runs on a real ledger file.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Entry } from '@entrepot/gateway/ledger/entry';
import { openLedger } from '@entrepot/gateway/ledger/open-ledger';
import { moment } from '../../src/commands/ledger/moment.ts';
import { json, usd } from '../../src/commands/ledger/money.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-cli-'));
const db = join(folder, 'ledger.db');
const main = join(import.meta.dirname, '../../src/main.ts');

const sample: Entry = {
  requestId: 'req_a',
  startedAtMs: Date.UTC(2026, 10, 2, 10),
  key: 'team-a',
  route: 'gpt',
  dialect: 'openai-chat',
  stream: false,
  reservedNanoUsd: 20_000,
  outcome: 'ok',
  status: 200,
  error: null,
  ttftMs: 100.4,
  totalMs: 200.6,
  addedMs: 0.3,
  deployment: 'azure-gpt',
  offer: 'azure-openai/eastus/openai/gpt-4o',
  cloud: 'azure',
  model: 'openai/gpt-4o',
  inputTokens: 1000,
  cachedReadTokens: 0,
  cacheWriteTokens: null,
  outputTokens: 50,
  reasoningTokens: null,
  usageSource: 'provider',
  chargeNanoUsd: 12_345_678_901,
  lost: null,
  attempts: [],
};

before(async () => {
  const ledger = await openLedger({ path: db, mode: 'durable' });
  ledger.settle(sample);
  ledger.settle({
    ...sample,
    requestId: 'req_b',
    startedAtMs: sample.startedAtMs + 1,
    cloud: 'aws',
    chargeNanoUsd: null,
    inputTokens: null,
  });
  await ledger.reserve({ ...sample, requestId: 'req_c', startedAtMs: sample.startedAtMs + 2 });
  await ledger.close();
});

after(() => rmSync(folder, { recursive: true, force: true }));

function entrepot(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = `const { main: run } = await import(${JSON.stringify(main)});
    process.exitCode = await run(process.argv.slice(1));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
}

test('ledger sum shows amounts to the nano-USD and counts what is unknown', () => {
  const { stdout, status } = entrepot('ledger', 'sum', '--db', db);
  assert.equal(status, 0);
  assert.equal(
    stdout,
    [
      'cloud   requests  failures    input   cached   output           USD  unknown charges',
      'azure          1         0     1000        0       50  12.345678901                0',
      'aws            1         0  unknown        0       50       unknown                1',
      '(none)         1         0  unknown  unknown  unknown       unknown                0',
      'total          3         0     1000        0      100  12.345678901                1',
      'requests with an unknown charge, which is in no sum: 1',
      'requests still open: 1',
      '',
    ].join('\n'),
  );
});

test('ledger sum --json is one array with nulls for what is unknown', () => {
  const { stdout } = entrepot('ledger', 'sum', '--db', db, '--by', 'cloud', '--json');
  const rows = JSON.parse(stdout) as { name: string | null; chargeNanoUsd: number | null }[];
  assert.deepEqual(
    rows.map(row => [row.name, row.chargeNanoUsd]),
    [
      ['azure', 12_345_678_901],
      ['aws', null],
      [null, null],
    ],
  );
});

test('ledger sum keeps to --since and --until', () => {
  const range = ['--since', '2026-11-02', '--until', '2026-11-02T10:00:00.001Z', '--json'];
  const { stdout } = entrepot('ledger', 'sum', '--db', db, ...range);
  assert.equal((JSON.parse(stdout) as unknown[]).length, 1);
  const { stdout: none } = entrepot('ledger', 'sum', '--db', db, '--since', '2026-11-03');
  assert.equal(none, 'No requests.\n');
});

test('ledger tail shows the newest last, in columns and as JSON lines', () => {
  const { stdout } = entrepot('ledger', 'tail', '--db', db, '--limit', '2');
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 3);
  assert.match(lines[1]!, /^2026-11-02 10:00:00\.001 +req_b .* ok +200 +100 +201 +- +50 +unknown/);
  assert.match(lines[2]!, /req_c .* open /);
  const json = entrepot('ledger', 'tail', '--db', db, '--json').stdout.trimEnd().split('\n');
  const ids = json.map(line => (JSON.parse(line) as { requestId: string }).requestId);
  assert.deepEqual(ids, ['req_a', 'req_b', 'req_c']);
});

test('wrong use is explained and exits with 2', () => {
  const cases: [string[], RegExp][] = [
    [['sum'], /there is no ledger at entrepot\.db\. A gateway writes one .* --db FILE/],
    [['tail', '--db', join(folder, 'none.db')], /there is no ledger at .*none\.db/],
    [['sum', '--db', main], /main\.ts: file is not a database/],
    [['sum', '--db', db, '--by', 'day'], /--by day is none of cloud, model, key, route/],
    [['sum', '--db', db, '--since', 'yesterday'], /--since yesterday is no moment/],
    [['tail', '--db', db, '--limit', 'x'], /--limit x is no number/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = entrepot('ledger', ...args);
    assert.match(stderr, message);
    assert.equal(status, 2);
  }
});

test('help shows an example', () => {
  for (const name of ['sum', 'tail']) {
    assert.match(entrepot('ledger', name, '--help').stdout, /Examples?:\n {2}entrepot ledger/);
  }
});

test('amounts are exact at any size', () => {
  assert.equal(usd(0), '0.000000000');
  assert.equal(usd(1), '0.000000001');
  assert.equal(usd(999_999_999), '0.999999999');
  assert.equal(usd(10n ** 18n + 1n), '1000000000.000000001');
  assert.equal(usd(null), 'unknown');
  assert.equal(json({ amount: 2n ** 60n + 1n }), '{"amount":1152921504606846977}');
});

test('moments are dates in UTC, times with a zone, or durations ago', () => {
  const nowMs = Date.UTC(2026, 10, 24);
  const day = 86_400_000;
  assert.equal(moment('--since', undefined, nowMs), null);
  assert.equal(moment('--since', '2026-11-23', nowMs), nowMs - day);
  assert.equal(moment('--since', '2026-11-23T00:00', nowMs), nowMs - day);
  assert.equal(moment('--since', '2026-11-23T01:00+01:00', nowMs), nowMs - day);
  assert.equal(moment('--since', '24h', nowMs), nowMs - day);
  assert.equal(moment('--since', '90m', nowMs), nowMs - 90 * 60_000);
  for (const wrong of ['2026-13-01', '1 day', '2026', '', '5x', '-1h']) {
    assert.throws(() => moment('--since', wrong, nowMs), { name: 'UsageError' });
  }
});
