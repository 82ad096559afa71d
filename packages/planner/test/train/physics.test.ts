// Proves single effects that the physics of a step holds, each by two predictions that differ in
// one thing: what is sourced in the comments of the code is what the figures do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { type Chip, chipOf } from '../../src/chip.ts';
import { type GemmSpeed, gemmSeconds } from '../../src/gemm.ts';
import type { Layout, TrainingJob } from '../../src/layout.ts';
import { predictStep, type StepPrediction } from '../../src/train/step.ts';
import { type StepParameters, usualParameters } from '../../src/train/step-parameters.ts';
import { llama405b, mixtral8x7b } from '../shapes.ts';

const catalog = new URL('../../../../catalog/accelerators.json', import.meta.url);
const accelerators = readAccelerators('accelerators.json', readFileSync(catalog, 'utf8'), []);
const chip = (id: string) => chipOf(accelerators.find(a => a.id === id)!);

const job: TrainingJob = {
  model: llama405b,
  sequence: 8192,
  globalBatch: 1024,
  precision: 'bf16',
  frozenBase: false,
};
const layout: Layout = {
  ...{ tp: 4, sp: true, pp: 8, vpp: 1, dp: 8, cp: 1, ep: 1, etp: 1 },
  ...{ microBatch: 1, sharding: 'zero1', shards: null, recompute: 'none', recomputedShare: 1 },
};

function predict(
  on: Chip,
  of: Partial<TrainingJob> = {},
  by: Partial<Layout> = {},
  parameters: Partial<StepParameters> = {},
): StepPrediction {
  const all = { ...usualParameters, ...parameters };
  const found = predictStep({ ...job, ...of }, { ...layout, ...by }, on, all);
  if ('missing' in found) assert.fail(found.missing.join());
  return found;
}

test('NVFP4 hides nothing of tensor parallel collectives', () => {
  const fp8 = predict(chip('GB300'), { precision: 'mxfp8' }).parts.tensor;
  const fp4 = predict(chip('GB300'), { precision: 'nvfp4' }).parts.tensor;
  assert.ok(Math.abs(fp4 * usualParameters.exposedTensor - fp8) < 1e-9);
});

test('a softmax waits for exponentials: half the width of heads is not half the time', () => {
  const narrow = { ...llama405b, heads: 128, headDim: 64 };
  const fused = { attentionHalfDim: 1e-12, scoreBytes: 1e-12 };
  const share = (on: Chip) =>
    predict(on, { model: narrow }, {}, fused).parts.attention /
    predict(on, {}, {}, fused).parts.attention;
  assert.ok(share(chip('B200')) > share(chip('B300')));
  assert.ok(share(chip('B300')) > 0.5);
  const unknown = { ...chip('B200'), exponentialsPerSecond: null };
  assert.ok(Math.abs(share(unknown) - 0.5) < 1e-9);
});

test('a faster format loses more to a short product, a result of 16 bits most of all', () => {
  const bf16: GemmSpeed = {
    ...{ flopsPerSecond: 1e15, bytesPerSecond: 1e13, operandBytes: 2 },
    ...{ halfSide: 400, rate: 1, tile: 1 },
  };
  const fp8 = { ...bf16, flopsPerSecond: 2e15, operandBytes: 1, rate: 2 };
  const gain = (m: number, n: number, k: number) =>
    gemmSeconds(bf16, m, n, k) / gemmSeconds(fp8, m, n, k);
  assert.ok(gain(16384, 16384, 16384) > gain(16384, 16384, 1024));
  assert.ok(Math.abs(gain(1024, 1e9, 1e9) - 2) < 1e-3, 'narrow operands make up for the rate');
});

test('what is not needed is not computed again: the last product, offloaded projections', () => {
  const tpu = chip('TPU-v5p');
  const again = (by: Partial<Layout>, repeatedLast: number) =>
    predict(tpu, {}, by, { repeatedLast }).parts.recompute;
  const all = again({ recompute: 'full' }, 1);
  const compiled = again({ recompute: 'full' }, 0);
  const offloaded = again({ recompute: 'offload' }, 0);
  assert.ok(compiled < 0.8 * all && compiled > 0.6 * all, `${compiled / all}`);
  assert.ok(offloaded < 0.9 * compiled);
});

test('slices of TPUs pay for each doubling, by layers; replicas on one fabric do not', () => {
  const tpu = chip('TPU-v5p');
  const sharded = { tp: 1, pp: 1, sharding: 'zero3' } as const;
  const data = (dp: number, shards: number | null) => {
    const by = { ...sharded, dp, shards };
    return predict(tpu, { globalBatch: dp }, by, { exposedSlices: 0 }).parts.data;
  };
  const alone = data(256, 256);
  const each = usualParameters.sliceSeconds * llama405b.layers;
  assert.ok(Math.abs(data(512, 256) - alone - each) < 0.02 * each);
  assert.ok(Math.abs(data(1024, 256) - alone - 2 * each) < 0.02 * each);
  assert.ok(data(512, null) - alone < 0.05 * each);
});

test('chunks of a pipeline hide gradients behind one another, whole stages do not', () => {
  const data = (vpp: number) => predict(chip('H100-SXM'), {}, { dp: 64, vpp }).parts.data;
  assert.ok(data(5) < 0.5 * data(1), `${data(5)} ${data(1)}`);
});

test('gradients that are not held go with each micro-batch, behind that alone', () => {
  const data = (sharding: Layout['sharding']) =>
    predict(chip('H100-SXM'), {}, { sharding, vpp: 5 }).parts.data;
  assert.ok(data('zero2') > 5 * data('zero1'), `${data('zero2')} ${data('zero1')}`);
});

test('grouped products of experts are never faster than as many plain ones', () => {
  const of = { model: mixtral8x7b };
  const by = { pp: 1, ep: 8 };
  const matrix = (parameters: Partial<StepParameters>) =>
    predict(chip('H100-SXM'), of, by, parameters).parts.matrix;
  const plain = matrix({ expertGemm: 1, expertHalfSide: usualParameters.halfSide });
  assert.equal(matrix({ expertGemm: 5, expertHalfSide: 1 }), plain);
  assert.ok(matrix({ expertGemm: 0.5 }) > plain);
});

test('the slowest of more hosts is later, by less with each doubling', () => {
  const late = (dp: number) => {
    const { parts, seconds } = predict(chip('H100-SXM'), { globalBatch: 16 * dp }, { dp });
    return parts.jitter / (seconds - parts.jitter);
  };
  const [few, more, most] = [late(32), late(64), late(128)];
  assert.ok(few! < more! && more! < most!);
  assert.ok(most! - more! < more! - few!);
});
