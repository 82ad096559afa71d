// Proves what a step's time and memory must do whatever the parameters are: parts add up, more
// chips or more recomputation move them the right way, and unknown figures are said.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { chipOf } from '../../src/chip.ts';
import type { Layout, TrainingJob } from '../../src/layout.ts';
import { parametersFor } from '../../src/train/fitted.ts';
import { groundOf } from '../../src/train/ground.ts';
import { leastRecompute } from '../../src/train/known-recompute.ts';
import { readFitted } from '../../src/train/read-fitted.ts';
import { predictStep, type StepPrediction, sumOf } from '../../src/train/step.ts';
import { llama405b } from '../shapes.ts';

const catalog = new URL('../../../../catalog/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, catalog), 'utf8');
const accelerators = readAccelerators('accelerators.json', text('accelerators.json'), []);
const chip = (id: string) => chipOf(accelerators.find(a => a.id === id)!);
const fitted = readFitted(text('training-parameters.json'));
const h100 = chip('H100-SXM');
const parameters = parametersFor(fitted, {
  chip: h100,
  framework: 'nemo',
  date: '2025-04',
  format: 'bf16',
});

const job: TrainingJob = {
  model: llama405b,
  sequence: 8192,
  globalBatch: 252,
  precision: 'bf16',
  frozenBase: false,
};
const layout: Layout = {
  tp: 8,
  sp: true,
  pp: 9,
  vpp: 7,
  dp: 4,
  cp: 2,
  ep: 1,
  etp: 1,
  microBatch: 1,
  sharding: 'zero1',
  shards: null,
  recompute: 'none',
  recomputedShare: 1,
};

function predict(of: TrainingJob, on: Layout): StepPrediction {
  const found = predictStep(of, on, h100, parameters);
  if ('missing' in found) assert.fail(found.missing.join());
  return found;
}

test('the parts of a step add up to it, and Llama 405B takes about what NVIDIA published', () => {
  const step = predict(job, layout);
  assert.ok(Math.abs(sumOf(step.parts) / step.seconds - 1) < 1e-9);
  // 17.5 s: dgxc-benchmarking, 576 H100.
  assert.ok(Math.abs(step.seconds / 17.5 - 1) < 0.1, `${step.seconds} s`);
  assert.ok(step.mfu > 0.4 && step.mfu < 0.65);
});

test('replicas with as much work each take a little longer together', () => {
  const one = predict(job, layout).seconds;
  const four = predict({ ...job, globalBatch: 1008 }, { ...layout, dp: 16 }).seconds;
  assert.ok(four > one && four < 1.05 * one);
});

test('on 8,192 and 16,384 chips Llama 405B is as near what Meta published as layouts tell', () => {
  // arXiv 2407.21783, table 4: 43 and 41 %; chunks, and when gradients are scattered, are not told.
  const published = { 8192: 0.43, 16384: 0.41 };
  const meta = { ...layout, pp: 16, vpp: 4, cp: 1 } as const;
  const setting = { chip: h100, framework: 'megatron', date: '2024-07', format: 'bf16' } as const;
  for (const [chips, mfu] of Object.entries(published)) {
    const on = { ...meta, dp: Number(chips) / 128 };
    const of = { ...job, globalBatch: 2048 };
    const found = predictStep(of, on, h100, parametersFor(fitted, setting));
    if ('missing' in found) assert.fail(found.missing.join());
    assert.ok(Math.abs(found.mfu / mfu - 1) < 0.1, `${chips}: ${found.mfu}`);
  }
});

test('recomputation takes time and gives memory; sharding gives memory', () => {
  const none = predict(job, layout);
  const full = predict(job, { ...layout, recompute: 'full' });
  assert.ok(full.seconds > 1.15 * none.seconds);
  assert.ok(full.memory.activationBytes < 0.5 * none.memory.activationBytes);
  const sharded = predict(job, { ...layout, sharding: 'zero3' });
  assert.ok(sharded.memory.weightBytes < 0.2 * none.memory.weightBytes);
});

test('where nobody says, no more is recomputed than must be', () => {
  const ground = groundOf(job, h100, parameters);
  if ('missing' in ground) assert.fail();
  const found = leastRecompute(ground, { ...layout, microBatch: 3 });
  const { memory } = predict(job, found);
  assert.ok(memory.fits && memory.totalBytes > 0.95 * memory.capacityBytes);
});

test('a chip without a figure that must be known gives its name', () => {
  const found = predictStep(job, layout, chip('Maia-200'), parameters);
  assert.deepEqual(found, { missing: ['peak of matrix products'] });
});
