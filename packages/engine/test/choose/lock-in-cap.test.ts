// Proves that the lock-in cap holds the share of spend of each cloud within a tolerance over 10,000
// virtual requests, that few charges make no share, and that the cap never costs a caller an
// answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hhi } from '../../src/concentration.ts';
import { createEngine } from '../../src/create-engine.ts';
import type { Deployment } from '../../src/deployment.ts';
import type { Usage } from '../../src/intent.ts';
import { constant, deployment, intent, prices, route, seeded, usage } from '../fleet.ts';
import { play, type Upstreams } from '../virtual-driver.ts';

const priced = (id: string, inputPicoUsd: number): Deployment =>
  deployment(id, { prices: prices({ inputPicoUsd, outputPicoUsd: 4 * inputPicoUsd }) });
const clouds = [priced('aws', 1_000_000), priced('azure', 2_000_000), priced('google', 3_000_000)];
const well: Upstreams = () => ({ failure: null, ttftMs: 300, totalMs: 2_000 });

function spread(deployments: readonly Deployment[], maxShare: number, requests: number) {
  const engine = createEngine({ routes: [route(deployments, 'cost', { maxShare })] });
  const random = seeded(42);
  const spent: Record<string, number> = {};
  const priceOf = new Map(deployments.map(d => [d.id, d.offer.prices.inputPicoUsd ?? 0]));
  const sizes = Array.from({ length: requests }, () => 200 + Math.floor(4000 * random() ** 3));
  const usageOf = (tokens: number): Usage => usage({ inputTokens: tokens, outputTokens: 200 });
  const stories = play({
    engine,
    upstreams: well,
    random,
    arrivals: sizes.map((_, i) => i * 100),
    intentOf: i => intent({ inputTokens: sizes[i]! }),
    usageOf: asked => usageOf(asked.inputTokens),
  });
  stories.forEach((story, i) => {
    const id = story.answeredBy!;
    spent[id] = (spent[id] ?? 0) + (sizes[i]! + 800) * priceOf.get(id)!;
  });
  const total = Object.values(spent).reduce((a, b) => a + b, 0);
  const shares = Object.fromEntries(Object.entries(spent).map(([id, n]) => [id, n / total]));
  return { shares, spent, stories };
}

test('no cloud has more than its share over 10,000 requests', () => {
  const free = spread(clouds, 1, 10_000);
  assert.ok(free.shares.aws! > 0.999);
  const capped = spread(clouds, 0.6, 10_000);
  assert.equal(capped.stories.filter(story => story.answeredBy === null).length, 0);
  for (const share of Object.values(capped.shares)) assert.ok(share < 0.61, `${share}`);
  // The cap is used, not merely kept: the cheapest cloud gets all it may have.
  assert.ok(capped.shares.aws! > 0.59 && capped.shares.azure! > 0.39);
  assert.ok(hhi(capped.spent)! < 5_300);
});

test('a cap below an equal share spreads spend evenly', () => {
  const { shares } = spread(clouds, 0.2, 10_000);
  for (const share of Object.values(shares)) assert.ok(Math.abs(share - 1 / 3) < 0.01, `${share}`);
});

test('fewer than 20 charges make no share', () => {
  const engine = createEngine({ routes: [route(clouds, 'cost', { maxShare: 0.5 })] });
  const first = (now: number): string =>
    engine.choose(intent(), now, constant(0.5)).candidates[0]!.deployment.id;
  for (let i = 0; i < 19; i++) engine.settle('aws', usage(), i);
  assert.equal(first(100), 'aws');
  engine.settle('aws', usage(), 100);
  assert.equal(first(101), 'azure');
  assert.equal(first(100 + 24 * 3_600_000), 'aws', 'spend of the day before does not count');
});

test('exactly at the cap is at its share', () => {
  const even = [priced('aws', 1_000_000), priced('azure', 1_000_000), priced('google', 9_000_000)];
  const engine = createEngine({ routes: [route(even, 'cost', { maxShare: 0.5 })] });
  for (let i = 0; i < 10; i++) for (const id of ['aws', 'azure']) engine.settle(id, usage(), i);
  assert.equal(engine.choose(intent(), 50, constant(0.5)).candidates[0]!.deployment.id, 'google');
});

test('a cloud over the cap stands behind the others and serves when they cannot', () => {
  const engine = createEngine({ routes: [route(clouds.slice(0, 2), 'cost', { maxShare: 0.5 })] });
  for (let i = 0; i < 20; i++) engine.settle('aws', usage(), i);
  const choice = engine.choose(intent(), 100, constant(0.5));
  assert.deepEqual(
    choice.candidates.map(one => one.deployment.id),
    ['azure', 'aws'],
  );
  assert.match(choice.candidates[1]!.reason(), /over the lock-in cap \(100\.0 %\)$/);
  const failure = { kind: 'server-error', retryAfterMs: null } as const;
  const step = engine.next(choice, [{ deployment: 'azure', failure }], 120, constant(0.5));
  assert.ok(step.type === 'try' && step.deployment.id === 'aws');
});

test('an unknown charge is not spend', () => {
  const engine = createEngine({ routes: [route(clouds, 'cost', { maxShare: 0.5 })] });
  for (let i = 0; i < 50; i++) {
    assert.equal(engine.settle('aws', usage({ cachedReadTokens: 5 }), i).nanoUsd, null);
  }
  assert.equal(engine.choose(intent(), 100, constant(0.5)).candidates[0]!.deployment.id, 'aws');
});
