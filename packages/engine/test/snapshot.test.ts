// Proves that a snapshot is a copy of plain data, that routes share what is remembered of a
// deployment, and that a restore copes with a fleet that has changed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../src/create-engine.ts';
import { constant, deployment, failed, intent, route, succeeded, usage } from './fleet.ts';

const a = deployment('a');
const b = deployment('b', {}, { priority: 1 });
const c = deployment('c', {}, { priority: 2 });

test('a snapshot is a copy that survives JSON and does not change afterwards', () => {
  const engine = createEngine({ routes: [route([a, b])] });
  engine.begin('a', 100);
  engine.observe(succeeded('a'), 2100);
  engine.settle('a', usage(), 2100);
  const saved = engine.snapshot();
  const text = JSON.stringify(saved);
  assert.deepEqual(JSON.parse(text), saved);
  engine.observe(failed('a', 'quota'), 3000);
  assert.equal(JSON.stringify(saved), text);
  engine.choose(intent(), 9_999_999, constant(0.1));
  const before = engine.snapshot();
  engine.choose(intent(), 99_999_999, constant(0.1));
  assert.deepEqual(engine.snapshot(), before, 'choosing changes nothing');
});

test('two routes share the health of a deployment and keep their own priorities', () => {
  const chat = route([a, b]);
  const other = { ...route([{ ...a, priority: 5 }, b]), name: 'other' };
  const engine = createEngine({ routes: [chat, other] });
  const order = (name: string): string =>
    engine
      .choose(intent({ route: name }), 2000, constant(0.5))
      .candidates.map(one => one.deployment.id)
      .join(' ');
  assert.equal(order('chat'), 'a b');
  assert.equal(order('other'), 'b a');
  engine.observe(failed('b', 'quota'), 1000);
  assert.equal(order('chat'), 'a b');
  assert.equal(order('other'), 'a b');
  const restored = createEngine({ routes: [chat, other] });
  restored.restore(engine.snapshot());
  restored.observe(failed('a', 'quota'), 1500);
  for (const name of ['chat', 'other']) {
    assert.equal(restored.choose(intent({ route: name }), 2000, constant(0.5)).panic, true);
  }
});

test('a changed fleet keeps what is known of those that stayed', () => {
  const old = createEngine({ routes: [route([a, b])] });
  for (let i = 0; i < 5; i++) old.observe(failed('a', 'refused'), 1000);
  const changed = createEngine({ routes: [route([a, c])] });
  changed.restore(old.snapshot());
  const { candidates } = changed.choose(intent(), 2000, constant(0.5));
  assert.deepEqual(
    candidates.map(one => one.deployment.id),
    ['c', 'a'],
  );
  assert.deepEqual(Object.keys(changed.snapshot().deployments), ['a', 'c']);
});

test('a deployment that is not there is an error, in every call', () => {
  const engine = createEngine({ routes: [route([a])] });
  assert.throws(() => engine.begin('x', 0), RangeError);
  assert.throws(() => engine.observe(succeeded('x'), 0), RangeError);
  assert.throws(() => engine.settle('x', usage(), 0), RangeError);
  assert.throws(() => engine.estimate(intent(), 'x'), RangeError);
});
