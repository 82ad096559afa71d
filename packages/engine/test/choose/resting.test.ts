// Proves where deployments stand that rest or recover: behind those that are well, and used all the
// same when nothing else is left. Probes and recovering shares are counted over seeded choices.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/create-engine.ts';
import type { Engine, Random } from '../../src/engine.ts';
import type { FailureKind } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route, seeded, succeeded } from '../fleet.ts';

const three = ['a', 'b', 'c'].map((id, i) => deployment(id, {}, { priority: i }));

function engineOf(deployments = three): Engine {
  return createEngine({ routes: [route(deployments, 'priority')] });
}

function end(engine: Engine, id: string, kind: FailureKind | null, now: number, times = 1): void {
  for (let i = 0; i < times; i++) {
    engine.begin(id, now - 5);
    const outcome = kind === null ? succeeded(id, { ttftMs: 2, totalMs: 5 }) : failed(id, kind);
    engine.observe({ ...outcome, totalMs: 5 }, now);
  }
}

function hold(engine: Engine, id: string, retryAfterMs: number, now: number): void {
  engine.begin(id, now - 5);
  engine.observe(failed(id, 'rate-limit', { retryAfterMs, totalMs: 5 }), now);
}

function order(engine: Engine, now: number, random: Random = constant(0.5)): string {
  const { candidates } = engine.choose(intent(), now, random);
  return candidates.map(one => one.deployment.id).join(' ');
}

function shareFirst(engine: Engine, id: string, now: number): number {
  const random = seeded(11);
  let first = 0;
  for (let i = 0; i < 10_000; i++) if (order(engine, now, random).startsWith(id)) first += 1;
  return first / 10_000;
}

test('an open circuit goes behind all others, and says until when', () => {
  const engine = engineOf();
  end(engine, 'a', 'server-error', 1000, 5);
  const choice = engine.choose(intent(), 11_000, constant(0.5));
  assert.equal(choice.candidates.map(one => one.deployment.id).join(' '), 'b c a');
  assert.match(choice.candidates[2]!.reason(), /, circuit open until \+20 s$/);
  assert.equal(choice.panic, false);
});

test('what rests is ordered by when it is back, with exhausted quotas last', () => {
  const engine = engineOf([...three, deployment('d', {}, { priority: 9 })]);
  end(engine, 'a', 'quota', 1000);
  end(engine, 'b', 'server-error', 1000, 5);
  hold(engine, 'c', 3_000, 1000);
  assert.equal(order(engine, 1500), 'd c b a');
  const reasons = engine.choose(intent(), 1500, constant(0.5)).candidates.map(one => one.reason());
  assert.match(reasons[1]!, /rate-limited until \+3 s$/);
  assert.match(reasons[3]!, /out of quota until \+600 s$/);
});

test('when all rest, the least bad are tried all the same, marked as panic', () => {
  const engine = engineOf();
  for (const [i, id] of ['c', 'b', 'a'].entries()) end(engine, id, 'reset', 1000 + i, 5);
  const choice = engine.choose(intent(), 2000, constant(0.5));
  assert.equal(choice.panic, true);
  assert.equal(choice.candidates.map(one => one.deployment.id).join(' '), 'c b a');
  const step = engine.next(choice, [], 2000, constant(0.5));
  assert.ok(step.type === 'try' && step.deployment.id === 'c');
});

test('the chance to be the probe grows from none to certain in five seconds', () => {
  const engine = engineOf();
  end(engine, 'a', 'server-error', 1000, 5);
  assert.equal(shareFirst(engine, 'a', 30_999), 0);
  const half = shareFirst(engine, 'a', 33_500);
  assert.ok(half > 0.47 && half < 0.53, `${half}`);
  assert.equal(shareFirst(engine, 'a', 36_000), 1);
});

test('while a probe is under way nobody else is sent there', () => {
  const engine = engineOf();
  end(engine, 'a', 'server-error', 1000, 5);
  engine.begin('a', 36_000);
  assert.equal(shareFirst(engine, 'a', 36_001), 0);
  const choice = engine.choose(intent(), 36_001, constant(0));
  const step = engine.next(choice, [], 36_001, constant(0));
  assert.ok(step.type === 'try' && step.deployment.id === 'b');
});

test('two requests that chose the same half-open deployment send one probe', () => {
  const engine = engineOf();
  end(engine, 'a', 'server-error', 1000, 5);
  const choices = [0, 1].map(() => engine.choose(intent(), 36_000, constant(0)));
  const ids = choices.map(choice => {
    const step = engine.next(choice, [], 36_005, constant(0));
    assert.ok(step.type === 'try');
    engine.begin(step.deployment.id, 36_005);
    return step.deployment.id;
  });
  assert.deepEqual(ids, ['a', 'b']);
});

test('after recovery a deployment takes 10 % of its share, growing to all in 30 s', () => {
  const engine = engineOf();
  end(engine, 'a', 'server-error', 1000, 5);
  end(engine, 'a', null, 40_000);
  for (const [afterMs, expected] of [
    [0, 0.1],
    [15_000, 0.55],
    [27_000, 0.91],
    [30_000, 1],
  ] as const) {
    const share = shareFirst(engine, 'a', 40_000 + afterMs);
    assert.ok(Math.abs(share - expected) < 0.02, `${share} after ${afterMs} ms`);
  }
});
