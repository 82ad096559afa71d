// Proves the index of concentration against its definition and figures worked by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hhi } from '../src/concentration.ts';

test('one cloud alone is 10,000, n equal ones are 10,000 / n, no spend has no index', () => {
  assert.equal(hhi({ aws: 17 }), 10_000);
  assert.equal(hhi({ aws: 5, azure: 5 }), 5_000);
  assert.equal(hhi({ aws: 1, azure: 1, google: 1, openai: 1 }), 2_500);
  assert.equal(hhi({ aws: 50, azure: 30, google: 20 }), 3_800);
  assert.equal(hhi({}), null);
  assert.equal(hhi({ aws: 0, azure: 0 }), null);
});

test('a cloud without spend changes nothing; an amount that is none is refused', () => {
  assert.equal(hhi({ aws: 5, azure: 5, google: 0 }), 5_000);
  assert.throws(() => hhi({ aws: -1 }), RangeError);
  assert.throws(() => hhi({ aws: Number.NaN }), RangeError);
});

test('it lies between 10,000 / n and 10,000 and does not depend on the unit', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1e12 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(amounts, list => {
      const index = hhi(Object.fromEntries(list.map((n, i) => [`cloud-${i}`, n])))!;
      const scaled = hhi(Object.fromEntries(list.map((n, i) => [`cloud-${i}`, n * 1000])))!;
      assert.ok(index >= 10_000 / list.length - 1e-6 && index <= 10_000);
      assert.ok(Math.abs(index - scaled) < 1e-6);
    }),
  );
});
