// Proves that a full disk refuses in durable mode, is counted in fast mode, corrupts nothing and
// kills nothing, and that what was kept is written when there is room again. How: a bound on the
// file's size, and a real tmpfs of 1 MiB in a namespace of its own where the system allows that.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { type OpenLedger, openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, reservation, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

/** Fills the ledger until it refuses; gives the ids that it took. */
async function fill(ledger: OpenLedger): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const id = `fill_${ids.length}`;
    try {
      await ledger.reserve(reservation(id));
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'ledger_disk');
      assert.match((error as Error).message, /full/);
      return ids;
    }
    ids.push(id);
  }
}

/** An operator deletes old records. */
function makeRoom(path: string): void {
  const other = new DatabaseSync(path);
  other.exec("DELETE FROM requests WHERE id LIKE 'fill_%'");
  other.close();
}

function integrity(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const { integrity_check } = database.prepare('PRAGMA integrity_check').get() as Record<
    string,
    unknown
  >;
  database.close();
  return integrity_check;
}

test('durable: a full file refuses requests, keeps entries, and recovers', async () => {
  const path = join(folder, 'durable.db');
  const ledger = await openLedger({ path, mode: 'durable', maxBytes: 128 * 1024 });
  const taken = await fill(ledger);
  assert.ok(taken.length > 50);
  const last = taken.at(-1)!;
  const attempts = Array.from({ length: 200 }, (_, i) => ({ ...entry(last).attempts[0]!, n: i }));
  ledger.settle(entry(last, { attempts }));
  await assert.rejects(ledger.flush(), { code: 'ledger_disk' });
  await assert.rejects(ledger.reserve(reservation('refused')), { code: 'ledger_disk' });
  makeRoom(path);
  await ledger.flush();
  await ledger.reserve(reservation('after'));
  ledger.settle(entry('after'));
  await ledger.close();
  assert.equal(ledger.stats().lost, 0);
  assert.equal(integrity(path), 'ok');
  const reader = readLedger(path);
  assert.equal((await reader.check([last, 'after'])).missing, 0);
  assert.equal((await reader.check(['refused'])).missing, 1);
  await reader.close();
});

test('fast: a full file is counted as loss at the bound, and the gateway serves on', async () => {
  const path = join(folder, 'fast.db');
  const options = { path, mode: 'fast', maxBytes: 64 * 1024, backlogRows: 4000 } as const;
  const ledger = await openLedger(options);
  for (let i = 0; i < 3000; i++) {
    await ledger.reserve(reservation(`fill_${i}`));
    ledger.settle(entry(`fill_${i}`));
  }
  await assert.rejects(ledger.flush(), { code: 'ledger_disk' });
  const { lost, backlogRows, fault } = ledger.stats();
  assert.ok(lost > 1000, `${lost} lost`);
  assert.ok(backlogRows <= 4002, `${backlogRows} rows kept`);
  assert.match(fault ?? '', /full/);
  await assert.rejects(ledger.close(), { code: 'ledger_disk' });
  assert.equal(ledger.stats().lost, 3000, 'close() gives up, and says what it gave up');
  assert.equal(integrity(path), 'ok');
});

const script = join(import.meta.dirname, 'full-tmpfs.ts');
const namespace = ['unshare', '--user', '--map-root-user', '--mount'];
const probe = spawnSync(namespace[0]!, [
  ...namespace.slice(1),
  'mount',
  '-t',
  'tmpfs',
  'x',
  folder,
]);
const skip = probe.status === 0 ? false : 'needs unshare(1) and user namespaces that may mount';

test('a file system without space: refuses, keeps, recovers', { skip }, () => {
  const command = [...namespace.slice(1), process.execPath, script, folder];
  const run = spawnSync(namespace[0]!, command, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(JSON.parse(run.stdout), {
    refused: 'ledger_disk',
    flushed: 'ledger_disk',
    check: { records: 2, missing: 0, duplicate: 0, open: 0, unknown: 0 },
    lost: 0,
  });
});
