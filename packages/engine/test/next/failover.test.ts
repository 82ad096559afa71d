// Proves what follows each kind of failure, as a decision table: who is tried next, at once or
// later, and when a request is given up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Choice, Step } from '../../src/choice.ts';
import { createEngine } from '../../src/create-engine.ts';
import type { Deployment } from '../../src/deployment.ts';
import type { Engine } from '../../src/engine.ts';
import type { Attempted, FailureKind } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route } from '../fleet.ts';

const four = ['a', 'b', 'c', 'd'].map((id, i) => deployment(id, {}, { priority: i }));

function setUp(deployments: readonly Deployment[]): { engine: Engine; choice: Choice } {
  const engine = createEngine({ routes: [route(deployments, 'priority')] });
  return { engine, choice: engine.choose(intent(), 1000, constant(0.5)) };
}

function attempted(id: string, kind: FailureKind, endedAtMs = 2000): Attempted {
  return { deployment: id, failure: { kind, retryAfterMs: null }, endedAtMs };
}

function shown(step: Step): string {
  if (step.type === 'try') return `try ${step.deployment.id}`;
  return step.type === 'wait' ? `wait +${step.untilMs - 2000} ms` : 'give up';
}

/** Kind; after one of four failed so; after the only one did (random 0.5, failed just now). */
const table: readonly [FailureKind, string, string][] = [
  ['refused', 'try b', 'wait +250 ms'],
  ['connect-timeout', 'try b', 'wait +250 ms'],
  ['reset', 'try b', 'wait +250 ms'],
  ['first-byte-timeout', 'try b', 'wait +250 ms'],
  ['stall', 'try b', 'wait +250 ms'],
  ['truncated', 'try b', 'wait +250 ms'],
  ['protocol', 'try b', 'wait +250 ms'],
  ['overloaded', 'try b', 'wait +250 ms'],
  ['server-error', 'try b', 'wait +250 ms'],
  ['rate-limit', 'try b', 'wait +1050 ms'],
  ['quota', 'try b', 'give up'],
  ['auth', 'try b', 'give up'],
  ['not-found', 'try b', 'give up'],
  ['unsupported', 'try b', 'give up'],
  ['context-length', 'give up', 'give up'],
  ['invalid-request', 'give up', 'give up'],
  ['content-filter', 'give up', 'give up'],
  ['client-closed', 'give up', 'give up'],
];
for (const [kind, withOthers, alone] of table) {
  test(`after ${kind}: ${withOthers} where there are others, ${alone} where there are none`, () => {
    for (const [deployments, expected] of [
      [four, withOthers],
      [four.slice(0, 1), alone],
    ] as const) {
      const { engine, choice } = setUp(deployments);
      engine.begin('a', 1990);
      engine.observe(failed('a', kind), 2000);
      const step = engine.next(choice, [attempted('a', kind)], 2000, constant(0.5));
      assert.equal(shown(step), expected);
    }
  });
}

test('three attempts are made, no more, whoever is left', () => {
  const { engine, choice } = setUp(four);
  const tried: Attempted[] = [];
  const steps: string[] = [];
  for (;;) {
    const step = engine.next(choice, tried, 2000, constant(0.5));
    steps.push(shown(step));
    if (step.type !== 'try') break;
    tried.push(attempted(step.deployment.id, 'server-error'));
  }
  assert.deepEqual(steps, ['try a', 'try b', 'try c', 'give up']);
});

test('a deployment whose dialect cannot carry the request does not count as an attempt', () => {
  const { engine, choice } = setUp(four);
  const tried = [attempted('a', 'unsupported'), attempted('b', 'reset'), attempted('c', 'reset')];
  assert.equal(shown(engine.next(choice, tried, 2000, constant(0.5))), 'try d');
});

test('after context-length only a larger known context is tried', () => {
  const sized = (id: string, contextTokens: number | null, priority: number): Deployment =>
    deployment(id, { contextTokens }, { priority });
  const { engine, choice } = setUp([
    sized('a', 128_000, 0),
    sized('same', 128_000, 1),
    sized('unknown', null, 2),
    sized('larger', 200_000, 3),
  ]);
  const first = [attempted('a', 'context-length')];
  assert.equal(shown(engine.next(choice, first, 2000, constant(0.5))), 'try larger');
  const second = [...first, attempted('larger', 'server-error')];
  assert.equal(shown(engine.next(choice, second, 2100, constant(0.5))), 'try larger');
});

test('one that opened its circuit since the choice is passed over', () => {
  const { engine, choice } = setUp(four);
  for (let i = 0; i < 5; i++) engine.observe(failed('a', 'refused'), 1500);
  assert.equal(shown(engine.next(choice, [], 2000, constant(0.5))), 'try b');
});

test('an exhausted quota is tried as the first attempt of a request only', () => {
  const { engine, choice } = setUp(four.slice(0, 2));
  engine.observe(failed('b', 'quota'), 1500);
  const after = [attempted('a', 'auth')];
  assert.equal(shown(engine.next(choice, after, 2000, constant(0.5))), 'give up');
  engine.observe(failed('a', 'quota'), 1600);
  assert.equal(shown(engine.next(choice, [], 2000, constant(0.5))), 'try b');
});

test('two that failed: the better one again, after its back-off', () => {
  const { engine, choice } = setUp(four.slice(0, 2));
  const tried = [attempted('a', 'server-error', 1900), attempted('b', 'server-error', 2000)];
  assert.equal(shown(engine.next(choice, tried, 2000, constant(0.5))), 'try a');
});

test('a request without candidates, and one that is out of time, are given up', () => {
  const { engine, choice } = setUp([]);
  assert.equal(shown(engine.next(choice, [], 1000, constant(0.5))), 'give up');
  const late = setUp(four);
  assert.equal(shown(late.engine.next(late.choice, [], 1_801_000, constant(0.5))), 'give up');
});
