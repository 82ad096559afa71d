// Proves that times that grow with load are fitted where load made them grow, and are not where it
// did not: neither by chance nor where an upstream was slow for a reason of its own. And that a
// replay then answers more slowly the more is under way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployment, route } from '../../engine/test/fleet.ts';
import { Draws } from '../src/draws.ts';
import type { AttemptRow } from '../src/fit/attempt-row.ts';
import { fitUpstream } from '../src/fit/fit-upstream.ts';
import { quantileOf } from '../src/result/sketch.ts';
import type { LoadModel } from '../src/upstream/model.ts';
import { columns, replayed, upstream } from './traffic.ts';

interface Truth {
  readonly perRequest: number;
  /** So many times as slow at a moment, whatever the load. */
  readonly slowAt?: (atMs: number) => number;
}

/** Three hours of attempts; every quarter of an hour another rate. */
function ledger(seed: number, { perRequest, slowAt = () => 1 }: Truth): AttemptRow[] {
  const draws = new Draws(seed);
  const rows: AttemptRow[] = [];
  let ends: number[] = [];
  let atMs = 0;
  while (atMs < 3 * 3_600_000) {
    const everyMs = [4000, 1200, 500, 2000][Math.floor(atMs / 900_000) % 4]!;
    atMs += -everyMs * Math.log(1 - draws.next());
    ends = ends.filter(end => end > atMs);
    const slow = (1 + perRequest * ends.length) * slowAt(atMs);
    const inputTokens = Math.round(100 + 4000 * draws.next());
    const outputTokens = Math.round(50 + 300 * draws.next());
    const ttftMs = (300 + inputTokens * 0.05) * slow * Math.exp(0.3 * draws.normal());
    const totalMs = ttftMs + outputTokens * 10 * slow * Math.exp(0.15 * draws.normal());
    ends.push(atMs + totalMs);
    rows.push({
      ...{ deployment: 'aws', startedAtMs: Math.round(atMs), stream: true, failure: null },
      ...{ ttftMs, totalMs, inputTokens, cachedReadTokens: 0, outputTokens },
    });
  }
  return rows;
}

const aws = deployment('aws');

function assertTold(load: LoadModel | undefined, truth: number): void {
  assert.ok(load !== undefined, 'load is seen');
  const { median, logSd } = load.perRequest;
  const off = Math.abs(Math.log(median / truth));
  assert.ok(off < 3 * logSd && logSd < 0.4, `${median} (+/- ${logSd}) for ${truth}`);
}

test('growth with load is found as it was made, and said', () => {
  for (const seed of [1, 2, 3]) {
    const { latency, assumed } = fitUpstream(aws, ledger(seed, { perRequest: 0.05 }));
    assertTold(latency.ttftLoad, 0.05);
    assertTold(latency.tokenLoad, 0.05);
    const idleMs = latency.msPerOutputToken.median / (1 + 0.05 * latency.tokenLoad!.usual);
    assert.ok(Math.abs(idleMs - 10) < 1, `${idleMs} ms a token when idle`);
    assert.ok(Math.abs(latency.tokenSigma - 0.15) < 0.02, `${latency.tokenSigma}`);
    assert.match(assumed.join('\n'), /with each further request under way the time to first/);
  }
});

test('where load changes nothing, nothing is made of it', () => {
  let found = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { ttftLoad, tokenLoad } = fitUpstream(aws, ledger(seed, { perRequest: 0 })).latency;
    if (ttftLoad !== undefined || tokenLoad !== undefined) found += 1;
  }
  assert.ok(found <= 1, `${found} of 20`);
});

test('an upstream that is slow for hours of itself is not taken to be slow by load', () => {
  const slowAt = (atMs: number): number => (Math.floor(atMs / 1_300_000) % 2 === 0 ? 1 : 3);
  const { latency, assumed } = fitUpstream(aws, ledger(4, { perRequest: 0, slowAt }));
  assert.deepEqual([latency.ttftLoad, latency.tokenLoad], [undefined, undefined]);
  assert.match(assumed.join('\n'), /as fast under any load/);
});

test('a replay answers more slowly the more is under way', () => {
  const load = { perRequest: { median: 0.1, logSd: 0 }, usual: 4 };
  const model = upstream();
  const latency = { ...model.latency, ttftLoad: load, tokenLoad: load };
  const p50 = (everyMs: number): number => {
    const upstreams = { aws: { ...model, latency } };
    const result = replayed([route([aws])], columns(2000, everyMs), { upstreams });
    return quantileOf(result.total, 0.5)!;
  };
  const alone = p50(10_000);
  assert.ok(Math.abs(alone / (2300 / 1.4) - 1) < 0.02, `${alone} ms alone`);
  const [some, many] = [p50(1000), p50(250)];
  assert.ok(alone < some && some < many, `${alone}, ${some}, ${many}`);
});
