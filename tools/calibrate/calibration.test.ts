// Proves, in small, that a replay predicts what a live gateway does: upstreams are fitted to one
// live play over simulated clouds, and a second one, with an outage, is predicted. All real sockets
// and real times, so limits are wider here than for `npm run calibrate`, which plays longer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrate } from './rehearse.ts';

test('cost, latency and availability are as predicted', async () => {
  const { live, off, requests } = await calibrate({
    seconds: 5,
    requestsPerSecond: 20,
    mostOutputTokens: 80,
    outage: { fromMs: 1500, untilMs: 3000 },
    seed: 1,
    seeds: 10,
  });
  assert.ok(requests > 60, `${requests} requests`);
  assert.ok(Math.abs(off.costUsd) < 0.01, `cost is off by ${off.costUsd}`);
  assert.ok(Math.abs(off.totalMsP50) < 0.1, `the median of latency by ${off.totalMsP50}`);
  assert.ok(Math.abs(off.totalMsP95) < 0.1, `its 95th percentile by ${off.totalMsP95}`);
  assert.ok(Math.abs(off.ttftMsP50) < 0.15, `the median of first tokens by ${off.ttftMsP50}`);
  assert.ok(Math.abs(off.availability) <= 0.002, `availability by ${off.availability}`);
  assert.equal(live.availability, 1, 'callers did not see the outage');
});
