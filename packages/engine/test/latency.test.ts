// Proves what is measured of a deployment: quantiles against a sorted list, first tokens of streams
// apart from whole answers, and output speed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaults } from '../src/defaults.ts';
import { createLatency, expectedTtftMs, type Latency, measure } from '../src/latency.ts';
import type { AttemptOutcome } from '../src/outcome.ts';
import { addSample, createQuantiles, quantile } from '../src/quantiles.ts';
import { failed, succeeded } from './fleet.ts';

function observe(latency: Latency, outcome: AttemptOutcome, now = 1000): void {
  measure(latency, defaults.latency, outcome, now);
}

test('quantiles are within a tenth of those of the samples', () => {
  const samples = fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 199 });
  fc.assert(
    fc.property(samples, fc.constantFrom(0.5, 0.9, 0.99), (list, q) => {
      const quantiles = createQuantiles();
      for (const ms of list) addSample(quantiles, ms);
      const sorted = [...list].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(q * list.length) - 1]!;
      const found = quantile(quantiles, q)!;
      assert.ok(found >= exact / 1.1 && found <= exact * 1.1, `${found} for ${exact}`);
    }),
  );
});

test('the old fades out: after 400 slower answers the median is theirs', () => {
  const quantiles = createQuantiles();
  for (let i = 0; i < 1000; i++) addSample(quantiles, 100);
  for (let i = 0; i < 400; i++) addSample(quantiles, 900);
  assert.ok(quantile(quantiles, 0.5)! > 850);
  assert.equal(quantile(createQuantiles(), 0.5), null);
});

test('an answer that came as a whole tells nothing of the time to first token', () => {
  const latency = createLatency();
  for (let i = 0; i < 30; i++) {
    observe(latency, succeeded('a', { ttftMs: 4_000, totalMs: 4_000, outputTokens: 100 }));
  }
  assert.equal(latency.medianTtftMs, null);
  const p99WholeMs = quantile(latency.whole, 0.99)!;
  assert.ok(p99WholeMs > 3_600 && p99WholeMs < 4_400);
  assert.equal(latency.msPerOutputToken, 40);
});

test('a stream tells its first token even when it breaks later', () => {
  const latency = createLatency();
  const broken = { ...failed('a', 'stall', { totalMs: 70_000 }), ttftMs: 500 };
  observe(latency, broken);
  assert.ok(latency.medianTtftMs! > 450 && latency.medianTtftMs! < 550);
  assert.equal(quantile(latency.whole, 0.99), null);
  observe(latency, succeeded('a', { ttftMs: 500, totalMs: 2_500, outputTokens: 100 }));
  assert.equal(latency.msPerOutputToken, 20);
});

test('the expected time to first token: measured, else configured, else unknown', () => {
  const latency = createLatency();
  const expected = (priorMs: number | null, now = 1000): number | null =>
    expectedTtftMs(latency, defaults.latency, priorMs, now);
  assert.equal(expected(null), null);
  assert.equal(expected(300), 300);
  for (let i = 0; i < 4; i++) observe(latency, succeeded('a', { ttftMs: 800 }));
  assert.equal(expected(300), 300, 'four measurements are few');
  assert.ok(expected(null)! > 700, 'but better than nothing');
  observe(latency, succeeded('a', { ttftMs: 800 }));
  assert.ok(expected(300)! > 700);
  assert.equal(expected(300, 1000 + defaults.latency.staleMs + 1), 300, 'old ones are forgotten');
});
