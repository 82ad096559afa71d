// Proves when the circuit of a deployment opens, half-opens and closes, by a table of outcomes in
// virtual time, and that its invariants hold under random sequences.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { beginOn, circuitState, slowStartShare } from '../../src/circuit.ts';
import { defaults } from '../../src/defaults.ts';
import { createHealth, type Health, noteOutcome, standing } from '../../src/health.ts';
import type { FailureKind } from '../../src/outcome.ts';
import { failed, succeeded } from '../fleet.ts';

const counted: readonly FailureKind[] = [
  'refused',
  'connect-timeout',
  'reset',
  'first-byte-timeout',
  'stall',
  'truncated',
  'protocol',
  'overloaded',
  'server-error',
  'auth',
  'not-found',
];
const uncounted: readonly FailureKind[] = [
  'invalid-request',
  'content-filter',
  'client-closed',
  'unsupported',
  'context-length',
];

function fail(health: Health, now: number, kind: FailureKind = 'server-error', totalMs = 10): void {
  beginOn(health.circuit, defaults.circuit, now - totalMs);
  noteOutcome(health, defaults, failed('a', kind, { totalMs }), now);
}

function succeed(health: Health, now: number, totalMs = 10): void {
  beginOn(health.circuit, defaults.circuit, now - totalMs);
  noteOutcome(health, defaults, succeeded('a', { ttftMs: 5, totalMs }), now);
}

function opened(now: number): Health {
  const health = createHealth(defaults);
  for (let i = 0; i < 5; i++) fail(health, now);
  return health;
}

for (const kind of counted) {
  test(`five in a row of ${kind} open the circuit`, () => {
    const health = createHealth(defaults);
    for (let i = 0; i < 4; i++) fail(health, 1000 + i, kind);
    assert.equal(standing(health, defaults, 1010), 'ready');
    fail(health, 1010, kind);
    assert.equal(standing(health, defaults, 1010), 'open');
  });
}

for (const kind of uncounted) {
  test(`${kind} is never held against a deployment`, () => {
    const health = createHealth(defaults);
    for (let i = 0; i < 100; i++) fail(health, 1000 + i, kind);
    assert.equal(standing(health, defaults, 1100), 'ready');
  });
}

test('a success ends the run of failures', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 4; i++) fail(health, 1000 + i);
  succeed(health, 1100);
  for (let i = 0; i < 4; i++) fail(health, 1200 + i);
  assert.equal(standing(health, defaults, 1300), 'ready');
});

test('streams that began before the failures and end well do not hide them', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 5; i++) {
    fail(health, 60_000 + i * 100);
    succeed(health, 60_050 + i * 100, 30_000);
  }
  assert.equal(standing(health, defaults, 60_500), 'open');
});

test('more than half of at least 20 attempts in 30 s opens it, without a run too', () => {
  const health = createHealth(defaults);
  const outcomes = 'ffsffsffsffsffsffsf';
  [...outcomes].forEach((o, i) => {
    if (o === 'f') fail(health, 1000 + i * 100);
    else succeed(health, 1000 + i * 100);
  });
  assert.equal(standing(health, defaults, 3000), 'ready');
  fail(health, 3000);
  assert.equal(standing(health, defaults, 3000), 'open');
});

test('exactly half of the attempts failing does not open it', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 20; i++) (i % 2 === 0 ? succeed : fail)(health, 1000 + i * 20);
  assert.equal(standing(health, defaults, 2000), 'ready');
});

test('failures older than the window are forgotten', () => {
  const health = createHealth(defaults);
  for (let i = 0; i < 15; i++) (i % 4 === 3 ? succeed : fail)(health, 1000 + i * 100);
  for (let i = 0; i < 9; i++) (i % 4 === 3 ? succeed : fail)(health, 40_000 + i * 100);
  assert.equal(standing(health, defaults, 41_000), 'ready');
});

test('it rests 30 s, then 60 s, up to 300 s while its probes fail', () => {
  const health = opened(1000);
  let now = 1000;
  for (const seconds of [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300]) {
    assert.equal(standing(health, defaults, now + seconds * 1000 - 1), 'open');
    now += seconds * 1000;
    assert.equal(standing(health, defaults, now), 'half-open');
    now += 10;
    fail(health, now);
  }
});

test('one probe at a time: while it runs the circuit is not for others', () => {
  const health = opened(1000);
  beginOn(health.circuit, defaults.circuit, 31_000);
  assert.equal(standing(health, defaults, 31_001), 'probing');
  noteOutcome(health, defaults, failed('a', 'client-closed', { totalMs: 500 }), 31_500);
  assert.equal(standing(health, defaults, 31_501), 'half-open');
  beginOn(health.circuit, defaults.circuit, 32_000);
  assert.equal(standing(health, defaults, 32_000 + defaults.circuit.probeMs), 'half-open');
});

test('a successful probe closes it; its share of requests grows from 10 % to all in 30 s', () => {
  const health = opened(1000);
  succeed(health, 31_010);
  assert.equal(standing(health, defaults, 31_010), 'ready');
  const share = (now: number): number => slowStartShare(health.circuit, defaults.circuit, now);
  assert.equal(share(31_010), 0.1);
  assert.ok(Math.abs(share(46_010) - 0.55) < 1e-9);
  assert.equal(share(61_010), 1);
});

test('what began before the opening neither closes it nor opens it again', () => {
  const health = opened(20_000);
  succeed(health, 25_000, 10_000);
  assert.equal(standing(health, defaults, 25_000), 'open');
  fail(health, 50_001, 'stall', 40_000);
  assert.equal(standing(health, defaults, 50_001), 'half-open');
  succeed(health, 50_100);
  for (let i = 0; i < 9; i++) fail(health, 50_200 + i, 'stall', 20_000);
  assert.equal(standing(health, defaults, 50_300), 'ready');
});

test('after five healthy minutes the next opening is the first again', () => {
  const health = opened(1000);
  fail(health, 31_010);
  succeed(health, 91_030);
  for (let i = 0; i < 5; i++) fail(health, 500_000);
  assert.equal(health.circuit.openUntilMs, 530_000);
});

test('under any sequence of outcomes the circuit keeps its invariants', () => {
  const kinds = [null, ...counted, ...uncounted, 'rate-limit', 'quota'] as const;
  const event = fc.record({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 60_000 })),
    kind: fc.constantFrom<FailureKind | null>(...kinds),
    totalMs: fc.integer({ min: 0, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), events => {
      const health = createHealth(defaults);
      const { circuit } = health;
      let now = 100_000;
      for (const { waitMs, kind, totalMs } of events) {
        now += waitMs;
        const before = circuitState(circuit, defaults.circuit, now);
        beginOn(circuit, defaults.circuit, now);
        if (kind === null) succeed(health, now, totalMs);
        else noteOutcome(health, defaults, failed('a', kind, { totalMs }), now);
        const after = circuitState(circuit, defaults.circuit, now);
        const { openedAtMs, openUntilMs } = circuit;
        assert.equal(openedAtMs === null, openUntilMs === null);
        if (openedAtMs !== null && openUntilMs !== null) {
          assert.ok(openUntilMs - openedAtMs >= 30_000 && openUntilMs - openedAtMs <= 300_000);
        }
        const countedNow = kind !== null && counted.includes(kind);
        if (before !== 'open' && after === 'open') assert.ok(countedNow);
        if (before !== 'closed' && after === 'closed') assert.equal(kind, null);
        assert.ok(circuit.run < defaults.circuit.consecutiveFailures);
        const share = slowStartShare(circuit, defaults.circuit, now);
        assert.ok(share >= 0.1 && share <= 1);
      }
    }),
  );
});
