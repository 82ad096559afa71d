// Proves that requests share transactions, that durable mode answers only when the disk has, and
// that all that was taken is written. How: real files, counting the batches that were written.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, reservation, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

const ids = Array.from({ length: 5000 }, (_, i) => `req_${i}`);

for (const mode of ['durable', 'fast'] as const) {
  test(`${mode}: thousands of concurrent requests are written in few transactions`, async () => {
    const path = join(folder, `${mode}.db`);
    const ledger = await openLedger({ path, mode });
    const all = ids.map(async id => {
      await ledger.reserve(reservation(id));
      ledger.settle(entry(id));
    });
    await Promise.all(all);
    await ledger.flush();
    const stats = ledger.stats();
    assert.equal(stats.rows, ids.length * 3, 'a reservation, an entry and an attempt each');
    assert.ok(stats.batches < 60, `${stats.batches} batches`);
    assert.ok(stats.largestBatchRows > 500, `${stats.largestBatchRows} rows at most`);
    assert.equal(stats.backlogRows, 0);
    await ledger.close();
    const reader = readLedger(path);
    const check = await reader.check(ids);
    assert.deepEqual(check, { records: 5000, missing: 0, duplicate: 0, open: 0, unknown: 0 });
    await reader.close();
  });

  test(`${mode}: close() writes what was taken, and takes nothing afterwards`, async () => {
    const path = join(folder, `${mode}-close.db`);
    const ledger = await openLedger({ path, mode });
    const reserved = ledger.reserve(reservation('last'));
    ledger.settle(entry('last'));
    const closed = ledger.close();
    assert.equal(ledger.close(), closed);
    await closed;
    await reserved;
    await assert.rejects(ledger.reserve(reservation('late')), { code: 'ledger_closed' });
    ledger.settle(entry('late'));
    assert.equal(ledger.stats().lost, 1);
    const reader = readLedger(path);
    assert.equal((await reader.check(['last'])).missing, 0);
    assert.equal((await reader.check(['late'])).missing, 1);
    await reader.close();
  });
}

test('fast: reserve() does not wait for the disk, flush() does', async () => {
  const path = join(folder, 'window.db');
  const ledger = await openLedger({ path, mode: 'fast' });
  const reader = readLedger(path);
  await ledger.reserve(reservation('soon'));
  assert.equal((await reader.check(['soon'])).missing, 1);
  await ledger.flush();
  assert.equal((await reader.check(['soon'])).missing, 0);
  await reader.close();
  await ledger.close();
});
