// Proves that charges are exact: equal to BigInt arithmetic, additive in their parts, never
// negative, monotone, and unknown where a needed price is unknown. By example and by fast-check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chargeOf } from '../../src/charge.ts';
import { estimateOf } from '../../src/estimate.ts';
import type { Usage } from '../../src/intent.ts';
import { nanoUsd } from '../../src/money.ts';
import { intent, offer, prices, usage } from '../fleet.ts';

const cached = offer({
  prices: prices({
    inputPicoUsd: 3_000_000,
    outputPicoUsd: 15_000_000,
    cachedReadPicoUsd: 300_000,
    cacheWrite5mPicoUsd: 3_750_000,
    cacheWrite1hPicoUsd: 6_000_000,
    tiers: [
      {
        aboveInputTokens: 200_000,
        inputPicoUsd: 6_000_000,
        outputPicoUsd: 22_500_000,
        cachedReadPicoUsd: 600_000,
        cacheWrite5mPicoUsd: 7_500_000,
        cacheWrite1hPicoUsd: 12_000_000,
      },
    ],
  }),
});

const price = fc.integer({ min: 0, max: 600_000_000 });
const tokens = fc.integer({ min: 0, max: 2_000_000 });
const used = fc.record({
  plain: tokens,
  cachedReadTokens: tokens,
  cacheWrite5mTokens: tokens,
  cacheWrite1hTokens: tokens,
  outputTokens: tokens,
});
const row = fc.record({
  inputPicoUsd: price,
  outputPicoUsd: price,
  cachedReadPicoUsd: price,
  cacheWrite5mPicoUsd: price,
  cacheWrite1hPicoUsd: price,
});

function toUsage({ plain, ...rest }: { plain: number } & Omit<Usage, 'inputTokens'>): Usage {
  const { cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = rest;
  const inputTokens = plain + cachedReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
  return { inputTokens, ...rest };
}

function halfUp(picoUsd: bigint): number {
  return Number((picoUsd + 500n) / 1000n);
}

test('input, cached input, cache writes and output have their own prices', () => {
  const charge = chargeOf(
    cached,
    usage({
      inputTokens: 10_000,
      cachedReadTokens: 6_000,
      cacheWrite5mTokens: 1_000,
      cacheWrite1hTokens: 500,
      outputTokens: 700,
    }),
  );
  assert.deepEqual(charge.parts, {
    inputNanoUsd: 2_500 * 3_000,
    cachedReadNanoUsd: 6_000 * 300,
    cacheWriteNanoUsd: 1_000 * 3_750 + 500 * 6_000,
    outputNanoUsd: 700 * 15_000,
  });
  assert.equal(charge.nanoUsd, 7_500_000 + 1_800_000 + 6_750_000 + 10_500_000);
  assert.equal(charge.tierAboveInputTokens, null);
  assert.equal(charge.offerId, cached.id);
});

test('a tier prices all tokens once the input exceeds its threshold, cached input included', () => {
  const at = chargeOf(cached, usage({ inputTokens: 200_000, outputTokens: 10 }));
  const above = chargeOf(cached, usage({ inputTokens: 200_001, outputTokens: 10 }));
  const aboveByCache = chargeOf(
    cached,
    usage({ inputTokens: 200_001, cachedReadTokens: 200_000, outputTokens: 10 }),
  );
  assert.equal(at.nanoUsd, 200_000 * 3_000 + 10 * 15_000);
  assert.equal(above.nanoUsd, 200_001 * 6_000 + 10 * 22_500);
  assert.equal(above.tierAboveInputTokens, 200_000);
  assert.equal(aboveByCache.nanoUsd, 6_000 + 200_000 * 600 + 10 * 22_500);
});

test('a price that was needed and is unknown makes the charge unknown, not zero', () => {
  const plain = offer();
  assert.equal(chargeOf(plain, usage()).nanoUsd, 1000 * 2_500 + 200 * 10_000);
  const read = chargeOf(plain, usage({ cachedReadTokens: 1 }));
  assert.equal(read.nanoUsd, null);
  assert.equal(read.parts.cachedReadNanoUsd, null);
  assert.equal(read.parts.inputNanoUsd, 999 * 2_500);
  const noOutputPrice = offer({ prices: prices({ outputPicoUsd: null }) });
  assert.equal(chargeOf(noOutputPrice, usage()).nanoUsd, null);
  assert.equal(chargeOf(noOutputPrice, usage({ outputTokens: 0 })).nanoUsd, 2_500_000);
});

test('usage that contradicts itself has an unknown charge, never a negative one', () => {
  assert.equal(chargeOf(cached, usage({ inputTokens: 10, cachedReadTokens: 11 })).nanoUsd, null);
  assert.equal(chargeOf(cached, usage({ outputTokens: -1 })).nanoUsd, null);
  assert.equal(chargeOf(cached, usage({ outputTokens: 1.5 })).nanoUsd, null);
});

test('half a nano-USD is rounded up', () => {
  assert.equal(nanoUsd(1, 499), 0);
  assert.equal(nanoUsd(1, 500), 1);
  assert.equal(nanoUsd(3, 500), 2);
  // Beyond 2^53 pico-USD: an odd multiple of 500.
  assert.equal(nanoUsd(2 ** 44 + 1, 500), 2 ** 43 + 1);
  assert.equal(nanoUsd(2 ** 45 + 1, 500), 2 ** 44 + 1);
});

test('any charge equals exact arithmetic, and its parts add up to its total', () => {
  fc.assert(
    fc.property(used, row, (counts, own) => {
      const taken = toUsage(counts);
      const { nanoUsd: total, parts } = chargeOf(offer({ prices: { ...own, tiers: [] } }), taken);
      const exact = (n: number, p: number): bigint => BigInt(n) * BigInt(p);
      assert.equal(parts.inputNanoUsd, halfUp(exact(counts.plain, own.inputPicoUsd)));
      assert.equal(
        parts.cachedReadNanoUsd,
        halfUp(exact(counts.cachedReadTokens, own.cachedReadPicoUsd)),
      );
      assert.equal(
        parts.cacheWriteNanoUsd,
        halfUp(
          exact(counts.cacheWrite5mTokens, own.cacheWrite5mPicoUsd) +
            exact(counts.cacheWrite1hTokens, own.cacheWrite1hPicoUsd),
        ),
      );
      assert.equal(parts.outputNanoUsd, halfUp(exact(counts.outputTokens, own.outputPicoUsd)));
      const sum = Object.values(parts).reduce((a: number, part) => a + (part ?? Number.NaN), 0);
      assert.equal(total, sum);
      assert.ok(Number.isSafeInteger(total) && total! >= 0);
    }),
    { numRuns: 500 },
  );
});

test('money is exact beyond 2^53 pico-USD, and refuses what is no longer a safe integer', () => {
  const large = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(large, large, (n, p) => {
      const exact = (BigInt(n) * BigInt(p) + 500n) / 1000n;
      if (exact > BigInt(Number.MAX_SAFE_INTEGER)) assert.throws(() => nanoUsd(n, p), RangeError);
      else assert.equal(nanoUsd(n, p), Number(exact));
    }),
    { numRuns: 2000 },
  );
});

test('more tokens of any kind never cost less', () => {
  const kinds = ['plain', 'cachedReadTokens', 'cacheWrite5mTokens', 'outputTokens'] as const;
  fc.assert(
    fc.property(used, fc.constantFrom(...kinds), tokens, (counts, kind, more) => {
      const before = chargeOf(cached, toUsage(counts)).nanoUsd!;
      const after = chargeOf(cached, toUsage({ ...counts, [kind]: counts[kind] + more })).nanoUsd!;
      assert.ok(after >= before);
    }),
  );
});

test('two answers cost what they cost together, to the rounding of their parts', () => {
  const flat = offer({ prices: { ...cached.prices, tiers: [] } });
  fc.assert(
    fc.property(used, used, (a, b) => {
      const both = Object.fromEntries(
        Object.entries(a).map(([kind, n]) => [kind, n + b[kind as keyof typeof b]]),
      ) as typeof a;
      const apart = chargeOf(flat, toUsage(a)).nanoUsd! + chargeOf(flat, toUsage(b)).nanoUsd!;
      const together = chargeOf(flat, toUsage(both)).nanoUsd!;
      assert.ok(Math.abs(apart - together) <= 4);
    }),
  );
});

test('no answer within the limits of a request costs more than its estimate', () => {
  fc.assert(
    fc.property(used, row, fc.integer({ min: 0, max: 20_000 }), (counts, own, most) => {
      const taken = toUsage({ ...counts, outputTokens: Math.min(counts.outputTokens, most) });
      const flat = offer({ contextTokens: null, prices: { ...own, tiers: [] } });
      const asked = intent({ inputTokens: taken.inputTokens, maxOutputTokens: 20_000 });
      const estimate = estimateOf({ ...flat, maxOutputTokens: most }, asked).nanoUsd!;
      assert.ok(estimate >= chargeOf(flat, taken).nanoUsd!);
    }),
  );
});

test('an estimate without a bound is unknown', () => {
  const unbounded = offer({ maxOutputTokens: null, contextTokens: null });
  assert.equal(estimateOf(unbounded, intent({ maxOutputTokens: null })).nanoUsd, null);
  assert.equal(estimateOf(offer(), intent({ features: ['candidates'] })).nanoUsd, null);
  const unpriced = offer({ prices: prices({ inputPicoUsd: null }) });
  assert.equal(estimateOf(unpriced, intent()).nanoUsd, null);
  const byContext = offer({ maxOutputTokens: null, contextTokens: 1_200 });
  assert.equal(
    estimateOf(byContext, intent({ maxOutputTokens: null })).parts.outputNanoUsd,
    200 * 10_000,
  );
});
