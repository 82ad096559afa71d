// Proves that tail shows the newest records in order, and a follower each record once when it is
// settled. How: a reader follows a ledger that is being written.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, reservation, sampleAttempt, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

test('the newest records come, the newest last, with their attempts', async () => {
  const path = join(folder, 'newest.db');
  const ledger = await openLedger({ path, mode: 'durable' });
  for (let i = 0; i < 700; i++) {
    const failed = { ...sampleAttempt, failure: 'rate-limited', status: 429 };
    const attempts = i % 2 === 0 ? [sampleAttempt] : [failed, { ...sampleAttempt, n: 2 }];
    ledger.settle(entry(`r${i}`, { startedAtMs: 1000 - i, attempts }));
  }
  await ledger.close();
  const reader = readLedger(path);
  const three = await Array.fromAsync(reader.tail({ limit: 3 }));
  assert.deepEqual(
    three.map(record => record.requestId),
    ['r2', 'r1', 'r0'],
  );
  assert.deepEqual(
    three.map(record => record.attempts.length),
    [1, 2, 1],
  );
  assert.deepEqual(
    three[1]?.attempts.map(a => a.failure),
    ['rate-limited', null],
  );
  assert.equal((await Array.fromAsync(reader.tail())).length, 20);
  assert.equal((await Array.fromAsync(reader.tail({ limit: 1000 }))).length, 700);
  assert.equal((await Array.fromAsync(reader.tail({ limit: 0 }))).length, 0);
  await reader.close();
});

test('a follower sees each record once when it is settled, also one that was open before', async () => {
  const path = join(folder, 'follow.db');
  const ledger = await openLedger({ path, mode: 'durable' });
  ledger.settle(entry('old', { startedAtMs: 1 }));
  await ledger.reserve(reservation('slow', { startedAtMs: 2 }));
  await ledger.flush();
  const reader = readLedger(path);
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const record of reader.tail({
    limit: 2,
    follow: true,
    pollMs: 1,
    signal: stop.signal,
  })) {
    seen.push(`${record.requestId} ${record.state}`);
    // Each thing that is seen causes the next one: the test waits for nothing else.
    if (seen.length === 2) ledger.settle(entry('quick', { startedAtMs: 3 }));
    if (seen.length === 3) ledger.settle(entry('slow'));
    if (seen.length === 4) ledger.settle(entry('last', { startedAtMs: 4 }));
    if (seen.length === 5) stop.abort();
  }
  assert.deepEqual(seen, [
    'old settled',
    'slow open',
    'quick settled',
    'slow settled',
    'last settled',
  ]);
  await reader.close();
  await ledger.close();
});
