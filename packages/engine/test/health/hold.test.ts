// Proves for how long a deployment is left alone after a rate limit or an exhausted quota: a table
// of retry-after values, that the later deadline stands, and that the circuit stays closed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../../src/defaults.ts';
import { createHealth, type Health, noteOutcome, restsUntil, standing } from '../../src/health.ts';
import type { FailureKind } from '../../src/outcome.ts';
import { failed, succeeded } from '../fleet.ts';

function refuse(
  health: Health,
  now: number,
  retryAfterMs: number | null,
  kind: FailureKind = 'rate-limit',
  totalMs = 5,
): void {
  noteOutcome(health, defaults, failed('a', kind, { retryAfterMs, totalMs }), now);
}

/** When the deployment can be used again, found by asking. */
function heldMs(health: Health, now: number): number {
  let ms = 0;
  while (standing(health, defaults, now + ms) !== 'ready') ms += 1;
  return ms;
}

const table: readonly [string, number | null, number][] = [
  ['absent', null, 1_000],
  ['seconds', 7_000, 7_000],
  ['milliseconds', 20, 20],
  ['zero', 0, 1_000],
  ['negative', -5_000, 1_000],
  ['not a number', Number.NaN, 1_000],
];
for (const [name, retryAfterMs, expectedMs] of table) {
  test(`after a 429 with retry-after ${name} it is held ${expectedMs} ms`, () => {
    const health = createHealth(defaults);
    refuse(health, 50_000, retryAfterMs);
    assert.equal(standing(health, defaults, 50_000), 'held');
    assert.equal(heldMs(health, 50_000), expectedMs);
  });
}

test('a huge retry-after is cut to an hour', () => {
  const health = createHealth(defaults);
  refuse(health, 0, 1e15);
  assert.equal(health.hold.untilMs, 3_600_000);
  refuse(health, 0, Number.POSITIVE_INFINITY);
  assert.equal(health.hold.untilMs, 3_600_000);
});

test('of two deadlines the later one stands, whichever came first', () => {
  for (const waits of [
    [10_000, 2_000],
    [2_000, 10_000],
  ]) {
    const health = createHealth(defaults);
    refuse(health, 1000, waits[0]!);
    refuse(health, 1010, waits[1]!);
    const latest = Math.max(1000 + waits[0]!, 1010 + waits[1]!);
    assert.equal(standing(health, defaults, latest - 1), 'held');
    assert.equal(standing(health, defaults, latest), 'ready');
  }
});

test('a success does not shorten what was asked for', () => {
  const health = createHealth(defaults);
  refuse(health, 1000, 10_000);
  noteOutcome(health, defaults, succeeded('a', { totalMs: 500 }), 1200);
  assert.equal(standing(health, defaults, 10_999), 'held');
});

test('rate limits that name no time hold longer each time, up to a minute', () => {
  const health = createHealth(defaults);
  let now = 1000;
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    refuse(health, now, null);
    assert.equal(health.hold.untilMs, now + seconds * 1000);
    now += seconds * 1000 + 10;
  }
  noteOutcome(health, defaults, succeeded('a', { ttftMs: 1, totalMs: 5 }), now);
  refuse(health, now + 10, null);
  assert.equal(health.hold.untilMs, now + 10 + 1000);
});

test('an old stream that ends well does not make the next rate limit the first again', () => {
  const health = createHealth(defaults);
  refuse(health, 10_000, null);
  noteOutcome(health, defaults, succeeded('a', { totalMs: 5_000 }), 12_000);
  refuse(health, 13_000, null);
  assert.equal(health.hold.untilMs, 15_000);
});

test('a burst that is refused together counts once', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 50; i++) refuse(health, 10_000 + i, null, 'rate-limit', 200);
  assert.ok(health.hold.untilMs! <= 10_049 + 1_000);
});

test('however many rate limits come, the circuit stays closed', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 100; i++) refuse(health, 1000 + i, 50);
  assert.equal(standing(health, defaults, 1200), 'ready');
});

test('an exhausted quota holds for ten minutes, or as long as it says up to a day', () => {
  const silent = createHealth(defaults);
  refuse(silent, 0, null, 'quota');
  assert.equal(standing(silent, defaults, 599_999), 'quota');
  assert.equal(standing(silent, defaults, 600_000), 'ready');
  const daily = createHealth(defaults);
  refuse(daily, 0, 40_000_000, 'quota');
  assert.equal(standing(daily, defaults, 39_999_999), 'quota');
  const absurd = createHealth(defaults);
  refuse(absurd, 0, 1e12, 'quota');
  assert.equal(absurd.hold.quotaUntilMs, 86_400_000);
});

test('an overloaded upstream that names a time is held, and the failure counts too', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 5; i++) refuse(health, 1000 + i, 2_000, 'overloaded');
  assert.equal(health.hold.untilMs, 3_004);
  assert.equal(standing(health, defaults, 1_500), 'open');
  refuse(health, 2_000, 90_000);
  assert.equal(restsUntil(health, 'open', 2_000), 92_000, 'the later of rest and hold');
});
