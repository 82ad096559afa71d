// Proves the simulation of the queue: every request ends, one alone takes what the physics says,
// the count that is found is the least, scaling follows the traffic, and the break-even is where
// both cost the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offer } from '@entrepot/catalog/offer';
import { arrivalMeans, busiest } from '@entrepot/planner/serve/arrivals';
import { scaleOver } from '@entrepot/planner/serve/autoscale';
import { compareOffers } from '@entrepot/planner/serve/break-even';
import { instancesNeeded, keeps, sustained } from '@entrepot/planner/serve/capacity';
import { simulateLoad } from '@entrepot/planner/serve/simulate';
import { decodeSeconds } from '@entrepot/planner/serve/steady-state';
import { evenArrivals, fitted, instanceOf } from './cases.ts';

const { parameters } = fitted;
const instance = instanceOf('llama-3.3-70b', 'H100-SXM', { tp: 4 });

test('a request alone takes the time of its steps', () => {
  const load = simulateLoad(evenArrivals(20, 0.05, 500, 200), instance, 1, parameters);
  const step = decodeSeconds(instance, 1, 600, parameters);
  assert.ok(Math.abs(load.tpotSeconds.p50 / step - 1) < 0.02);
  assert.equal(load.longestQueue, 0);
  assert.ok(load.ttftSeconds.p99 < 1);
});

test('more instances are not slower, and too few have a queue that grows', () => {
  const arrivals = evenArrivals(600, 20, 1500, 300);
  const few = simulateLoad(arrivals, instance, 1, parameters);
  const more = simulateLoad(arrivals, instance, 4, parameters);
  assert.ok(more.ttftSeconds.p95 <= few.ttftSeconds.p95);
  assert.ok(more.tpotSeconds.p95 < few.tpotSeconds.p95);
  assert.equal(few.requests, 600);
});

test('the instances that are found are the fewest that keep the promise', () => {
  const arrivals = evenArrivals(800, 20, 1500, 300);
  const slo = { ttftSeconds: 1, tpotSeconds: 0.04 };
  const can = sustained(instance, arrivalMeans(arrivals), slo, parameters)!;
  const found = instancesNeeded(arrivals, instance, slo, 20 / can.requestsPerSecond, parameters)!;
  let least = 1;
  while (!keeps(simulateLoad(arrivals, instance, least, parameters), slo)) least++;
  assert.equal(found.instances, least);
});

test('a promise that no count keeps is none', () => {
  const arrivals = evenArrivals(50, 5, 1500, 300);
  const slo = { ttftSeconds: 0.001, tpotSeconds: 0.001 };
  assert.equal(sustained(instance, arrivalMeans(arrivals), slo, parameters), null);
  assert.equal(instancesNeeded(arrivals, instance, slo, 1, parameters), null);
});

test('the busiest part is the shortest span of so many', () => {
  const arrivals = evenArrivals(100, 1, 10, 10);
  for (let i = 60; i < 100; i++) arrivals.atMs[i] = 60_000 + i;
  const part = busiest(arrivals, 30);
  assert.equal(part.count, 30);
  assert.ok(part.atMs[29]! - part.atMs[0]! < 100);
});

test('instances follow the traffic and start ahead of it', () => {
  const arrivals = evenArrivals(7200, 1, 10, 10);
  for (let i = 3600; i < 7200; i++) arrivals.atMs[i] = 3_600_000 + (i - 3600) * 100;
  const rule = { requestsPerSecond: 1, readySeconds: 300, least: 1, plannedShare: 1 };
  const day = scaleOver(arrivals, rule);
  assert.equal(day.peak, 10);
  assert.equal(day.instances[0], 1);
  assert.equal(day.instances[11], 10);
  assert.ok(day.savedShare > 0.5);
});

test('at the break-even rate both cost the same', () => {
  const prices = { inputPicoUsd: 1_000_000, outputPicoUsd: 2_000_000, tiers: [] };
  const offer = { id: 'a', prices } as unknown as Offer;
  const lengths = { inputTokens: 1000, outputTokens: 500 };
  const hosted = { usdPerHour: 36, requestsPerSecond: 10 };
  const [compared] = compareOffers([offer], hosted, 5, lengths);
  // 0.002 USD a request: 36 USD an hour are 0.01 a second, 5 requests.
  assert.equal(compared!.breakEvenRequestsPerSecond, 5);
  assert.equal(compared!.ratio, 1);
  const small = { usdPerHour: 36, requestsPerSecond: 4 };
  assert.equal(compareOffers([offer], small, 3, lengths)[0]!.breakEvenRequestsPerSecond, null);
});
