// Proves the commands on models: the list, one model, a config.json of the user's, and what is said
// of a name or a file that does not work.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../command-process.ts';

test('the list has a model a line, and one is described', async () => {
  const all = await runCommand(['model', 'show']);
  assert.equal(all.code, 0);
  assert.match(all.stdout, /meta\/llama-3\.3-70b\s+70\.6 B/);
  const one = await runCommand(['model', 'show', 'deepseek-r1']);
  assert.match(one.stdout, /8 of 256/);
  assert.match(one.stdout, /mla/);
});

test('a name that is not known is answered with a near one', async () => {
  const { code, stderr } = await runCommand(['model', 'show', 'lama-3.3-70b']);
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean "llama-3.3-70b"\?/);
});

test('a config.json is read, and a broken one says which field', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'entrepot-model-')), 'tiny.json');
  const config = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4, vocab_size: 100 };
  writeFileSync(path, JSON.stringify(config));
  const read = await runCommand(['model', 'import', path]);
  assert.equal(read.code, 0, read.stderr);
  assert.match(read.stdout, /imported\/tiny/);
  writeFileSync(path, JSON.stringify({ ...config, vocab_size: -1, hidden_size: null }));
  const broken = await runCommand(['model', 'import', path]);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /vocab_size: must be a whole number from 1 up, not -1/);
  assert.match(broken.stderr, /hidden_size: is missing/);
});
