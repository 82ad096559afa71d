// Proves that sums add up exactly, that unknown is counted apart and never 0, and that check()
// finds what is missing. How: known records in a real ledger, and a model of the sum over random
// records.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Entry, Outcome } from '../../src/ledger/entry.ts';
import type { LedgerSum, SumBy } from '../../src/ledger/ledger-sum.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { type LedgerReader, readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, refusedEntry, reservation, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

/** A ledger of these entries, and of reservations that are still open. */
async function ledgerOf(
  name: string,
  entries: readonly Entry[],
  open: readonly string[] = [],
): Promise<LedgerReader> {
  const path = join(folder, name);
  const ledger = await openLedger({ path, mode: 'fast', backlogRows: 1_000_000 });
  for (const e of entries) ledger.settle(e);
  for (const id of open) await ledger.reserve(reservation(id));
  await ledger.close();
  return readLedger(path);
}

test('requests, failures, tokens and charges add up, unknown ones apart', async () => {
  const unanswered = { cloud: null, model: null, chargeNanoUsd: null, inputTokens: null } as const;
  const reader = await ledgerOf(
    'cases.db',
    [
      entry('a1', { chargeNanoUsd: 10, cacheWriteTokens: 7 }),
      entry('a2', { chargeNanoUsd: 5, usageSource: 'estimated', outcome: 'truncated' }),
      entry('a3', { chargeNanoUsd: null, outcome: 'client_closed', inputTokens: null }),
      entry('b1', { cloud: 'aws', chargeNanoUsd: 100 }),
      entry('n1', { ...unanswered, outcome: 'failed', outputTokens: null, cachedReadTokens: null }),
      refusedEntry('n2'),
    ],
    ['n3'],
  );
  const [aws, azure, none, ...more] = await reader.sum({ by: 'cloud' });
  assert.deepEqual(more, []);
  assert.equal(aws?.name, 'aws');
  assert.equal(aws?.chargeNanoUsd, 100n);
  assert.deepEqual(azure, {
    name: 'azure',
    requests: 3,
    ok: 1,
    failures: 1,
    clientClosed: 1,
    refused: 0,
    unknown: 0,
    open: 0,
    inputTokens: 2000,
    cachedReadTokens: 600,
    cacheWriteTokens: 7,
    outputTokens: 150,
    reasoningTokens: null,
    chargeNanoUsd: 15n,
    unknownCharges: 1,
    estimatedCharges: 1,
  });
  assert.equal(none?.name, null);
  assert.equal(none?.chargeNanoUsd, null, 'nothing known is not 0');
  assert.equal(none?.unknownCharges, 1, 'a refused or open request owes nothing unknown');
  assert.deepEqual([none?.requests, none?.refused, none?.open], [3, 1, 1]);
  await reader.close();
});

test('a sum beyond 2^53 nano-USD is exact', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const entries = Array.from({ length: 5 }, (_, i) => entry(`r${i}`, { chargeNanoUsd: most }));
  const reader = await ledgerOf('large.db', entries);
  const [row] = await reader.sum({ by: 'key' });
  assert.equal(row?.chargeNanoUsd, 5n * BigInt(most));
  await reader.close();
});

test('since is inclusive and until is not', async () => {
  const entries = [1, 2, 3, 4].map(ms => entry(`at_${ms}`, { startedAtMs: ms, chargeNanoUsd: ms }));
  const reader = await ledgerOf('time.db', entries);
  const [row] = await reader.sum({ by: 'route', sinceMs: 2, untilMs: 4 });
  assert.equal(row?.requests, 2);
  assert.equal(row?.chargeNanoUsd, 5n);
  assert.deepEqual(await reader.sum({ by: 'route', sinceMs: 5 }), []);
  await reader.close();
});

const outcomes: Outcome[] = ['ok', 'failed', 'truncated', 'client_closed', 'refused'];
const someEntry = fc.record({
  outcome: fc.constantFrom(...outcomes),
  cloud: fc.constantFrom('aws', 'azure', null),
  model: fc.constantFrom('openai/gpt-4o', 'anthropic/claude', null),
  key: fc.constantFrom('team-a', 'team-b'),
  route: fc.constantFrom('gpt', 'claude'),
  inputTokens: fc.option(fc.nat()),
  chargeNanoUsd: fc.option(fc.maxSafeNat()),
});

test('however records are grouped, the groups hold each of them once', async () => {
  const changes = fc.sample(someEntry, { numRuns: 2000, seed: 3 });
  const entries = changes.map((change, i) => entry(`r${i}`, change));
  const reader = await ledgerOf('random.db', entries);
  const charge = entries.reduce((sum, e) => sum + BigInt(e.chargeNanoUsd ?? 0), 0n);
  for (const by of ['cloud', 'model', 'key', 'route'] as const satisfies SumBy[]) {
    const rows = await reader.sum({ by });
    const add = (of: (row: LedgerSum) => number): number => rows.reduce((s, r) => s + of(r), 0);
    assert.equal(
      add(row => row.requests),
      entries.length,
    );
    assert.equal(
      add(r => r.ok + r.failures + r.clientClosed + r.refused + r.unknown + r.open),
      entries.length,
    );
    assert.equal(
      rows.reduce((sum, row) => sum + (row.chargeNanoUsd ?? 0n), 0n),
      charge,
    );
    const unknown = entries.filter(e => e.outcome !== 'refused' && e.chargeNanoUsd === null);
    assert.equal(
      add(row => row.unknownCharges),
      unknown.length,
    );
    for (const row of rows) {
      const own = entries.filter(e => e[by] === row.name);
      assert.equal(row.requests, own.length, `${by} ${row.name}`);
    }
  }
  await reader.close();
});

test('check() finds requests that reached an upstream and have no record', async () => {
  const ids = Array.from({ length: 1200 }, (_, i) => `r${i}`);
  const reader = await ledgerOf(
    'check.db',
    ids.map(id => entry(id)),
    ['open'],
  );
  const reached = [...ids, 'open', 'r1', 'gone_1', 'gone_2'];
  const check = { records: 1201, missing: 2, duplicate: 0, open: 1, unknown: 0 };
  assert.deepEqual(await reader.check(new Set(reached)), check);
  assert.deepEqual(await reader.check(reached), check);
  assert.equal((await reader.check()).missing, 0);
  const database = new DatabaseSync(join(folder, 'check.db'));
  database.exec("DELETE FROM requests WHERE id = 'r7'");
  database.close();
  assert.equal((await reader.check()).missing, 1, 'its attempts are still there');
  await reader.close();
});

test('100,000 records are added up', async t => {
  const entries = Array.from({ length: 100_000 }, (_, i) =>
    entry(`r${i}`, { startedAtMs: 1_790_000_000_000 + i, cloud: i % 3 === 0 ? 'aws' : 'azure' }),
  );
  const writeStart = performance.now();
  const reader = await ledgerOf('many.db', entries);
  const writeMs = performance.now() - writeStart;
  const start = performance.now();
  const rows = await reader.sum({ by: 'cloud' });
  const sumMs = performance.now() - start;
  const recentStart = performance.now();
  const [recent] = await reader.sum({ by: 'model', sinceMs: 1_790_000_099_000 });
  const recentMs = performance.now() - recentStart;
  assert.equal(
    rows.reduce((sum, row) => sum + row.requests, 0),
    100_000,
  );
  assert.equal(recent?.requests, 1000);
  const ms = [writeMs, sumMs, recentMs].map(value => `${value.toFixed(0)} ms`);
  t.diagnostic(`written in ${ms[0]}, summed in ${ms[1]}, the last 1,000 in ${ms[2]}`);
  await reader.close();
});
