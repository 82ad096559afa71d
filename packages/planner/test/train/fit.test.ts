// Proves that the fit finds what made the runs: times are computed with known parameters, and the
// fit has to come back to them from others.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { chipOf } from '../../src/chip.ts';
import type { Layout } from '../../src/layout.ts';
import { type FitRun, fit } from '../../src/train/fit.ts';
import { type Fitted, parametersFor } from '../../src/train/fitted.ts';
import { predictRun } from '../../src/train/predict-run.ts';
import type { GivenLayout } from '../../src/train/published-run.ts';
import { accuracyOf, judgeRun } from '../../src/train/run-errors.ts';
import { usualParameters } from '../../src/train/step-parameters.ts';
import { llama8b } from '../shapes.ts';

const path = new URL('../../../../catalog/accelerators.json', import.meta.url);
const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);

const usual: Fitted = {
  fittedOn: '',
  source: '',
  rows: 0,
  loss: 0,
  base: usualParameters,
  factors: [],
  accuracy: [],
};
const truth: Fitted = {
  ...usual,
  base: { ...usualParameters, gemmBf16: 0.8 },
  factors: [{ level: 'chip', of: 'A100-80GB', parameter: 'gemmBf16', factor: 0.9 }],
};

/** Runs of two chips and several sizes, as long as the truth says. */
const runs: FitRun[] = ['H100-SXM', 'A100-80GB'].flatMap(id =>
  [8, 16, 32, 64].map(chips => {
    const chip = chipOf(accelerators.find(a => a.id === id)!);
    const layout: Layout = {
      ...{ tp: 2, sp: true, pp: 1, vpp: 1, dp: chips / 2, cp: 1, ep: 1, etp: 1, microBatch: 1 },
      sharding: 'zero1',
      shards: null,
      recompute: 'none',
      recomputedShare: 1,
    };
    const job = { sequence: 4096, globalBatch: 4 * chips, precision: 'bf16', frozenBase: false };
    const run = {
      ...{ id: `${id}-${chips}`, source: '', date: '2025-04', framework: 'nemo' },
      ...{ accelerator: id, chips, ranks: 1, job: { ...job, model: llama8b } },
      ...{ precisionName: 'bf16', given: layout as GivenLayout },
      ...{ secondsMeasured: 1, tokensPerSecondPerChip: null, memoryBytesMeasured: null },
    } as FitRun['run'];
    const setting = { chip, framework: 'nemo', date: '2025-04', format: 'bf16' } as const;
    const made = predictRun(run, chip, parametersFor(truth, setting), [layout]);
    if ('reason' in made) assert.fail(made.reason);
    const measured = { ...run, secondsMeasured: made.predicted };
    return { run: measured, chip, layouts: [layout], setting, pair: id, weight: 1 };
  }),
);

test('the fit comes back to the parameters that made the runs', () => {
  const penalty = {
    ...{ family: 0, generation: 0, chip: 0.0001, framework: 0, format: 0 },
    ...{ 'framework+generation': 0, 'framework+age': 0, 'framework+age+precision': 0 },
  };
  const found = fit(
    usual,
    runs,
    [
      { level: 'base', of: '', parameter: 'gemmBf16' },
      { level: 'chip', of: 'A100-80GB', parameter: 'gemmBf16' },
    ],
    { sweeps: 40, penalty, known: [], bounds: {}, stiffness: {} },
  );
  assert.ok(Math.abs(found.base.gemmBf16 / 0.8 - 1) < 0.01, String(found.base.gemmBf16));
  assert.ok(Math.abs(found.factors[0]!.factor / 0.9 - 1) < 0.02);
  assert.ok(found.loss < 0.01);
});

test('errors are told by group, with runs and pairs counted', () => {
  const judged = runs.map(run => judgeRun(run, usual)).filter(found => 'error' in found);
  const groups = accuracyOf(judged as Parameters<typeof accuracyOf>[0]);
  const all = groups.find(group => group.by === 'all')!;
  assert.deepEqual([all.runs, all.pairs], [8, 2]);
  assert.ok(all.bias < 0 && all.median > 0.03);
});
