// Proves that retries on a failing upstream stay within 10 % of its attempts (or three at once),
// and that failing over to a healthy substitute is never limited.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/create-engine.ts';
import type { Engine } from '../../src/engine.ts';
import type { Attempted } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route } from '../fleet.ts';

/** Where a request may go on whose first attempt on `a` failed long enough ago; null: nowhere. */
function second(engine: Engine, now: number): string | null {
  const choice = engine.choose(intent(), now - 500, constant(0.5));
  const failure = { kind: 'server-error', retryAfterMs: null } as const;
  const attempts: Attempted[] = [{ deployment: 'a', failure, endedAtMs: now - 400 }];
  const step = engine.next(choice, attempts, now, constant(0.5));
  return step.type === 'try' ? step.deployment.id : null;
}

test('alone, three retries may be under way at once, and more as they end', () => {
  const engine = createEngine({ routes: [route([deployment('a')])] });
  const granted = [1, 2, 3, 4, 5].map(i => second(engine, 1000 + i));
  assert.deepEqual(granted, ['a', 'a', 'a', null, null]);
  for (let i = 0; i < 3; i++) engine.begin('a', 1010);
  assert.equal(second(engine, 1020), null);
  engine.observe(failed('a', 'reset'), 1030);
  assert.equal(second(engine, 1040), 'a');
});

test('under traffic, a tenth of the attempts of the last minute', () => {
  const engine = createEngine({ routes: [route([deployment('a')])] });
  for (let i = 0; i < 1000; i++) engine.begin('a', 1000);
  let granted = 0;
  for (let i = 0; i < 1000; i++) if (second(engine, 2000) === 'a') granted += 1;
  assert.equal(granted, 100);
  assert.equal(second(engine, 90_000), null, 'more than three of them are still under way');
});

test('failing over to a healthy substitute is never limited', () => {
  const engine = createEngine({
    routes: [route([deployment('a'), deployment('b', {}, { priority: 1 })])],
  });
  for (let i = 0; i < 5000; i++) assert.equal(second(engine, 1000), 'b');
});

test('a substitute whose circuit is open gets retries within its budget only', () => {
  const engine = createEngine({
    routes: [route([deployment('a'), deployment('b', {}, { priority: 1 })])],
  });
  for (const id of ['a', 'b']) {
    for (let i = 0; i < 5; i++) engine.observe(failed(id, 'refused'), 1000);
  }
  const granted = Array.from({ length: 20 }, () => second(engine, 2000));
  assert.equal(granted.filter(id => id !== null).length, 6, 'three for each of the two');
});
