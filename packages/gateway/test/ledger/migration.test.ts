// Proves that a ledger is made from nothing, kept as it is when it is current, and that what is no
// ledger, or none that can be written, is refused untouched with a reason. How: real files.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { LedgerError } from '../../src/ledger/ledger-error.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { entry, temporaryFolder } from './sample.ts';

const [folder, removeFolder] = temporaryFolder();
after(removeFolder);

function pragma(path: string, name: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>;
  database.close();
  return row[name];
}

async function refusal(path: string): Promise<string> {
  let error: unknown = null;
  await openLedger({ path, mode: 'durable' }).catch((cause: unknown) => {
    error = cause;
  });
  assert.ok(error instanceof LedgerError, `${error}`);
  assert.equal(error.code, 'ledger_open');
  return error.message;
}

test('an empty file (version 0) becomes a ledger of the current version', async () => {
  const path = join(folder, 'empty.db');
  writeFileSync(path, '');
  assert.equal(pragma(path, 'user_version'), 0);
  assert.throws(() => readLedger(path), { code: 'ledger_open' });
  const ledger = await openLedger({ path, mode: 'durable' });
  await ledger.close();
  assert.equal(pragma(path, 'user_version'), 3);
  assert.equal(pragma(path, 'journal_mode'), 'wal');
});

test('a current ledger keeps its records when it is opened again, by several at once', async () => {
  const path = join(folder, 'again.db');
  const together = Array.from({ length: 3 }, () => openLedger({ path, mode: 'durable' }));
  const ledgers = await Promise.all(together);
  for (const [i, ledger] of ledgers.entries()) ledger.settle(entry(`r_${i}`));
  for (const ledger of ledgers) await ledger.close();
  const ledger = await openLedger({ path, mode: 'fast' });
  await ledger.close();
  const reader = readLedger(path);
  assert.equal((await reader.check(['r_0', 'r_1', 'r_2'])).records, 3);
  await reader.close();
});

test("another program's database is refused and not changed", async () => {
  const path = join(folder, 'other.db');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE requests (id text)');
  database.close();
  const before = readFileSync(path);
  assert.match(await refusal(path), /other\.db: it is a database, but not a ledger/);
  assert.throws(() => readLedger(path), /not a ledger/);
  assert.deepEqual(readFileSync(path), before);
});

test('a file that is no database is refused and not changed', async () => {
  const path = join(folder, 'notes.txt');
  const text = 'these are notes, not records\n'.repeat(100);
  writeFileSync(path, text);
  assert.match(await refusal(path), /notes\.txt: file is not a database/);
  assert.equal(readFileSync(path, 'utf8'), text);
});

test('a ledger of a later version is refused, with what to do', async () => {
  const path = join(folder, 'later.db');
  await (await openLedger({ path, mode: 'durable' })).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.match(await refusal(path), /version 99 is newer .* use the entrepot that wrote it/);
});

test('a record in memory is refused', async () => {
  assert.match(await refusal(':memory:'), /needs a file/);
});

test('a folder that cannot be written is refused by name', () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  chmodSync(folder, 0o755);
  chmodSync(locked, 0o555);
  const module = new URL('../../src/ledger/open-ledger.ts', import.meta.url).href;
  const path = JSON.stringify(join(locked, 'ledger.db'));
  const script = `const { openLedger } = await import('${module}');
    await openLedger({ path: ${path}, mode: 'durable' }).catch(e => console.log(e.code, e.message));`;
  // Root may write anywhere, so that it has to become somebody else.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    ...nobody,
  });
  assert.match(
    run.stdout,
    /^ledger_open cannot open the ledger .*locked.ledger\.db: unable to open/,
  );
});
