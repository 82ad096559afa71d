// Proves that published runs are read and predicted as accurately as the fit says, and that what
// cannot be judged is listed with the reason. The runs are third-party files: skipped where absent.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isServingRow, type RunRow } from '@entrepot/planner/serve/run-row';
import { readServingRun, type ServingRun } from '@entrepot/planner/serve/serving-run';
import { validateServing } from '@entrepot/planner/serve/validate';
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

test('a run of MLPerf needs its limits, and its lengths where it has none of its own', () => {
  const offline = { ...row, mode: 'MLPerf Offline', concurrency: null, batch: null };
  const bare = { ...offline, input_len: null, output_len: null };
  const ours = [offline, bare, { ...offline, mode: 'MLPerf Server' }];
  const theirs = [
    { ...bare, model: 'llama2-70b' },
    { ...offline, mode: 'server' },
  ];
  const { runs } = validateServing([...ours, ...theirs], entries, chips, fitted.parameters);
  const unknown = 'what MLPerf sets for meta-llama/Llama-3.1-70B is not known';
  const open = 'the row says no limit under which it was measured';
  assert.deepEqual(
    runs.map(run => run.reason),
    [null, unknown, unknown, null, open],
  );
});

test('a field that is missing, empty or of another type is named, never thrown', () => {
  const { id: _, ...unnamed } = row;
  const odd: readonly unknown[] = [
    { ...row, tp: '4' },
    { ...unnamed, accelerator: 7 },
    { ...row, measured: { tpot_ms_p50: 'fast' } },
    { ...row, concurrency: 0 },
    { ...row, model: null },
    { id: 'bare', model: row.model, accelerator: 'B200', precision: 'fp8', mode: 'aggregated' },
    { ...row, measured: null, pp: undefined, ep: undefined, notes: undefined },
  ];
  const { runs } = validateServing(odd, entries, chips, fitted.parameters);
  assert.deepEqual(
    runs.map(run => [run.id, run.reason]),
    [
      ['one', 'tp must be a number above 0, not "4"'],
      ['row 2', 'accelerator must be a text, not 7'],
      ['one', 'measured.tpot_ms_p50 must be a number above 0, not "fast"'],
      ['one', 'concurrency must be a number above 0, not 0'],
      ['one', 'model is missing'],
      ['bare', 'the row has no lengths'],
      ['one', null],
    ],
  );
  assert.ok(runs.at(-1)!.predicted!.tpotMs! > 0);
});

test('runs of InferenceX are read with the lengths it draws and what its scripts launch', () => {
  const read = (of: Partial<RunRow>): ServingRun => {
    const run = readServingRun({ ...row, ...of }, entries, chips);
    assert.ok(typeof run !== 'string');
    return run;
  };
  const ours = read({ input_len: 1000 });
  assert.deepEqual([ours.inputTokens, ours.instance.launch.pollSteps], [1000, 1]);
  assert.equal(ours.pattern.openingShare, 0);
  const sglang = { engine: 'sglang 0.5.9', accelerator: 'B200', model: 'deepseek-r1' };
  const drawn = read({ ...sglang, count: 8, tp: 8, date: '2026-03-25' });
  assert.ok(Math.abs(drawn.inputTokens - 0.9 * 1024) < 1e-9);
  assert.equal(drawn.instance.launch.pollSteps, 30);
  assert.deepEqual(drawn.pattern, { openingShare: 0.1, cold: false, alike: false });
  const trtllm = { engine: 'trtllm', accelerator: 'B200', model: 'llama-3.3-70b' };
  const held = read({ ...trtllm, count: 4, tp: 4, date: '2025-10-29' });
  assert.deepEqual([held.instance.launch.holdSteps, held.pattern.cold], [20, true]);
  assert.equal(read({ ...trtllm, count: 8, tp: 8 }).instance.launch.holdSteps, 0);
});

test('a script holds from its day on', () => {
  const chunk = (date: string): number => {
    const of = { engine: 'trtllm', accelerator: 'B200', model: 'deepseek-r1', date };
    const run = readServingRun({ ...row, ...of }, entries, chips);
    assert.ok(typeof run !== 'string');
    return run.instance.launch.chunkTokens;
  };
  assert.ok(chunk('2025-11-02') < 2 * 1024);
  assert.equal(chunk('2026-01-29'), 8192);
});

test('published runs are predicted as the fit says', { skip }, () => {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as RunRow[];
  const { summary, runs } = validateServing(rows, entries, chips, fitted.parameters);
  assert.ok(summary.judged / summary.runs > 0.99);
  assert.ok(summary.fitShare > 0.97, `${summary.fitShare} fit`);
  const all = (measure: string) =>
    summary.groups.find(group => group.by === 'all' && group.measure === measure)!;
  assert.ok(all('tpotMs').median < 0.1, `tpot ${all('tpotMs').median}`);
  assert.ok(all('tokensPerSecond').median < 0.12, `throughput ${all('tokensPerSecond').median}`);
  assert.ok(all('ttftMs').median < 0.2, `ttft ${all('ttftMs').median}`);
  assert.ok(runs.every(run => run.predicted !== null || run.reason !== null));
});
