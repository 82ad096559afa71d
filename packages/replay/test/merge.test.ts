// Proves that results of pieces of traffic merge exactly, in any order, and that money of any size
// is exact.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deployment, route } from '../../engine/test/fleet.ts';
import { addAmounts, amountOf, Purse, subtractAmounts } from '../src/result/amount.ts';
import { mergeResults } from '../src/result/merge.ts';
import { mergeSketches, quantileOf, SketchBuilder } from '../src/result/sketch.ts';
import { columns, replayed } from './traffic.ts';

function sketchOf(durations: readonly number[]) {
  const builder = new SketchBuilder();
  for (const ms of durations) builder.add(ms);
  return builder.sketch;
}

const durations = fc.array(fc.double({ min: 0.02, max: 1e7, noNaN: true }), { minLength: 1 });

test('the sketch of all is the sum of the sketches of parts', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      assert.deepEqual(mergeSketches(sketchOf(a), sketchOf(b)), sketchOf([...a, ...b]));
    }),
  );
});

test('a quantile of a sketch is off by 1 % at most', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, q) => {
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)]!;
      const told = quantileOf(sketchOf(all), q)!;
      assert.ok(Math.abs(told / exact - 1) <= 0.0101, `${told} for ${exact}`);
    }),
  );
});

test('money adds up exactly, also beyond what a double holds', () => {
  const nano = fc.maxSafeInteger().map(n => Math.floor(n / 2));
  const whole = ({ usd, nanoUsd }: { usd: number; nanoUsd: number }) =>
    BigInt(usd) * 1_000_000_000n + BigInt(nanoUsd);
  fc.assert(
    fc.property(fc.array(nano, { minLength: 1, maxLength: 50 }), all => {
      const purse = new Purse();
      for (const one of all) purse.add(one);
      const sum = all.reduce((total, one) => total + BigInt(one), 0n);
      assert.equal(whole(purse.amount), sum);
      assert.equal(whole(all.map(amountOf).reduce(addAmounts)), sum);
      const back = subtractAmounts(purse.amount, amountOf(all[0]!));
      assert.equal(whole(back), sum - BigInt(all[0]!));
    }),
  );
});

test('results merge in any order', () => {
  const routes = [route([deployment('aws'), deployment('azure')], 'balanced')];
  const [a, b, c] = [1, 2, 3].map(seed => replayed(routes, columns(500 * seed, 50), { seed }));
  const left = mergeResults(mergeResults(a!, b!), c!);
  assert.deepEqual(mergeResults(a!, mergeResults(b!, c!)), left);
  assert.deepEqual(mergeResults(c!, mergeResults(b!, a!)), left);
  assert.equal(left.requests, 3000);
});
