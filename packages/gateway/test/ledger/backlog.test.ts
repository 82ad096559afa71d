// Proves that memory is bounded when the file cannot be written: durable mode refuses new requests,
// fast mode counts what it drops, and both go on when writing works again. How: another connection
// holds the file's write lock, and gives it up.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { LedgerCheck } from '../../src/ledger/ledger-check.ts';
import type { LedgerError } from '../../src/ledger/ledger-error.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, refusedEntry, reservation, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

/** Keeps the ledger from writing until the function that it returns is called. */
function holdWriteLock(path: string): () => void {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  return () => other.close();
}

/** Waits until `done` holds, looking each turn of the loop. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(resolve => setImmediate(resolve));
}

async function records(path: string, ids: readonly string[]): Promise<LedgerCheck> {
  const reader = readLedger(path);
  const check = await reader.check(ids);
  await reader.close();
  return check;
}

test('durable: at the bound new requests are refused, settled ones are kept', async () => {
  const path = join(folder, 'durable.db');
  const ledger = await openLedger({ path, mode: 'durable', backlogRows: 100 });
  const before = Array.from({ length: 30 }, (_, i) => `before_${i}`);
  await Promise.all(before.map(id => ledger.reserve(reservation(id))));
  const release = holdWriteLock(path);
  const waiting = Array.from({ length: 100 }, (_, i) => `waiting_${i}`);
  const reserved = waiting.map(id => ledger.reserve(reservation(id)));
  await assert.rejects(ledger.reserve(reservation('refused')), { code: 'ledger_backlog' });
  for (const id of before) ledger.settle(entry(id));
  ledger.settle(refusedEntry('refused'));
  assert.equal(ledger.stats().lost, 1, 'the refused one called no upstream');
  release();
  await Promise.all(reserved);
  for (const id of waiting) ledger.settle(entry(id));
  await ledger.close();
  const check = await records(path, [...before, ...waiting]);
  assert.deepEqual(check, { records: 130, missing: 0, duplicate: 0, open: 0, unknown: 0 });
});

test('fast: at the bound entries are dropped and counted', async () => {
  const path = join(folder, 'fast.db');
  const ledger = await openLedger({ path, mode: 'fast', backlogRows: 100 });
  const release = holdWriteLock(path);
  for (let i = 0; i < 200; i++) await ledger.reserve(reservation(`r_${i}`));
  for (let i = 0; i < 50; i++) ledger.settle(entry(`r_${i}`));
  const { lost, unreserved, backlogRows } = ledger.stats();
  assert.deepEqual(
    { lost, unreserved, backlogRows },
    { lost: 50, unreserved: 100, backlogRows: 100 },
  );
  release();
  await ledger.flush();
  await ledger.reserve(reservation('again'));
  ledger.settle(entry('again'));
  await ledger.close();
  assert.equal((await records(path, ['again', 'r_0', 'r_99'])).missing, 0);
});

test('another writer that stays too long is a fault that passes', async () => {
  const path = join(folder, 'busy.db');
  const faults: (string | null)[] = [];
  const ledger = await openLedger({
    path,
    mode: 'durable',
    busyTimeoutMs: 1,
    onFault: fault => faults.push(fault?.code ?? null),
  });
  await ledger.reserve(reservation('kept'));
  const release = holdWriteLock(path);
  await assert.rejects(ledger.reserve(reservation('refused')), { code: 'ledger_disk' });
  ledger.settle(entry('kept'));
  await assert.rejects(ledger.flush(), { code: 'ledger_disk' });
  assert.match(ledger.stats().fault ?? '', /locked/);
  release();
  await ledger.reserve(reservation('accepted'));
  ledger.settle(entry('accepted'));
  await ledger.close();
  assert.deepEqual(faults, ['ledger_disk', null]);
  const check = await records(path, ['kept', 'accepted']);
  assert.deepEqual(check, { records: 2, missing: 0, duplicate: 0, open: 0, unknown: 0 });
});

test('a disk that does not answer refuses requests in time and keeps none of them', async () => {
  const path = join(folder, 'stalled.db');
  const ledger: OpenLedger = await openLedger({
    path,
    mode: 'durable',
    busyTimeoutMs: 60_000,
    // Longer than a busy disk takes for the first reservation.
    stallMs: 1_000,
  });
  await ledger.reserve(reservation('kept'));
  const release = holdWriteLock(path);
  const stalled = ledger.reserve(reservation('stalled'));
  ledger.settle(entry('kept'));
  await assert.rejects(stalled, { code: 'ledger_stalled' });
  await assert.rejects(ledger.reserve(reservation('later')), { code: 'ledger_stalled' });
  release();
  await until(() => ledger.stats().fault === null);
  await ledger.reserve(reservation('accepted'));
  ledger.settle(entry('accepted'));
  await ledger.close();
  const check = await records(path, ['kept', 'accepted']);
  assert.deepEqual(check, { records: 2, missing: 0, duplicate: 0, open: 0, unknown: 0 });
});

test('a ledger whose thread has died refuses, counts and does not hang', async () => {
  const threads: Worker[] = [];
  process.on('worker', worker => threads.push(worker));
  const path = join(folder, 'died.db');
  const faults: (string | null)[] = [];
  const onFault = (fault: LedgerError | null): number => faults.push(fault?.code ?? null);
  const ledger = await openLedger({ path, mode: 'durable', onFault });
  await ledger.reserve(reservation('before'));
  await threads[0]!.terminate();
  await until(() => ledger.stats().fault !== null);
  await assert.rejects(ledger.reserve(reservation('after')), { code: 'ledger_closed' });
  ledger.settle(entry('before'));
  await assert.rejects(ledger.flush(), { code: 'ledger_closed' });
  await assert.rejects(ledger.close(), { code: 'ledger_closed' });
  assert.equal(ledger.stats().lost, 1);
  assert.deepEqual(faults, ['ledger_closed']);
  const next = await openLedger({ path, mode: 'durable' });
  assert.equal(next.stats().recovered, 1, 'at what it had reserved');
  await next.close();
});
