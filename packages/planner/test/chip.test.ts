// Proves that the chips of the catalog become chips of the planner, and that unknown stays unknown.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { chipOf, peakFlops, rankOf } from '../src/chip.ts';

const path = new URL('../../../catalog/accelerators.json', import.meta.url);
const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);
const chip = (id: string) => chipOf(accelerators.find(a => a.id === id)!);

test('every accelerator becomes a chip of a family', () => {
  for (const accelerator of accelerators) assert.ok(chipOf(accelerator).family !== 'other');
  assert.equal(chip('TPU-v5p').family, 'tpu');
  assert.equal(chip('Trainium2').family, 'trainium');
  assert.equal(chip('Trainium2').fabric, 'torus');
  assert.equal(chip('H100-SXM').fabric, 'switch');
  assert.equal(chip('MI300X').fabric, 'mesh');
});

test('a precision that a chip lacks falls back to the next wider one', () => {
  assert.equal(peakFlops(chip('A100-80GB'), 'fp8'), 312e12);
  assert.equal(peakFlops(chip('H100-SXM'), 'mxfp8'), 1979e12);
  assert.equal(peakFlops(chip('Maia-200'), 'bf16'), null);
});

test('a rank is its share of a chip', () => {
  const core = rankOf(chip('Trainium1'), 2);
  assert.equal(core.bf16, 95e12);
  assert.equal(core.scaleUpChips, 32);
  assert.equal(rankOf(chip('H100-SXM'), 1).bf16, 989.4e12);
});
