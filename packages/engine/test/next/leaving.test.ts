// Proves when an attempt that waits for its first event is given up early: its deployment's circuit
// has opened since it began, and a substitute stood ready when it did.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/create-engine.ts';
import type { Engine } from '../../src/engine.ts';
import { constant, deployment, failed, intent, route, succeeded } from '../fleet.ts';

const a = deployment('a');
const b = deployment('b', {}, { priority: 1 });

function failFiveTimes(engine: Engine, startedMs: number, now: number): void {
  for (let i = 0; i < 5; i++) {
    engine.begin('a', startedMs);
    engine.observe(failed('a', 'server-error', { totalMs: now - startedMs }), now);
  }
}

test('only with a substitute is an attempt told to leave', () => {
  const leaves = (...deployments: (typeof a)[]): boolean => {
    const engine = createEngine({ routes: [route(deployments)] });
    const step = engine.next(engine.choose(intent(), 0, constant(0.5)), [], 0, constant(0.5));
    return step.type === 'try' && step.deadlines.leaveWhenOpen;
  };
  assert.equal(leaves(a, b), true);
  assert.equal(leaves(a), false);
});

test('it leaves once the circuit has opened, and only if it began before', () => {
  const engine = createEngine({ routes: [route([a, b])] });
  engine.begin('a', 1_000);
  assert.equal(engine.hasOpenedSince('a', 1_000, 1_400), false, 'all is well');
  failFiveTimes(engine, 1_300, 1_500);
  assert.equal(engine.hasOpenedSince('a', 1_000, 1_500), true);
  assert.equal(engine.hasOpenedSince('a', 1_600, 1_700), false, 'the last resort, or a probe');
  assert.equal(engine.hasOpenedSince('b', 1_000, 1_500), false, 'another deployment');
});

test('when the rest is over nobody leaves any more', () => {
  const engine = createEngine({ routes: [route([a, b])] });
  failFiveTimes(engine, 1_300, 1_500);
  assert.equal(engine.hasOpenedSince('a', 1_000, 1_500 + 30_001), false);
  engine.begin('a', 40_000);
  engine.observe(succeeded('a', { totalMs: 100 }), 40_100);
  assert.equal(engine.hasOpenedSince('a', 1_000, 40_100), false);
});
