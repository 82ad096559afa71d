// Proves the Pareto set: nothing in it is dominated, everything outside is, and plans whose price
// is unknown neither push out nor are pushed out by those with one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dominates, paretoSet } from '@entrepot/planner/plan/pareto';
import fc from 'fast-check';

const rated = fc.record({
  acceleratorId: fc.constantFrom('a', 'b'),
  usd: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  days: fc.integer({ min: 1, max: 5 }),
  chips: fc.integer({ min: 1, max: 3 }),
});

test('what is outside is dominated by one inside; what is inside by none', () => {
  fc.assert(
    fc.property(fc.array(rated, { maxLength: 12 }), plans => {
      const inside = paretoSet(plans);
      const set = plans.filter((_, i) => inside[i]);
      plans.forEach((plan, i) => {
        assert.equal(
          set.some(other => dominates(other, plan)),
          !inside[i],
        );
      });
    }),
  );
});

test('an unknown price is compared within its accelerator only', () => {
  const known = { acceleratorId: 'a', usd: 1, days: 1, chips: 1 };
  const unknown = { acceleratorId: 'b', usd: null, days: 9, chips: 9 };
  assert.deepEqual(paretoSet([known, unknown, { ...unknown, days: 8 }]), [true, false, true]);
  assert.deepEqual(paretoSet([unknown, { ...unknown, acceleratorId: 'c', days: 1 }]), [true, true]);
});
