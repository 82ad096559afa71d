// Proves that counting tokens teaches nothing of answers: its limits and its speed are its own, and
// only that a host cannot be reached, or knows our key no more, holds for both. It costs nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/create-engine.ts';
import type { AttemptOutcome, FailureKind } from '../../src/outcome.ts';
import { constant, deployment, failed, intent, route, succeeded } from '../fleet.ts';

const operations = ['generate', 'count'] as const;
const engineOf = () =>
  createEngine({ routes: [route([deployment('a', {}, { operations: [...operations] })])] });

/** The engine after so many outcomes of counting. */
function afterCounts(times: number, outcome: AttemptOutcome) {
  const engine = engineOf();
  for (let i = 0; i < times; i++) {
    engine.begin('a', i);
    engine.observe({ ...outcome, operation: 'count' }, i + outcome.totalMs);
  }
  return engine;
}

const isPanic = (engine: ReturnType<typeof engineOf>): boolean =>
  engine.choose(intent(), 100, constant(0.5)).panic;

for (const kind of ['rate-limit', 'quota', 'overloaded', 'not-found'] as FailureKind[]) {
  test(`${kind} from a counter stops no answers`, () => {
    assert.equal(isPanic(afterCounts(20, failed('a', kind, { retryAfterMs: 60_000 }))), false);
  });
}

for (const kind of ['refused', 'connect-timeout', 'auth'] as FailureKind[]) {
  test(`${kind} from a counter holds for answers too`, () => {
    assert.equal(isPanic(afterCounts(20, failed('a', kind))), true);
  });
}

test('a quick count is no quick answer', () => {
  const { latency, tokens } = afterCounts(50, succeeded('a', { totalMs: 5 })).snapshot().deployments
    .a!;
  assert.equal(latency.measuredAtMs, null);
  assert.equal(tokens.outputTokens, null);
});

test('a count that works does not close the circuit of answers', () => {
  const engine = engineOf();
  for (let i = 0; i < 10; i++) {
    engine.begin('a', i);
    engine.observe(failed('a', 'server-error'), i);
  }
  assert.equal(isPanic(engine), true);
  for (let i = 20; i < 40; i++) {
    engine.begin('a', i);
    engine.observe({ ...succeeded('a'), operation: 'count' }, i);
  }
  assert.equal(isPanic(engine), true);
});

test('nothing is held for a count, even of a deployment without prices', () => {
  const prices = { inputPicoUsd: null, outputPicoUsd: null } as const;
  const unpriced = deployment('a', { prices: { ...deployment('a').offer.prices, ...prices } });
  const engine = createEngine({ routes: [route([unpriced])] });
  assert.equal(engine.estimate(intent({ operation: 'count' }), 'a').nanoUsd, 0);
  assert.equal(engine.estimate(intent(), 'a').nanoUsd, null);
});

test('for embeddings input alone is held', () => {
  const engine = engineOf();
  const asked = intent({ operation: 'embed', inputTokens: 1000, maxOutputTokens: 0 });
  const { nanoUsd, parts } = engine.estimate(asked, 'a');
  assert.equal(parts.outputNanoUsd, 0);
  assert.ok(nanoUsd !== null && nanoUsd >= 1000 * 2500 && nanoUsd <= 1000 * 2500 + 2);
});
