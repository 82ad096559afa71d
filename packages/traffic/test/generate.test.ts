// The generator draws traffic that has the published trace's shape: rate, burstiness and token
// quantiles, compared with the trace itself where it is present.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generate } from '../src/generate.ts';
import { azureConversation2023 } from '../src/profile.ts';
import { readTraffic } from '../src/read-traffic.ts';
import { seededRandom } from '../src/seeded-random.ts';
import { type TracedRequest, tracedRequests } from '../src/traced-request.ts';

const shared = join(import.meta.dirname, '../../../../shared');
const traceFile = join(shared, 'traces/azure_llm/AzureLLMInferenceTrace_conv.csv');
const skip = existsSync(traceFile) ? false : 'needs ../shared/traces/azure_llm';

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))]!;
}

/** Variance of counts per window over their mean: 1 for Poisson arrivals. */
function dispersion(requests: readonly TracedRequest[], windowMs: number): number {
  const windows = Math.floor(requests.at(-1)!.atMs / windowMs);
  const counts = new Array<number>(windows).fill(0);
  for (const { atMs } of requests) {
    const window = Math.floor(atMs / windowMs);
    if (window < windows) counts[window]!++;
  }
  const mean = counts.reduce((sum, n) => sum + n, 0) / windows;
  return counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / windows / mean;
}

test('the same seed gives the same traffic, another seed another', () => {
  const draw = (seed: number) => generate(azureConversation2023, 60, seededRandom(seed));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('traffic ascends in time, stays inside the asked span and has whole tokens', () => {
  const requests = generate(azureConversation2023, 120, seededRandom(3));
  let before = 0;
  for (const { atMs, inputTokens, outputTokens } of requests) {
    assert.ok(atMs >= before && atMs < 120_000);
    assert.ok(Number.isInteger(inputTokens) && inputTokens >= 1);
    assert.ok(Number.isInteger(outputTokens) && outputTokens >= 1);
    before = atMs;
  }
});

test('drawn traffic has the rate, burstiness and token quantiles of the trace', {
  skip,
}, async () => {
  const routes = { otherwise: 'gpt', routes: new Map() };
  const traffic = await readTraffic(traceFile, { format: null, routes, seed: 1 });
  const real = await tracedRequests(traffic, Number.POSITIVE_INFINITY);
  traffic.close();
  const drawn = generate(azureConversation2023, 3500, seededRandom(4));
  const within = (a: number, b: number, share: number, what: string): void =>
    assert.ok(Math.abs(a - b) <= share * b, `${what}: drawn ${a}, real ${b}`);
  within(drawn.length, real.length, 0.25, 'requests');
  within(dispersion(drawn, 1000), dispersion(real, 1000), 0.3, 'dispersion per second');
  for (const share of [0.25, 0.5, 0.75, 0.9, 0.95]) {
    const of = (requests: readonly TracedRequest[], key: 'inputTokens' | 'outputTokens'): number =>
      quantile(
        requests.map(r => r[key]),
        share,
      );
    within(of(drawn, 'inputTokens'), of(real, 'inputTokens'), 0.15, `input p${share * 100}`);
    within(of(drawn, 'outputTokens'), of(real, 'outputTokens'), 0.15, `output p${share * 100}`);
  }
});
