// Proves what `entrepot config check` prints and how it exits, on the example and on a bad file.
// The real command as a process of its own, over the real catalog.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const root = resolve(import.meta.dirname, '../../../..');
const example = join(root, 'examples/entrepot.yaml');
const folder = mkdtempSync(join(tmpdir(), 'entrepot-check-'));
after(() => rmSync(folder, { recursive: true }));

const secrets = {
  ENTREPOT_KEY: 'canary-caller-of-team-a',
  OPENAI_API_KEY: 'canary-openai',
  AZURE_OPENAI_API_KEY: 'canary-azure',
  ANTHROPIC_API_KEY: 'canary-anthropic',
};

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function check(args: readonly string[], env: Record<string, string> = secrets): Ran {
  const command = [join(root, 'packages/cli/bin/entrepot.js'), 'config', 'check', ...args];
  const ran = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  assert.doesNotMatch(ran.stdout + ran.stderr, /canary/, 'no output shows a secret');
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

test('the example is good, with its routes, offers and prices of the day', () => {
  const { code, out, err } = check([example]);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /is good\.\n {2}gpt \(latency, also gpt-5\.4\)\n/);
  assert.match(out, /bedrock-claude +bedrock\/us\/anthropic\/claude-sonnet-5 +\$\d+\.\d\d in/);
});

test('the example as JSON', () => {
  const { code, out } = check([example, '--json']);
  const found = JSON.parse(out) as { ok: boolean; problems: []; routes: { name: string }[] };
  assert.deepEqual([code, found.ok, found.problems], [0, true, []]);
  assert.deepEqual(
    found.routes.map(r => r.name),
    ['gpt', 'claude', 'gemini', 'us-only', 'llama'],
  );
});

test('a bad file is told with every line, and exits with 1', () => {
  const file = join(folder, 'bad.yaml');
  const text = readFileSync(example, 'utf8');
  writeFileSync(file, text.replace('objective: cost', 'objective: costs').replace('port:', 'prt:'));
  const { code, out, err } = check([file], { ...secrets, OPENAI_API_KEY: '' });
  const lines = out.trim().split('\n');
  assert.equal(code, 1);
  assert.match(lines[0]!, /bad\.yaml:\d+:3: listen\.prt: unknown field; .*did you mean port\?$/);
  assert.match(lines[1]!, /credential\.apiKey: environment variable OPENAI_API_KEY is empty$/);
  assert.match(lines[2]!, /routes\[1\]\.objective: must be one of .*; did you mean cost\?$/);
  assert.equal(lines.length, 3);
  assert.match(err, /has 3 problems/);
});

test('a bad file as JSON', () => {
  const { code, out } = check([join(folder, 'nowhere.yaml'), '--json']);
  const found = JSON.parse(out) as { ok: boolean; problems: { message: string }[] };
  assert.deepEqual([code, found.ok], [1, false]);
  assert.equal(found.problems[0]?.message, 'cannot be read (ENOENT)');
});

test('no file is wrong use', () => {
  const { code, err } = check([]);
  assert.equal(code, 2);
  assert.match(err, /takes one configuration file/);
});
