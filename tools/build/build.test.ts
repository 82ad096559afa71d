// Proves that what is published works where the repository is not: packed, installed by npm into
// an empty folder, and used as whoever installed it would.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../tidy/source-files.ts';
import { buildPackage } from './package.ts';

const hasNpm = spawnSync('npm', ['--version']).status === 0;
const skip = hasNpm ? false : 'there is no npm on this machine';
/** What a download of it costs; npm shows it as the package's size. */
const mostPackedBytes = 1_600_000;

suite('the published package', { skip }, () => {
  let folder: string;
  let tarball: string;
  let installed: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entrepot-package-'));
    await buildPackage(join(folder, 'dist'));
    npm(folder, 'pack', './dist');
    tarball = readdirSync(folder).find(name => name.endsWith('.tgz'))!;
    const home = join(folder, 'home');
    // Without the libraries that only what-if needs: everything else must do without them.
    npm(folder, 'install', '--offline', '--omit=optional', '--prefix', home, `./${tarball}`);
    installed = join(home, 'node_modules/entrepot');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [join(installed, 'entrepot.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });

  test('is small, needs nothing else, and has licences of what is in it', () => {
    const { size } = JSON.parse(npm(folder, 'pack', './dist', '--dry-run', '--json'))[0];
    assert.ok(size < mostPackedBytes, `${size} bytes`);
    assert.deepEqual(
      readdirSync(join(installed, '..')).filter(name => !name.startsWith('.')),
      ['entrepot'],
    );
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual(manifest.dependencies, undefined);
    assert.match(JSON.stringify(manifest.optionalDependencies), /^\{"@duckdb\/node-api":"\d/);
    const notices = readFileSync(join(installed, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['undici', 'kysely', '@azure/identity', 'google-auth-library', 'uplot']) {
      assert.match(notices, new RegExp(`^${name} [0-9.]+ \\(`, 'm'));
    }
  });

  test('each of its parts loads, also what only some configurations need', async () => {
    const exported: Record<string, unknown> = {};
    for (const name of readdirSync(installed).filter(name => name.startsWith('chunk-'))) {
      Object.assign(exported, await import(pathToFileURL(join(installed, name)).href));
    }
    const loadedLate = [
      'SignatureV4',
      'fromNodeProviderChain',
      'ClientSecretCredential',
      'DefaultAzureCredential',
      'GoogleAuth',
      'JWT',
      'UserRefreshClient',
    ];
    for (const name of loadedLate) assert.equal(typeof exported[name], 'function', name);
  });

  test('entrepot catalog reads the catalog that it brings', () => {
    const { models } = JSON.parse(run('catalog', 'models', '--json')) as { models: unknown[] };
    assert.ok(models.length > 100);
  });

  test('entrepot demo plays through an outage, and every request has its record', () => {
    const report = join(folder, 'report.json');
    const args = ['demo', '--exit', '--seconds', '5', '--port', '0', '--json', report];
    const bin = join(installed, 'entrepot.js');
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.doesNotThrow(() => JSON.parse(readFileSync(report, 'utf8')));
    // Another cloud would answer where one cannot be called at all: nobody else would notice.
    assert.doesNotMatch(stderr, /"level":50/);
  });

  test('reading a trace without the library that does says what to install', () => {
    const trace = join(folder, 'trace.csv');
    writeFileSync(trace, 'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:01,1,1\n');
    const args = ['demo', '--exit', '--port', '0', '--trace', trace];
    const bin = join(installed, 'entrepot.js');
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /npm install @duckdb\/node-api/);
  });

  test('entrepot what-if replays a trace once its libraries are beside it', () => {
    for (const name of ['@duckdb', 'piscina']) {
      symlinkSync(join(root, 'node_modules', name), join(installed, '..', name));
    }
    const trace = join(folder, 'trace.csv');
    const page = join(folder, 'report.html');
    const args = ['--traffic', trace, '--scenario', 'openai-outage', '--seeds', '2'];
    const text = run('what-if', ...args, '--json', '-', '--html', page);
    assert.equal((JSON.parse(text) as { traffic: { requests: number } }).traffic.requests, 1);
    assert.match(readFileSync(page, 'utf8'), /uPlot/);
  });

  test('entrepot serve answers, and stops when told to', async () => {
    const file = join(folder, 'entrepot.yaml');
    writeFileSync(file, configText);
    const bin = join(installed, 'entrepot.js');
    const serve = spawn(process.execPath, [bin, 'serve', file, '--json'], {
      env: { ...process.env, KEY: 'none' },
    });
    const url = await readyUrl(serve);
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 200);
    const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: unknown[] };
    assert.equal(data.length, 1);
    serve.kill('SIGTERM');
    const [code] = await once(serve, 'exit');
    assert.equal(code, 0);
  });
});

const configText = `
listen: { host: 127.0.0.1, port: 0 }
auth: none
ledger: { path: ledger.db }
deployments:
  - name: mini
    offer: openai-api/global/openai/gpt-5.4-mini
    credential: { apiKey: env:KEY }
routes:
  - { name: mini, objective: cost, deployments: [mini] }
`;

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
  });
}

async function readyUrl(serve: ChildProcess): Promise<string> {
  let errors = '';
  serve.stderr!.on('data', text => {
    errors += text;
  });
  const ended = once(serve, 'exit').then(() => Promise.reject(new Error(errors)));
  ended.catch(() => {});
  const [line] = await Promise.race([once(serve.stdout!, 'data'), ended]);
  return (JSON.parse(String(line)) as { url: string }).url;
}
