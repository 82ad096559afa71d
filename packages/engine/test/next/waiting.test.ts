// Proves when a request waits: for its back-off, and for the end of a rate limit when nothing else
// is left (all of a route held must not be an error while one of them is back soon).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Choice } from '../../src/choice.ts';
import { createEngine } from '../../src/create-engine.ts';
import type { Engine } from '../../src/engine.ts';
import type { Attempted } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route, seeded } from '../fleet.ts';

const two = ['a', 'b'].map((id, i) => deployment(id, {}, { priority: i }));

function setUp(holds: Record<string, number>): { engine: Engine; choice: Choice } {
  const engine = createEngine({ routes: [route(two, 'priority')] });
  for (const [id, retryAfterMs] of Object.entries(holds)) {
    engine.begin(id, 990);
    engine.observe(failed(id, 'rate-limit', { retryAfterMs }), 1000);
  }
  return { engine, choice: engine.choose(intent(), 1000, constant(0.5)) };
}

function tried(id: string, endedAtMs: number): Attempted {
  return { deployment: id, failure: { kind: 'server-error', retryAfterMs: null }, endedAtMs };
}

test('when all are held, a request waits for the first that is back, and gets it', () => {
  const { engine, choice } = setUp({ a: 9_000, b: 4_000 });
  assert.equal(choice.panic, true);
  const step = engine.next(choice, [], 1000, constant(0.5));
  assert.deepEqual(step, { type: 'wait', untilMs: 5_050 });
  const after = engine.next(choice, [], 5_050, constant(0.5));
  assert.ok(after.type === 'try' && after.deployment.id === 'b');
});

test('those who wait for the same moment are spread over a tenth of a second', () => {
  const { engine, choice } = setUp({ a: 2_000, b: 5_000 });
  const random = seeded(5);
  const ends = Array.from({ length: 200 }, () => {
    const step = engine.next(choice, [], 1000, random);
    return step.type === 'wait' ? step.untilMs : 0;
  });
  assert.ok(Math.min(...ends) >= 3_000 && Math.max(...ends) < 3_100);
  assert.ok(new Set(ends).size > 150);
});

test('a hold that is longer than a request may wait is not waited for: it is tried', () => {
  const { engine, choice } = setUp({ a: 90_000, b: 120_000 });
  const step = engine.next(choice, [], 1000, constant(0.5));
  assert.ok(step.type === 'try' && step.deployment.id === 'a');
  const failure = { kind: 'rate-limit', retryAfterMs: 90_000 } as const;
  const after = engine.next(choice, [{ deployment: 'a', failure }], 1100, constant(0.5));
  assert.equal(after.type, 'give-up');
});

test('a request waits 30 s in all, also when the hold is renewed while it waits', () => {
  const { engine, choice } = setUp({ a: 20_000, b: 600_000 });
  assert.equal(engine.next(choice, [], 1000, constant(0)).type, 'wait');
  engine.observe(failed('a', 'rate-limit', { retryAfterMs: 20_000 }), 20_000);
  const step = engine.next(choice, [], 21_000, constant(0));
  assert.equal(step.type, 'try');
});

test('the retry-after of the only one left is honoured', () => {
  const { engine, choice } = setUp({ b: 600_000 });
  engine.begin('a', 1000);
  engine.observe(failed('a', 'rate-limit', { retryAfterMs: 3_000 }), 1100);
  const failure = { kind: 'rate-limit', retryAfterMs: 3_000 } as const;
  const attempts = [{ deployment: 'a', failure, endedAtMs: 1100 }];
  assert.deepEqual(engine.next(choice, attempts, 1100, constant(0)), {
    type: 'wait',
    untilMs: 4_100,
  });
  const after = engine.next(choice, attempts, 4_100, constant(0));
  assert.ok(after.type === 'try' && after.deployment.id === 'a');
});

test('a back-off is drawn once: 100 to 400 ms, then 100 to 1600 ms', () => {
  const engine = createEngine({ routes: [route([deployment('a')], 'priority')] });
  const choice = engine.choose(intent(), 0, constant(0.5));
  const random = seeded(9);
  for (const [attempts, most] of [
    [[tried('a', 50)], 400],
    [[tried('a', 20), tried('a', 50)], 1600],
  ] as const) {
    const waits = Array.from({ length: 500 }, () => {
      const step = engine.next(choice, attempts, 50, random);
      assert.ok(step.type === 'wait');
      return step.untilMs - 50;
    });
    assert.ok(Math.min(...waits) >= 100 && Math.max(...waits) <= most);
    assert.ok(Math.max(...waits) > 0.9 * most);
    assert.equal(engine.next(choice, attempts, 50 + Math.ceil(waits[0]!), random).type, 'try');
  }
});

test('a driver that does not say when an attempt ended retries at once', () => {
  const engine = createEngine({ routes: [route([deployment('a')], 'priority')] });
  const choice = engine.choose(intent(), 0, constant(0.5));
  const failure = { kind: 'reset', retryAfterMs: null } as const;
  const step = engine.next(choice, [{ deployment: 'a', failure }], 10, constant(0.5));
  assert.equal(step.type, 'try');
});
