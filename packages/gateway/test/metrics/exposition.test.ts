// What a scrape reads: counters with their labels, histograms whose buckets add up, gauges.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition } from '../../src/metrics/exposition.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { entry } from '../ledger/sample.ts';

test('a scrape tells counters, buckets and readings of what was counted', async () => {
  const metrics = new Metrics();
  metrics.gauge({ name: 'entrepot_ledger_lost', help: 'Lost.', grows: true, read: () => 3 });
  metrics.unauthenticated(401);
  for (const totalMs of [5, 5, 70, 400_000]) metrics.request(entry('a', { totalMs }));
  const lines = (await exposition(metrics)).split('\n');
  const has = (line: string): void =>
    assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
  has('# TYPE entrepot_request_seconds histogram');
  has('entrepot_request_seconds_bucket{le="0.01"} 2');
  has('entrepot_request_seconds_bucket{le="0.1"} 3');
  has('entrepot_request_seconds_bucket{le="300"} 3');
  has('entrepot_request_seconds_bucket{le="+Inf"} 4');
  has('entrepot_request_seconds_count 4');
  has('entrepot_request_seconds_sum 400.08');
  has('entrepot_ledger_lost 3');
  has('entrepot_unauthenticated_total{status="401"} 1');
});

test('each scrape tells anew, and twice the same', async () => {
  const metrics = new Metrics();
  metrics.request(entry('a'));
  const first = await exposition(metrics);
  assert.equal(await exposition(metrics), first);
  metrics.request(entry('b'));
  assert.notEqual(await exposition(metrics), first);
});
