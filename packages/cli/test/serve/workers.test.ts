// `entrepot serve --workers 2` as its operator has it: one ready line, one message of what is
// wrong, and no process left behind, whichever way the first one ends. Workers are found by the
// environment they inherit.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bin, runCommand } from '../command-process.ts';

const skip = platform() === 'linux' ? false : 'processes are looked for in /proc';

function configIn(t: TestContext, changes = ''): { file: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-workers-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'entrepot.yaml');
  writeFileSync(
    file,
    `auth: none
${changes || 'listen: { port: 0, workers: 2 }'}
ledger: { path: ledger.db }
deployments:
  - name: mini
    offer: openai-api/global/openai/gpt-5.4-mini
    credential: { apiKey: env:KEY }
routes:
  - { name: mini, objective: cost, deployments: [mini] }
`,
  );
  return { file, folder };
}

function serve(t: TestContext, file: string, folder: string, ...more: string[]): ChildProcess {
  const env = { ...process.env, KEY: 'none', ENTREPOT_TEST: folder };
  const child = spawn(process.execPath, [bin, 'serve', file, '--json', ...more], { env });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { url: string }).url;
}

/** Processes that were started for this folder, the first one included. */
function running(folder: string): number[] {
  const mark = `ENTREPOT_TEST=${folder}`;
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
      } catch {
        return false;
      }
    });
}

async function allEnded(folder: string): Promise<void> {
  while (running(folder).length > 0) await new Promise(resolve => setImmediate(resolve));
}

test('one line when ready; SIGTERM ends all of it with 0', { skip }, async t => {
  const { file, folder } = configIn(t);
  const child = serve(t, file, folder);
  let printed = '';
  child.stdout!.on('data', text => {
    printed += text;
  });
  const url = await readyUrl(child);
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.equal(running(folder).length, 3);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(running(folder), []);
  assert.equal(printed, `${JSON.stringify({ url })}\n`);
});

test('--workers 1 is one process', { skip }, async t => {
  const { file, folder } = configIn(t);
  const child = serve(t, file, folder, '--workers', '1');
  await readyUrl(child);
  assert.equal(running(folder).length, 1);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a worker that is killed is replaced, and is told of', { skip }, async t => {
  const { file, folder } = configIn(t);
  const child = serve(t, file, folder);
  await readyUrl(child);
  const before = running(folder);
  process.kill(before.find(pid => pid !== child.pid)!, 'SIGKILL');
  const [note] = (await once(child.stderr!, 'data')) as [Buffer];
  assert.match(note.toString(), /worker \d+ has died; another starts/);
  while (running(folder).length < 3) await new Promise(resolve => setImmediate(resolve));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(running(folder), []);
});

test('workers end when the first process is killed', { skip }, async t => {
  const { file, folder } = configIn(t);
  const child = serve(t, file, folder);
  await readyUrl(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await allEnded(folder);
  const owners = readdirSync(folder).filter(name => name.includes('-owner-'));
  assert.deepEqual(owners, [], 'they closed the ledger');
});

test('what is wrong is told once, with its code', async t => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const good = configIn(t);
  const env = { KEY: 'none' };
  const args = ['--workers', '2', '--port'];
  const taken = await runCommand(['serve', good.file, ...args, String(port)], env);
  other.close();
  assert.equal(taken.code, 3);
  assert.equal(taken.stderr.match(/is taken/g)?.length, 1, taken.stderr);

  mkdirSync(join(good.folder, 'ledger.db'));
  const noLedger = await runCommand(['serve', good.file, ...args, '0'], env);
  assert.equal(noLedger.code, 3);
  assert.match(noLedger.stderr, /cannot open the ledger/);
  assert.equal(noLedger.stderr.match(/entrepot serve:/g)?.length, 1, noLedger.stderr);

  const bad = configIn(t, 'listen: { workers: none }');
  const invalid = await runCommand(['serve', bad.file, ...args, '0'], env);
  assert.equal(invalid.code, 1);
  assert.equal(invalid.stderr.match(/listen\.workers/g)?.length, 1, invalid.stderr);

  const odd = await runCommand(['serve', good.file, '--workers', '0'], env);
  assert.equal(odd.code, 2);
  assert.match(odd.stderr, /--workers takes a number from 1 to 256 or auto/);
});
