// Proves that opening a ledger closes what dead processes left open, at what they had reserved,
// leaves living ones alone, and copes with a torn log. How: two ledgers on one file, a killed
// process, and a write-ahead log cut and spoiled at random places.

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { LedgerRecord } from '../../src/ledger/ledger-record.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open-ledger.ts';
import { buryIfDead, takeOwnerLock } from '../../src/ledger/owner-lock.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { runAndKill, seeded } from './kill.ts';
import { entry, reservation, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

async function records(path: string): Promise<Map<string, LedgerRecord>> {
  const reader = readLedger(path);
  const all = await Array.fromAsync(reader.tail({ limit: 1_000_000 }));
  await reader.close();
  return new Map(all.map(record => [record.requestId, record]));
}

test('requests of a living process stay open when another opens the same ledger', async () => {
  const path = join(folder, 'shared.db');
  const first = await openLedger({ path, mode: 'durable' });
  await first.reserve(reservation('of-first'));
  const second = await openLedger({ path, mode: 'durable' });
  assert.equal(second.stats().recovered, 0);
  await second.reserve(reservation('of-second'));
  assert.equal((await records(path)).get('of-first')?.state, 'open');
  first.settle(entry('of-first'));
  await first.close();
  second.settle(entry('of-second'));
  await second.close();
  const outcomes = [...(await records(path)).values()].map(record => record.outcome);
  assert.deepEqual(outcomes, ['ok', 'ok']);
});

test('what was open when its process closed the ledger is closed at what was reserved', async () => {
  const path = join(folder, 'closed.db');
  const first = await openLedger({ path, mode: 'durable' });
  await first.reserve(reservation('priced', { reservedNanoUsd: 123 }));
  await first.reserve(reservation('unpriced', { reservedNanoUsd: null }));
  await first.close();
  const second = await openLedger({ path, mode: 'durable' });
  assert.equal(second.stats().recovered, 2);
  second.settle(entry('priced', { chargeNanoUsd: 5 }));
  await second.close();
  assert.equal(second.stats().duplicates, 1, 'a late entry does not undo the recovery');
  const all = await records(path);
  assert.equal(all.get('priced')?.outcome, 'unknown');
  assert.equal(all.get('priced')?.chargeNanoUsd, 123);
  assert.equal(all.get('unpriced')?.chargeNanoUsd, null, 'what nobody knows stays unknown');
  assert.ok(all.get('unpriced')?.recoveredAtMs);
});

test('no lock file is left behind by processes that closed or were killed', async () => {
  const path = join(folder, 'locks.db');
  await runAndKill(path, 'durable', 'k_', a => a.reserved.size >= 20);
  const locks = (): string[] =>
    readdirSync(folder).filter(name => name.includes('locks.db-owner-'));
  assert.equal(locks().length, 1, 'of the killed one');
  const ledger: OpenLedger = await openLedger({ path, mode: 'durable' });
  assert.equal(locks().length, 1, 'of this one');
  await ledger.close();
  assert.deepEqual(locks(), []);
});

test('an owner is alive as long as it holds its lock, and dead for ever after', () => {
  const path = join(folder, 'owner.db');
  const lock = takeOwnerLock(path);
  assert.equal(buryIfDead(path, lock.owner), false);
  assert.equal(buryIfDead(path, lock.owner), false);
  lock.release();
  assert.equal(buryIfDead(path, lock.owner), true);
  assert.notEqual(takeOwnerLock(path).owner, lock.owner);
});

test('a log that was torn or spoiled anywhere opens, whole transactions only', async t => {
  const path = join(folder, 'killed.db');
  await runAndKill(path, 'durable', 'k_', a => a.settled.size >= 300);
  const log = readFileSync(`${path}-wal`);
  const random = seeded(65);
  const kept: number[] = [];
  for (let round = 0; round < 25; round++) {
    const torn = join(folder, `torn-${round}.db`);
    copyFileSync(path, torn);
    const at = random(log.length);
    const spoiled = Buffer.from(log.subarray(0, round % 2 === 0 ? at : log.length));
    if (round % 2 === 1) spoiled.fill(random(256), at, at + 1 + random(64));
    writeFileSync(`${torn}-wal`, spoiled);
    const ledger = await openLedger({ path: torn, mode: 'durable' });
    await ledger.reserve(reservation('after'));
    ledger.settle(entry('after'));
    await ledger.close();
    const database = new DatabaseSync(torn, { readOnly: true });
    const check = database.prepare('PRAGMA integrity_check').all();
    assert.deepEqual(
      check.map(row => row.integrity_check),
      ['ok'],
    );
    database.close();
    const all = await records(torn);
    for (const record of all.values()) {
      assert.equal(record.state, 'settled');
      assert.equal(record.attempts.length, record.outcome === 'unknown' ? 0 : 1);
    }
    kept.push(all.size);
  }
  assert.ok(new Set(kept).size > 5, 'the cuts fell on different transactions');
  t.diagnostic(`records kept by 25 cuts: ${Math.min(...kept)} to ${Math.max(...kept)}`);
});
