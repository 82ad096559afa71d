// Proves that money of any size is exact, and how far quantiles of sketches are off.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addAmounts, amountOf, Purse, subtractAmounts } from '../src/result/amount.ts';
import { quantileOf, SketchBuilder } from '../src/result/sketch.ts';

function sketchOf(durations: readonly number[]) {
  const builder = new SketchBuilder();
  for (const ms of durations) builder.add(ms);
  return builder.sketch;
}

const durations = fc.array(fc.double({ min: 0.02, max: 1e7, noNaN: true }), { minLength: 1 });

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
