// Proves how a simulated upstream takes attempts: quotas with what they ask for, queues and
// refusals where it is full, throughput that was bought, caches of prompts, stalls and slowness,
// and what comes of it for the caller and for the bill.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Range, usualWorld, type World, type WorldEntry } from '@entrepot/catalog/world';
import type { RequestColumns } from '@entrepot/traffic/request-columns';
import { deployment, prices, route } from '../../engine/test/fleet.ts';
import { toUsd } from '../src/result/amount.ts';
import { quantileOf } from '../src/result/sketch.ts';
import type { UpstreamModel } from '../src/upstream/model.ts';
import { columns, head, replayed, upstream } from './traffic.ts';

const aws = deployment('aws');
const alone = [route([aws])];
const entry: WorldEntry = {
  place: { file: 'a test', line: 1 },
  match: {},
  window: { clock: 'since-start', fromMs: 0, untilMs: 3_600_000 },
};
const exactly = (x: number): Range => ({ least: x, most: x });

function with_(changes: Partial<UpstreamModel>): Readonly<Record<string, UpstreamModel>> {
  return { aws: upstream(changes) };
}

function worldWith(changes: Partial<World>): World {
  return { ...usualWorld, ...changes };
}

test('a quota lets through what it allows, and who comes too often is told to wait', () => {
  const quota = { requestsPerMinute: 60, tokensPerMinute: null };
  const result = replayed(alone, columns(90, 100), { upstreams: with_({ quota }) });
  assert.ok(result.throttled > 0);
  assert.ok(result.answered >= 69 && result.answered < 80, 'it holds 60 and gains one a second');
  assert.equal(result.failed, 90 - result.answered, 'three attempts were not enough');
  assert.ok(quantileOf(result.total, 1)! > 3_000, 'who was answered last had waited');
});

test('a quota of tokens counts input and output', () => {
  const quota = { requestsPerMinute: null, tokensPerMinute: 12_000 };
  const result = replayed(alone, columns(11, 1), { upstreams: with_({ quota }) });
  assert.equal(result.throttled > 0, true);
  const ten = replayed(alone, columns(10, 1), { upstreams: with_({ quota }) });
  assert.equal(ten.throttled, 0);
});

test('who queues waits for its turn, in the order of arrival', () => {
  const capacity = { concurrentRequests: 2, whenFull: 'queue', slowWhenFull: 1 } as const;
  const result = replayed(alone, columns(6, 1), { upstreams: with_({ capacity }) });
  assert.equal(result.answered, 6);
  const longest = quantileOf(result.total, 1)!;
  assert.ok(Math.abs(longest / 6_900 - 1) < 0.02, `three rounds of 2.3 s: ${longest}`);
});

test('an upstream that is full and does not queue says that it is overloaded', () => {
  const capacity = { concurrentRequests: 2, whenFull: 'refuse', slowWhenFull: 1 } as const;
  const result = replayed(alone, columns(6, 1), { upstreams: with_({ capacity }) });
  assert.ok(result.deployments[0]!.failures.overloaded! >= 4);
  const limits = [{ ...entry, ...noLimits, concurrentRequests: 2 }];
  const same = replayed(alone, columns(6, 1), {
    world: worldWith({ limits }),
    upstreams: with_({}),
  });
  assert.ok(same.deployments[0]!.failures.overloaded! >= 4);
});

const noLimits = {
  requestsPerMinute: null,
  tokensPerMinute: null,
  concurrentRequests: null,
  factor: null,
};

test('halved quotas are half of those that are known', () => {
  const quota = { requestsPerMinute: 100, tokensPerMinute: null };
  const limits = [{ ...entry, ...noLimits, factor: 0.5 }];
  const options = { world: worldWith({ limits }), upstreams: with_({ quota }) };
  assert.equal(replayed(alone, columns(50, 1), options).throttled, 0);
  assert.ok(replayed(alone, columns(60, 1), options).throttled > 0);
});

test('requests that bought throughput serves cost nothing more than the throughput', () => {
  const provisioned = [
    {
      ...{ ...entry, units: 2, nanoUsdPerUnitHour: 5e9, inputTokensPerMinutePerUnit: 50_000 },
      ...{ outputTokenWeight: 4, whenFull: 'overflow' as const },
    },
  ];
  const requests = columns(3601, 1000);
  const options = { world: worldWith({ provisioned }), upstreams: with_({}) };
  const result = replayed(alone, requests, options);
  assert.equal(toUsd(result.fixedCosts[0]!.cost).toFixed(2), '10.00');
  const each = 1000 * 2.5e-6 + 200 * 10e-6;
  const paid = toUsd(result.paid.cost) / each;
  // A minute's worth is there at the beginning.
  const over = (3601 * 1800 - 61 * 100_000) / 1800;
  assert.ok(Math.abs(paid / over - 1) < 0.05, `${paid} paid, ${over} had no room`);
});

test('a commitment is paid, and takes what it covers off the bill', () => {
  const requests = columns(3601, 1000);
  const each = 1000 * 2.5e-6 + 200 * 10e-6;
  const spent = 3600 * each;
  const commitments = [{ ...entry, nanoUsdPerHour: 6e9, discountPercent: 25 }];
  const options = { world: worldWith({ commitments }), upstreams: with_({}) };
  const [fixed] = replayed(alone, requests, options).fixedCosts;
  assert.ok(Math.abs(toUsd(fixed!.cost) - (6 - 6 / 0.75)) < 0.01, 'covers 8 of what is spent');
  assert.ok(spent > 8);
});

const cache = { ttlMs: 10_000, leastTokens: 1024, stepTokens: 128, assumedReadShare: 0 };

/** Prompts of four blocks of 512 tokens, of which the first `shared` are the same in all. */
function alike(count: number, everyMs: number, shared: number): RequestColumns {
  const hashes = Uint32Array.from({ length: 4 * count }, (_, i) =>
    i % 4 < shared ? 1 + (i % 4) : 1000 + i,
  );
  const starts = Uint32Array.from({ length: count + 1 }, (_, i) => 4 * i);
  const inputTokens = new Uint32Array(count).fill(2048);
  return columns(count, everyMs, { inputTokens, prefix: { starts, hashes } });
}

test('what prompts have in common is read from the cache while it is kept', () => {
  const offer = { prices: prices({ cachedReadPicoUsd: 250_000 }) };
  const routes = [route([deployment('aws', offer)])];
  const upstreams = with_({ cache: { ...cache, isMarked: false } });
  const traffic = { ...head, blockTokens: 512 };
  const often = replayed(routes, alike(10, 1000, 3), { upstreams, traffic });
  assert.equal(often.deployments[0]!.cachedTokens, 9 * 1536);
  const saved = 9 * 1536 * (2.5e-6 - 0.25e-6);
  assert.equal(toUsd(often.paid.cacheSavings).toFixed(6), saved.toFixed(6));
  const seldom = replayed(routes, alike(10, 20_000, 3), { upstreams, traffic });
  assert.equal(seldom.deployments[0]!.cachedTokens, 0);
  const little = replayed(routes, alike(10, 1000, 1), { upstreams, traffic });
  assert.equal(little.deployments[0]!.cachedTokens, 0, 'less than is cached at all');
});

test('more traffic is not the same prompts again: copies share beginnings with copies', () => {
  const routes = [route([deployment('aws', { prices: prices({ cachedReadPicoUsd: 250_000 }) })])];
  const upstreams = with_({ cache: { ...cache, isMarked: false } });
  const grown = { requestsFactor: 2, inputTokensFactor: 1, outputTokensFactor: 1, mix: null };
  const world = worldWith({ traffic: [{ place: entry.place, ...grown }] });
  const options = { upstreams, traffic: { ...head, blockTokens: 512 }, world };
  assert.equal(replayed(routes, alike(10, 5000, 0), options).deployments[0]!.cachedTokens, 0);
  const sums = replayed(routes, alike(10, 5000, 3), options).deployments[0]!;
  assert.equal(sums.cachedTokens, 2 * 9 * 1536);
});

test('a marked cache bills what is written to it', () => {
  const priced = prices({ cachedReadPicoUsd: 250_000, cacheWrite5mPicoUsd: 3_125_000 });
  const routes = [route([deployment('aws', { prices: priced })])];
  const upstreams = with_({ cache: { ...cache, isMarked: true } });
  const traffic = { ...head, blockTokens: 512 };
  const none = replayed(routes, alike(10, 1000, 0), { upstreams, traffic });
  assert.ok(toUsd(none.paid.cacheSavings) < 0, 'written and never read');
  const much = replayed(routes, alike(10, 1000, 4), { upstreams, traffic });
  assert.ok(toUsd(much.paid.cacheSavings) > 0);
});

test('a stream that stalls is cut after its silence, and not charged', () => {
  const stalls = [{ kind: 'stall', share: { yes: 1, no: 0 }, retryAfterMs: null }] as const;
  const result = replayed(alone, columns(3, 200_000), { upstreams: with_({ errors: stalls }) });
  assert.equal(result.truncated, 3);
  assert.equal(result.unpriced, 3);
  assert.equal(toUsd(result.paid.cost), 0);
});

test('an answer that is not streamed is not begun before its end', () => {
  const flags = new Uint16Array(5);
  const result = replayed(alone, columns(5, 10_000, { flags }), { upstreams: with_({}) });
  assert.ok(Math.abs(quantileOf(result.ttft, 0.5)! / 2300 - 1) < 0.02);
});

test('slowness lasts as long as the outage, and fades in its recovery', () => {
  const outages = [
    {
      ...{ ...entry, kinds: ['server-error'] as const, cause: null, errorShare: exactly(0) },
      ...{ slowFactor: exactly(3), recoveryMs: 100_000 },
      window: { clock: 'since-start' as const, fromMs: 100_000, untilMs: 200_000 },
    },
  ];
  const options = { world: worldWith({ outages }), upstreams: with_({}) };
  const at = (ms: number): number => {
    const requests = columns(1, 0, { atMs: Float64Array.of(ms) });
    return Math.round(quantileOf(replayed(alone, requests, options).total, 1)! / 23);
  };
  const [before, within, fading, after] = [0, 150_000, 250_000, 300_000].map(at);
  assert.ok(before! >= 99 && before! <= 101 && after! >= 99 && after! <= 101);
  assert.ok(within! > 290 && within! < 305, `${within}`);
  assert.ok(fading! > 190 && fading! < 205, `${fading}`);
});

test('traffic grows, gets longer and changes its mix as the world has it', () => {
  const routes = [route([aws]), { ...route([aws]), name: 'other' }];
  const mix = new Map([
    ['chat', 0.25],
    ['other', 0.75],
  ]);
  const traffic = [
    { place: entry.place, requestsFactor: 2.5, inputTokensFactor: 3, outputTokensFactor: 0.5, mix },
  ];
  const result = replayed(routes, columns(2000, 100), {
    traffic: { ...head, routes: ['chat', 'other'] },
    world: worldWith({ traffic }),
    upstreams: with_({}),
  });
  assert.ok(Math.abs(result.requests / 5000 - 1) < 0.03, `${result.requests}`);
  const [sums] = result.deployments;
  assert.equal(sums!.freshTokens, 3000 * result.requests);
  assert.equal(sums!.outputTokens, 100 * result.requests);
});
