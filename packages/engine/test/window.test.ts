// Proves the sliding sum against a plain list of what was added, over random sequences in time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addTo, clearWindow, createWindow, sumOf } from '../src/window.ts';

const bucketMs = 10;
const buckets = 6;

test('it sums what was added in the last buckets, however long it was left alone', () => {
  const additions = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 200 })),
      amount: fc.integer({ min: 0, max: 1e9 }),
    }),
    { maxLength: 100 },
  );
  const lookedAfter = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(additions, lookedAfter, (list, afterMs) => {
      const window = createWindow(bucketMs * buckets, buckets);
      const plain: { at: number; amount: number }[] = [];
      let now = 1_000;
      for (const { waitMs, amount } of list) {
        now += waitMs;
        addTo(window, now, amount);
        plain.push({ at: now, amount });
      }
      for (const at of [now, now + afterMs]) {
        const newest = Math.floor(at / bucketMs);
        const within = plain.filter(one => Math.floor(one.at / bucketMs) > newest - buckets);
        assert.equal(
          sumOf(window, at),
          within.reduce((sum, one) => sum + one.amount, 0),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('a clock that goes back loses nothing', () => {
  const window = createWindow(60, 6);
  addTo(window, 1_000, 5);
  addTo(window, 900, 7);
  assert.equal(sumOf(window, 800), 12);
  assert.equal(sumOf(window, 1_000), 12);
});

test('a cleared window is empty and goes on', () => {
  const window = createWindow(60, 6);
  addTo(window, 1_000, 5);
  clearWindow(window);
  assert.equal(sumOf(window, 1_000), 0);
  addTo(window, 1_005, 2);
  assert.equal(sumOf(window, 1_010), 2);
});
