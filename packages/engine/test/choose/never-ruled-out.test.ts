// Proves over random fleets, requests and histories: what is ruled out is never tried, everyone is
// either a candidate or ruled out, and the same inputs and seed give the same decisions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cloud, Feature } from '@entrepot/catalog/offer';
import fc from 'fast-check';
import { createEngine } from '../../src/create-engine.ts';
import type { Deployment, Objective, Route } from '../../src/deployment.ts';
import type { Engine } from '../../src/engine.ts';
import type { Intent } from '../../src/intent.ts';
import type { Attempted, FailureKind } from '../../src/outcome.ts';
import { deployment, failed, intent, prices, route, seeded, succeeded, usage } from '../fleet.ts';

const clouds: readonly Cloud[] = ['aws', 'azure', 'google', 'openai', 'anthropic'];
const features: readonly Feature[] = ['tools', 'vision', 'json-schema'];
const kinds: readonly FailureKind[] = [
  'refused',
  'first-byte-timeout',
  'rate-limit',
  'quota',
  'overloaded',
  'server-error',
  'auth',
  'context-length',
  'unsupported',
  'invalid-request',
];
const price = fc.option(fc.integer({ min: 0, max: 50_000_000 }));

const anyDeployment = fc
  .record({
    cloud: fc.constantFrom(...clouds),
    inputPicoUsd: price,
    outputPicoUsd: price,
    contextTokens: fc.option(fc.integer({ min: 1_000, max: 200_000 })),
    features: fc.subarray([...features]),
    residency: fc.option(fc.constantFrom('us', 'eu', 'global')),
    expectedTtftMs: fc.option(fc.integer({ min: 50, max: 3_000 })),
    priority: fc.integer({ min: 0, max: 3 }),
  })
  .map(made => (index: number): Deployment => {
    const { inputPicoUsd, outputPicoUsd, expectedTtftMs, priority, ...offer } = made;
    const own = { ...offer, prices: prices({ inputPicoUsd, outputPicoUsd }) };
    return deployment(`d${index}`, own, { expectedTtftMs, priority });
  });

const anyRoute = fc
  .record({
    deployments: fc.array(anyDeployment, { minLength: 1, maxLength: 6 }),
    objective: fc.constantFrom<Objective>('cost', 'latency', 'balanced', 'priority'),
    constraints: fc.record({
      maxTtftMs: fc.option(fc.integer({ min: 50, max: 3_000 })),
      residency: fc.option(fc.subarray(['us', 'eu', 'global'])),
      maxInputPicoUsd: price,
      maxOutputPicoUsd: price,
      maxShare: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })),
    }),
  })
  .map(made =>
    route(
      made.deployments.map((make, i) => make(i)),
      made.objective,
      made.constraints,
    ),
  );

const anyIntent = fc
  .record({
    inputTokens: fc.integer({ min: 0, max: 150_000 }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 20_000 })),
    features: fc.subarray([...features]),
    stream: fc.boolean(),
  })
  .map(intent);

/** Plays requests with random outcomes; returns every decision in words. */
function decisions(engine: Engine, intents: readonly Intent[], seed: number): string[] {
  const random = seeded(seed);
  const log: string[] = [];
  let now = 1_000;
  for (const asked of intents) {
    now += Math.floor(random() * 20_000);
    const choice = engine.choose(asked, now, random);
    const allowed = new Set(choice.candidates.map(one => one.deployment.id));
    const excluded = new Set(choice.ruledOut.map(one => one.deployment.id));
    assert.equal(allowed.size + excluded.size, choice.route.deployments.length);
    assert.ok(choice.candidates.every(one => !Number.isNaN(one.score) && one.reason() !== ''));
    log.push(choice.candidates.map(one => `${one.deployment.id}:${one.score}`).join(' '));
    const tried: Attempted[] = [];
    for (let turn = 0; ; turn++) {
      assert.ok(turn < 60, 'a request ends');
      const step = engine.next(choice, tried, now, random);
      log.push(JSON.stringify(step));
      if (step.type === 'give-up') break;
      if (step.type === 'wait') {
        assert.ok(step.untilMs > now);
        now = step.untilMs;
        continue;
      }
      const { id } = step.deployment;
      assert.ok(allowed.has(id) && !excluded.has(id));
      engine.begin(id, now);
      const totalMs = 10 + Math.floor(random() * 5_000);
      now += totalMs;
      if (random() < 0.5) {
        engine.observe(succeeded(id, { ttftMs: totalMs / 2, totalMs }), now);
        engine.settle(id, usage(), now);
        break;
      }
      const kind = kinds[Math.floor(random() * kinds.length)]!;
      engine.observe(failed(id, kind, { totalMs }), now);
      tried.push({ deployment: id, failure: { kind, retryAfterMs: null }, endedAtMs: now });
    }
  }
  return log;
}

const run = fc.record({
  route: anyRoute,
  intents: fc.array(anyIntent, { maxLength: 40 }),
  seed: fc.integer(),
});

test('a ruled-out deployment is never tried, and every request comes to an end', () => {
  fc.assert(
    fc.property(run, ({ route: chat, intents, seed }) => {
      decisions(createEngine({ routes: [chat] }), intents, seed);
    }),
    { numRuns: 200 },
  );
});

test('the same requests, outcomes and seed give the same decisions', () => {
  fc.assert(
    fc.property(run, ({ route: chat, intents, seed }) => {
      const once = decisions(createEngine({ routes: [chat] }), intents, seed);
      const twice = decisions(createEngine({ routes: [chat] }), intents, seed);
      assert.deepEqual(once, twice);
    }),
    { numRuns: 50 },
  );
});

test('an engine that was saved and restored in the middle goes on as if nothing had been', () => {
  fc.assert(
    fc.property(run, run, ({ route: chat, intents, seed }, later) => {
      const first: Route = chat;
      const engine = createEngine({ routes: [first] });
      decisions(engine, intents, seed);
      const saved = JSON.parse(JSON.stringify(engine.snapshot()));
      const restored = createEngine({ routes: [first] });
      restored.restore(saved);
      assert.deepEqual(restored.snapshot(), engine.snapshot());
      assert.deepEqual(
        decisions(restored, later.intents, later.seed),
        decisions(engine, later.intents, later.seed),
      );
      assert.deepEqual(restored.snapshot(), engine.snapshot());
    }),
    { numRuns: 50 },
  );
});
