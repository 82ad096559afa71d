// What one engine tells another of deployments that rest: the other rests them too, by its own
// clock, and the later end stands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteFailure } from '../src/circuit.ts';
import { withDefaults } from '../src/defaults.ts';
import { createHealth, standing } from '../src/health.ts';
import { noteRest, restOf } from '../src/rest.ts';

const settings = withDefaults({});

test('an open circuit is open for whoever hears of it, until its end', () => {
  const one = createHealth(settings);
  const other = createHealth(settings);
  for (let n = 0; n < settings.circuit.consecutiveFailures; n++) {
    noteFailure(one.circuit, settings.circuit, 900 + n, 1_000);
  }
  const rest = restOf('a', one, 2_000);
  assert.ok(rest !== null);
  assert.equal(rest.openMs, settings.circuit.openMs - 1_000);
  noteRest(other, rest, 500_000);
  assert.equal(standing(other, settings, 500_001), 'open');
  assert.equal(standing(other, settings, 500_000 + rest.openMs), 'half-open');
  assert.equal(other.circuit.opens, 1);
  assert.equal(restOf('a', createHealth(settings), 0), null);
});

test('of two holds the later end stands', () => {
  const health = createHealth(settings);
  const hold = { deployment: 'a', openMs: 0, opens: 0, quotaMs: 0 };
  noteRest(health, { ...hold, holdMs: 5_000 }, 0);
  noteRest(health, { ...hold, holdMs: 1_000 }, 0);
  assert.equal(standing(health, settings, 4_999), 'held');
  assert.equal(standing(health, settings, 5_000), 'ready');
});
