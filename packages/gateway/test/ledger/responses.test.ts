// Proves that kept answers are found by whoever kept them and nobody else, at once and after a
// restart; that deleted and expired ones are gone, and the oldest of what is too much. How: a real
// ledger file, through the thread that writes it; the sweep is asked for with chosen times.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { ResponseTable } from '../../src/ledger/response-table.ts';
import { openFile } from '../../src/ledger/sqlite-file.ts';
import type { ResponseStore, StoredResponse } from '../../src/ledger/stored-response.ts';
import { entry, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

const dayMs = 86_400_000;
const limits = { retentionMs: 30 * dayMs, maxTotalBytes: 1_000_000 };
const plenty = 1_000_000;

function kept(id: string, change: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id,
    key: 'team-a',
    previousId: null,
    deployment: 'main',
    createdAtMs: Date.now(),
    input: '"Which port?"',
    response: JSON.stringify({ id, output: [] }),
    ...change,
  };
}

async function withStore(
  name: string,
  use: (store: ResponseStore) => Promise<void>,
): Promise<void> {
  const ledger = await openLedger({ path: join(folder, name), mode: 'durable' });
  const store = ledger.responses(limits);
  try {
    await use(store);
  } finally {
    await store.close();
    await ledger.close();
  }
}

test('what is put is found at once, by its own key alone, and after a restart', async () => {
  const answer = kept('resp_1', { response: '{"text":"Ein Schiff \u{1F6A2}"}' });
  await withStore('restart.db', async store => {
    await store.put(answer);
    assert.deepEqual(await store.get('resp_1', 'team-a'), answer);
    assert.equal(await store.get('resp_1', 'team-b'), null);
    assert.equal(await store.get('resp_2', 'team-a'), null);
  });
  await withStore('restart.db', async store => {
    assert.deepEqual(await store.get('resp_1', 'team-a'), answer);
  });
});

test('a thousand put together are all there', async () => {
  await withStore('many.db', async store => {
    const ids = Array.from({ length: 1000 }, (_, i) => `resp_${i}`);
    await Promise.all(ids.map(id => store.put(kept(id))));
    const found = await Promise.all(ids.map(id => store.get(id, 'team-a')));
    assert.deepEqual(
      found.map(answer => answer?.id),
      ids,
    );
  });
});

test('a conversation is read from its first turn, or says what is missing of it', async () => {
  await withStore('turns.db', async store => {
    await store.put(kept('one'));
    await store.put(kept('two', { previousId: 'one' }));
    await store.put(kept('three', { previousId: 'two' }));
    const whole = await store.conversation('three', 'team-a', plenty);
    assert.ok(whole.type === 'whole');
    assert.deepEqual(
      whole.turns.map(turn => turn.id),
      ['one', 'two', 'three'],
    );
    const { type } = await store.conversation('three', 'team-a', 60);
    assert.equal(type, 'too-long');
    const foreign = await store.conversation('three', 'team-b', plenty);
    assert.deepEqual(foreign, { type: 'missing', id: 'three' });
    assert.equal(await store.delete('two', 'team-b'), false);
    assert.equal(await store.delete('two', 'team-a'), true);
    assert.equal(await store.delete('two', 'team-a'), false);
    const broken = await store.conversation('three', 'team-a', plenty);
    assert.deepEqual(broken, { type: 'missing', id: 'two' });
  });
});

test('a taken id fails, and what comes after does not', async () => {
  await withStore('taken.db', async store => {
    await store.put(kept('one'));
    await assert.rejects(store.put(kept('one')), { code: 'ledger_disk' });
    await store.put(kept('two'));
    assert.equal((await store.get('two', 'team-a'))?.id, 'two');
  });
});

test('the ledger is written as before while answers are kept', async () => {
  const ledger = await openLedger({ path: join(folder, 'both.db'), mode: 'durable' });
  const store = ledger.responses(limits);
  const puts = Array.from({ length: 50 }, (_, i) => {
    ledger.settle(entry(`r_${i}`));
    return store.put(kept(`resp_${i}`));
  });
  await Promise.all([...puts, ledger.flush()]);
  assert.equal(ledger.stats().lost, 0);
  await store.close();
  await ledger.close();
  await assert.rejects(store.get('resp_1', 'team-a'), { code: 'ledger_closed' });
});

const options = { mode: 'fast', busyTimeoutMs: 1000, maxBytes: null } as const;

test('what has expired is not read, and the sweep takes it out of the file', () => {
  const path = join(folder, 'expired.db');
  const database = openFile(path, options);
  const table = new ResponseTable(database, limits, options.busyTimeoutMs);
  const secret = 'a word that nobody else has written';
  table.put([kept('old', { createdAtMs: 0, input: JSON.stringify(secret) })]);
  table.put([kept('new', { createdAtMs: dayMs })]);
  assert.equal(table.get('old', 'team-a', 30 * dayMs)?.id, 'old');
  assert.equal(table.get('old', 'team-a', 30 * dayMs + 1), null);
  assert.equal(table.sweep(30 * dayMs + 1), false);
  assert.equal(table.get('old', 'team-a', 0), null);
  assert.equal(table.get('new', 'team-a', 30 * dayMs + 1)?.id, 'new');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  assert.ok(!readFileSync(path).includes(secret));
  database.close();
});

test('of what is too much the oldest makes way', () => {
  const database = openFile(join(folder, 'full.db'), options);
  const table = new ResponseTable(
    database,
    { ...limits, maxTotalBytes: 2500 },
    options.busyTimeoutMs,
  );
  const input = JSON.stringify('x'.repeat(896));
  for (const at of [1, 2, 3, 4]) {
    table.put([kept(`resp_${at}`, { createdAtMs: at, input, response: '{}' })]);
  }
  while (table.sweep(dayMs));
  const left = [1, 2, 3, 4].filter(at => table.get(`resp_${at}`, 'team-a', dayMs) !== null);
  assert.deepEqual(left, [3, 4]);
  database.close();
});

test('a ledger of the version before keeps its records and gets the table', async () => {
  const path = join(folder, 'before.db');
  await (await openLedger({ path, mode: 'durable' })).close();
  const database = new DatabaseSync(path);
  database.exec('DROP TABLE response_items; DROP TABLE responses; PRAGMA user_version = 1');
  database.close();
  await withStore('before.db', async store => {
    await store.put(kept('one'));
    assert.equal((await store.get('one', 'team-a'))?.id, 'one');
  });
});
