// Proves which layouts are refused, with the nearest thing that would do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chipsOf, type Layout, layoutProblems, microBatches } from '../src/layout.ts';
import { deepseekV3, llama405b } from './shapes.ts';

const layout: Layout = {
  tp: 8,
  sp: true,
  pp: 9,
  vpp: 7,
  dp: 8,
  cp: 2,
  ep: 1,
  etp: 1,
  microBatch: 1,
  sharding: 'zero1',
  shards: null,
  recompute: 'none',
  recomputedShare: 1,
};
const job = {
  model: llama405b,
  sequence: 8192,
  globalBatch: 504,
  precision: 'bf16',
  frozenBase: false,
} as const;

test('a layout that was run is possible', () => {
  assert.deepEqual(layoutProblems(job, layout), []);
  assert.equal(chipsOf(layout), 1152);
  assert.equal(microBatches(layout, 504), 63);
});

test('what does not divide is refused with the nearest that does', () => {
  assert.match(layoutProblems(job, { ...layout, tp: 12 })[0]!, /tp 12 .* 128 attention heads; 8/);
  assert.match(layoutProblems(job, { ...layout, dp: 5 })[0]!, /504 sequences a step; 4 does/);
  assert.match(layoutProblems(job, { ...layout, pp: 200 }).join(), /126 is the most/);
  assert.match(layoutProblems(job, { ...layout, ep: 2 }).join(), /needs a model with experts/);
});

test('experts are laid out over the chips of a stage', () => {
  const sparse = { ...job, model: deepseekV3, sequence: 4096, globalBatch: 4096 };
  const spread = { ...layout, tp: 1, cp: 1, pp: 4, vpp: 4, dp: 64, ep: 64 };
  assert.deepEqual(layoutProblems(sparse, spread), []);
  assert.match(layoutProblems(sparse, { ...spread, ep: 128 }).join(), /64 chips of a stage/);
});
