// Proves that published runs are read and predicted as accurately as the fit says, and that what
// cannot be judged is listed with the reason. The runs are third-party files: skipped where absent.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type RunRow, readServingRun } from '@entrepot/planner/serve/serving-run';
import { isServingRow, validateServing } from '@entrepot/planner/serve/validate';
import { chips, entries, fitted } from './cases.ts';

const file = '/work/shared/data/serving_runs.json';
const skip = existsSync(file) ? false : `${file} is not there`;

const row: RunRow = {
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
  measured: { output_tokens_per_s: null, ttft_ms_p50: 100, tpot_ms_p50: 14 },
};

test('a run is read as it stands', () => {
  assert.ok(isServingRow(row));
  const run = readServingRun(row, entries, chips);
  assert.ok(typeof run !== 'string');
  assert.deepEqual(run.instance.layout, { tp: 4, ep: 1, attentionDp: 1, pp: 1 });
  assert.equal(run.concurrency, 16);
});

test('chips given as tp x ep are read as the tensor group, and that is said', () => {
  const wide = { ...row, model: 'deepseek-v3', count: 64, tp: 64, ep: 8 };
  const run = readServingRun(wide, entries, chips);
  assert.ok(typeof run !== 'string');
  assert.equal(run.instance.layout.tp, 8);
  assert.match(run.remarks.join(), /tp x ep/);
});

test('a layout that is open or impossible is planned, and marked so', () => {
  const open = [
    { ...row, id: 'none', tp: null },
    { ...row, id: 'heads', tp: 3 },
  ];
  const { runs } = validateServing(open, entries, chips, fitted.parameters);
  for (const run of runs) {
    assert.ok(run.planned && run.predicted?.fits);
    assert.match(run.remarks.join(), /the best layout that was found/);
  }
});

test('what cannot be judged has a reason', () => {
  const wrong = [
    { ...row, id: 'model', model: 'unknown-9b' },
    { ...row, id: 'chip', accelerator: 'X1' },
    { ...row, id: 'lengths', input_len: null },
    { ...row, id: 'batch', concurrency: null },
  ];
  const { runs } = validateServing(wrong, entries, chips, fitted.parameters);
  const reasons = runs.map(run => run.reason);
  assert.match(reasons[0]!, /the shape of unknown-9b is not known/);
  assert.match(reasons[1]!, /no accelerator X1/);
  assert.match(reasons[2]!, /no lengths/);
  assert.match(reasons[3]!, /no concurrency/);
});

test('published runs are predicted as the fit says', { skip }, () => {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as RunRow[];
  const { summary, runs } = validateServing(rows, entries, chips, fitted.parameters);
  assert.ok(summary.judged / summary.runs > 0.99);
  assert.ok(summary.fitShare > 0.97, `${summary.fitShare} fit`);
  const all = (measure: string) =>
    summary.groups.find(group => group.by === 'all' && group.measure === measure)!;
  assert.ok(all('tpotMs').median < 0.12, `tpot ${all('tpotMs').median}`);
  assert.ok(all('tokensPerSecond').median < 0.2, `throughput ${all('tokensPerSecond').median}`);
  assert.ok(all('ttftMs').median < 0.25, `ttft ${all('ttftMs').median}`);
  assert.ok(runs.every(run => run.predicted !== null || run.reason !== null));
});
