// Proves that money goes from text to integers and back without losing or inventing anything.
// How: properties over every price from one pico-USD up, and the figures that floats get wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUsd, formatUsdPerMtok, toNanoUsd, toPicoUsd } from '../src/money.ts';

test('every whole number of pico-USD survives the way through a decimal and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), pico => {
      assert.equal(toPicoUsd(Number(formatUsdPerMtok(pico))), pico);
    }),
  );
});

test('every whole number of nano-USD survives the way through a decimal and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), nano => {
      assert.equal(toNanoUsd(Number(formatUsd(nano))), nano);
    }),
  );
});

test('a price finer than a pico-USD, negative or not a number is refused, not rounded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 9 }), (n, d) => {
      assert.equal(toPicoUsd(Number(`${n}.000000${d}`)), null);
    }),
  );
  for (const bad of [-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    assert.equal(toPicoUsd(bad), null);
  }
});

test('prices that floats get wrong are exact', () => {
  assert.equal(toPicoUsd(0.1 * 3), null, '0.30000000000000004 is not a price');
  assert.equal(toPicoUsd(0.3), 300_000);
  assert.equal(toPicoUsd(1.005), 1_005_000);
  assert.equal(toPicoUsd(4.35), 4_350_000);
  assert.equal(formatUsdPerMtok(toPicoUsd(0.546875)!), '0.546875');
});

test('money is shown with at least two decimals and no dust', () => {
  assert.deepEqual([0, 1, 20_000, 2_750_000, 10_000_000].map(formatUsdPerMtok), [
    '0.00',
    '0.000001',
    '0.02',
    '2.75',
    '10.00',
  ]);
  assert.equal(formatUsd(55_040_000_000), '55.04');
  assert.throws(() => formatUsdPerMtok(0.5), RangeError);
  assert.throws(() => formatUsd(-1), RangeError);
});
