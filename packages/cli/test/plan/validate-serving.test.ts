// Proves that `plan validate` takes serving runs: predictions beside measurements in the names of
// both, reasons where there are none, and the published errors without a file.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../command-process.ts';

const measured = { output_tokens_per_s: null, ttft_ms_p50: 100, tpot_ms_p50: 14 };
const run = {
  id: 'one',
  source: 'a table',
  date: '2026-01-15',
  engine: 'vllm 0.19.0',
  model: 'meta-llama/Llama-3.1-70B',
  accelerator: 'H100-SXM',
  count: 4,
  tp: 4,
  pp: 1,
  ep: 1,
  precision: 'fp8',
  kv_cache_precision: null,
  input_len: 1024,
  output_len: 1024,
  batch: 16,
  concurrency: 16,
  mode: 'aggregated',
  measured,
};

test('a file of serving runs is predicted, and what cannot be judged has a reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-runs-'));
  const file = join(folder, 'runs.json');
  const out = join(folder, 'out.json');
  writeFileSync(file, JSON.stringify([run, { ...run, id: 'two', model: 'unknown-9b' }]));
  const { code, stderr } = await runCommand(['plan', 'validate', '--runs', file, '--json', out]);
  assert.equal(code, 0, stderr);
  const { summary, runs } = JSON.parse(readFileSync(out, 'utf8'));
  assert.ok(summary.some((group: { by: string }) => group.by === 'tpotMs'));
  const [one, two] = runs;
  assert.equal(one.measured.tpotMs, 14);
  assert.ok(one.predicted.tpotMs > 5 && one.predicted.ttftMs > 10);
  assert.ok(one.predicted.memoryBytes > 15e9 && one.predicted.fits);
  assert.equal(one.error, one.predicted.tpotMs / 14 - 1);
  assert.match(two.reason, /the shape of unknown-9b is not known/);
});

test('without a file the errors of cross-validation are shown', async () => {
  const { code, stdout } = await runCommand(['plan', 'validate']);
  assert.equal(code, 0);
  assert.match(stdout, /serving: predicted against measured/);
  assert.match(stdout, /tpot by accelerator +B200/);
});

test('rows of odd form are listed with their field, and a row of no form is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-runs-'));
  const file = join(folder, 'runs.json');
  const out = join(folder, 'out.json');
  const odd = [
    run,
    { ...run, id: 'text', tp: 'eight' },
    { ...run, id: 'bare', measured: undefined },
  ];
  writeFileSync(file, JSON.stringify(odd));
  const { code } = await runCommand(['plan', 'validate', '--runs', file, '--json', out]);
  assert.equal(code, 0);
  const { runs } = JSON.parse(readFileSync(out, 'utf8'));
  assert.match(runs[1].reason, /tp must be a number above 0, not "eight"/);
  assert.ok(runs[2].predicted.tpotMs > 0 && runs[2].error === null);
  writeFileSync(file, JSON.stringify([run, { id: 'menu', soup: 1 }]));
  await runCommand(['plan', 'validate', '--runs', file, '--json', out]);
  assert.match(JSON.parse(readFileSync(out, 'utf8')).runs[1].reason, /the form of no kind of run/);
});
