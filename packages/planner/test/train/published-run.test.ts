// Proves what is read of a published run: the shape of its model, ranks on a chip, slices that hold
// a copy each, and what its source leaves open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completions, isComplete, withBatch } from '../../src/train/complete-layout.ts';
import { layoutsOfRun } from '../../src/train/predict-run.ts';
import { type PublishedRun, readRun } from '../../src/train/published-run.ts';
import type { RunRow } from '../../src/train/run-row.ts';
import { llama405b } from '../shapes.ts';

const row: RunRow = {
  id: 'run',
  source: 'a table',
  date: '2025-04',
  framework: 'NeMo/Megatron-Core',
  model: {
    name: 'llama3-8b',
    layers: 32,
    hidden: 4096,
    heads: 32,
    kv_heads: 8,
    head_dim: 128,
    ffn: 14336,
    gated_ffn: true,
    vocab: 128256,
    seq: 8192,
  },
  accelerator: 'H100-SXM',
  count: 8,
  precision: 'bf16',
  ...{ tp: 1, pp: 1, dp: 4, cp: 2, ep: null, etp: null, vpp: null },
  sharding: 'zero1_distributed_optimizer',
  micro_batch: 1,
  global_batch: 128,
  recompute: null,
  measured: { step_time_s: 12.78, tokens_per_s_per_chip: null, memory_gib: null },
  notes: null,
};

function read(of: Partial<RunRow>): PublishedRun {
  const run = readRun({ ...row, ...of }, []);
  if ('reason' in run) assert.fail(run.reason);
  return run;
}

test('a run with its whole layout is that layout, with recomputation left open', () => {
  const run = read({});
  assert.equal(isComplete(run.given), true);
  assert.equal(run.given.recompute, null);
  const layouts = layoutsOfRun(run);
  assert.deepEqual([layouts.length, layouts[0]!.dp, layouts[0]!.cp], [1, 4, 2]);
});

test('what is null in a row is as if it were not there', () => {
  const model = { ...row.model, kv_lora_rank: null, experts: null };
  const { latent, experts } = read({ model }).job.model;
  assert.deepEqual([latent, experts], [null, null]);
});

test('degrees that count cores make a rank of each core', () => {
  const run = read({ accelerator: 'Trainium1', tp: 8, cp: 1, dp: 2, count: 8 });
  assert.equal(run.ranks, 2);
});

test('windows and every second layer with experts are read from the notes of a model', () => {
  const notes = '5:1 local(1024 window):global attention';
  const { model } = read({ model: { ...row.model, notes } }).job;
  assert.deepEqual([model.window, model.fullAttentionEvery], [1024, 6]);
  const sparse = { ...row.model, experts: 128, top_k: 1, notes: 'MoE every 2nd layer' };
  assert.equal(read({ model: sparse }).job.model.experts!.every, 2);
});

test('a slice holds a whole copy where the source says how large it is', () => {
  const slices = { framework: 'MaxText', tp: 8, cp: 1, dp: 32, count: 256 };
  const notes = '2 slice(s) of v5p-256 (128 chips)';
  assert.equal(read({ ...slices, notes, sharding: 'fsdp within a slice' }).given.shards, 16);
});

test('fewer sequences than replicas: the sequences lie over more chips', () => {
  const layouts = layoutsOfRun(read({ dp: 16, cp: 2, count: 32, global_batch: 8 }));
  assert.deepEqual([layouts[0]!.dp, layouts[0]!.cp], [8, 4]);
});

test('what a source leaves open is filled in in every valid way', () => {
  const run = read({ tp: null, pp: null, dp: null, cp: null, micro_batch: null });
  const found = completions(withBatch(run.job), run.given, 8, run.framework);
  assert.ok(found.length > 20);
  assert.ok(found.every(layout => layout.tp * layout.pp * layout.dp * layout.cp === 8));
});

test('chunks of a pipeline are open where more of a layout is, else none are', () => {
  const cut = { tp: 1, pp: 4, dp: 2, cp: 1 };
  assert.equal(read(cut).given.vpp, 1);
  assert.equal(read({ ...cut, vpp: 2 }).given.vpp, 2);
  const open = layoutsOfRun(read({ ...cut, micro_batch: null }));
  assert.deepEqual([...new Set(open.map(layout => layout.vpp))].sort(), [1, 2, 4, 8]);
  // Micro-batches come in rounds of the stages: of 12 sequences for two replicas, six are none.
  const odd = layoutsOfRun(read({ ...cut, micro_batch: null, global_batch: 12 }));
  assert.deepEqual([...new Set(odd.map(layout => layout.vpp))], [1]);
});

test('a shape that a row leaves out is that of the model known by its name', () => {
  const { name: _, ...shape } = llama405b;
  const plain = { linear: null, sparse: null, gatedAttention: false, name: 'llama-3.1-405b' };
  const known = {
    ...{
      id: 'meta/llama-3.1-405b',
      aliases: [],
      source: 'a config',
      seenOn: '2026-11-24',
      verified: null,
    },
    shape: { ...shape, ...plain },
  };
  const nulls = { layers: null, hidden: null, heads: null, kv_heads: null, head_dim: null };
  const model = { ...row.model, ...nulls, ffn: null, gated_ffn: null, vocab: null };
  const run = readRun({ ...row, model: { ...model, name: 'llama3.1-405b' } }, [known]);
  if ('reason' in run) assert.fail(run.reason);
  assert.deepEqual(
    [run.job.model.layers, run.job.model.kvHeads, run.job.model.gated],
    [126, 8, true],
  );
});

test('a model known by its name alone brings its experts', () => {
  const bare = { layers: null, hidden: null, heads: null, kv_heads: null, head_dim: null };
  const nothing = { ...row.model, ...bare, ffn: null, gated_ffn: null, vocab: null };
  const experts = { count: 8, topK: 2, ffn: 512, shared: 0, firstDenseLayers: 0, every: 1 };
  const entry = {
    ...{ id: 'maker/mixture', aliases: [], source: 'a config', seenOn: '2026-11-24' },
    ...{ verified: null },
    shape: { ...llama405b, experts, linear: null, sparse: null, gatedAttention: false },
  };
  const run = readRun({ ...row, ep: 4, model: { ...nothing, name: 'mixture' } }, [entry]);
  if ('reason' in run) assert.fail(run.reason);
  assert.deepEqual([run.job.model.experts, run.given.ep], [experts, 4]);
});

test('sequence parallelism is of its first month on', () => {
  const cut = { tp: 4, dp: 1, framework: 'Megatron-LM' };
  assert.equal(read({ ...cut, date: '2022-04' }).given.sp, false);
  assert.equal(read({ ...cut, date: '2022-05' }).given.sp, true);
});

test('without its layers or a time, a run has a reason', () => {
  const bare = readRun({ ...row, model: { ...row.model, layers: null } }, []);
  assert.deepEqual(bare, { reason: 'layers not published' });
  const measured = { step_time_s: null, tokens_per_s_per_chip: null, memory_gib: null };
  assert.match(String(Object.values(readRun({ ...row, measured }, []))), /not a time/);
});
