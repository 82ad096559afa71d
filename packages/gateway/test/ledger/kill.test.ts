// Proves that kill -9 loses and doubles nothing in durable mode, and no more than the stated window
// in fast mode. How: a process under load is killed again and again, and its ledger is compared
// with what it had announced.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LedgerRecord } from '../../src/ledger/ledger-record.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fastWindowMs } from '../../src/ledger/pace.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { type Announced, chargeOf, reservedFor, runAndKill, seeded } from './kill.ts';
import { temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

/** Opens the ledger as the next gateway would, and reads all records of one process. */
async function afterRestart(path: string, prefix: string): Promise<Map<number, LedgerRecord>> {
  const ledger = await openLedger({ path, mode: 'durable' });
  await ledger.close();
  const reader = readLedger(path);
  const { duplicate, open, missing } = await reader.check();
  assert.deepEqual({ duplicate, open, missing }, { duplicate: 0, open: 0, missing: 0 });
  const records = new Map<number, LedgerRecord>();
  for await (const record of reader.tail({ limit: 1_000_000 })) {
    if (!record.requestId.startsWith(prefix)) continue;
    const n = Number(record.requestId.slice(prefix.length));
    assert.ok(!records.has(n), `request ${n} has two records`);
    records.set(n, record);
  }
  await reader.close();
  return records;
}

/** Each record is what was settled, or what was reserved and flagged. */
function checkRecords(records: ReadonlyMap<number, LedgerRecord>): void {
  for (const [n, record] of records) {
    assert.equal(record.reservedNanoUsd, reservedFor(n));
    if (record.outcome === 'unknown') {
      assert.equal(record.chargeNanoUsd, reservedFor(n));
      assert.equal(record.usageSource, 'estimated');
      assert.ok(record.recoveredAtMs !== null);
      assert.equal(record.attempts.length, 0);
    } else {
      assert.equal(record.outcome, 'ok');
      assert.equal(record.chargeNanoUsd, chargeOf(n));
      assert.equal(record.recoveredAtMs, null);
      assert.equal(record.attempts.length, 1);
    }
  }
}

test('durable: killed 20 times under load, no request is lost or doubled', async t => {
  const path = join(folder, 'durable.db');
  const random = seeded(20_261_124);
  let reached = 0;
  let unknown = 0;
  for (let round = 0; round < 20; round++) {
    const kill = 1 + random(1500);
    const prefix = `r${round}_`;
    const enough = (a: Announced): boolean => a.reserved.size + a.settled.size >= kill;
    const announced = await runAndKill(path, 'durable', prefix, enough);
    const records = await afterRestart(path, prefix);
    for (const n of announced.reserved.keys()) assert.ok(records.has(n), `request ${n} is lost`);
    for (const n of announced.settled) assert.equal(records.get(n)?.outcome, 'ok');
    checkRecords(records);
    reached += announced.reserved.size;
    unknown += [...records.values()].filter(record => record.outcome === 'unknown').length;
  }
  assert.ok(unknown > 0, 'no kill met an open request');
  t.diagnostic(`${reached} requests reached an upstream; ${unknown} closed as unknown`);
});

test('fast: killed under load, only requests of the stated window are lost', async t => {
  const path = join(folder, 'fast.db');
  for (let round = 0; round < 3; round++) {
    const prefix = `f${round}_`;
    let first = 0;
    let last = 0;
    const announced = await runAndKill(path, 'fast', prefix, ({ reserved }) => {
      last = reserved.get(reserved.size - 1) ?? last;
      first ||= last;
      return last - first > fastWindowMs + 300 + round * 50;
    });
    const records = await afterRestart(path, prefix);
    const lost = [...announced.reserved].filter(([n]) => !records.has(n));
    for (const [n, ms] of lost) assert.ok(ms > last - fastWindowMs, `request ${n} is lost`);
    checkRecords(records);
    const oldest = lost.reduce((most, [, ms]) => Math.max(most, last - ms), 0);
    t.diagnostic(`lost ${lost.length} of ${announced.reserved.size}, the oldest ${oldest} ms old`);
  }
});
