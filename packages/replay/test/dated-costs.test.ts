// Proves that what clouds charge for bytes that leave them, and for leaving them, holds in its time
// alone: within the traffic, at its end, and on days of the calendar.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Window, wholeTraffic } from '@entrepot/catalog/window';
import { usualWorld } from '@entrepot/catalog/world';
import { deployment, route } from '../../engine/test/fleet.ts';
import { toUsd } from '../src/result/amount.ts';
import { figuresOf } from '../src/what-if/figures.ts';
import { switchingAfter } from '../src/what-if/switching.ts';
import { columns, head, replayed, upstream } from './traffic.ts';

const place = { file: 'a test', line: 1 };
const routes = [route([deployment('aws')])];
const startUnixMs = Date.parse('2027-01-11T23:59:00Z');
const firstMinute: Window = { clock: 'since-start', fromMs: 0, untilMs: 60_000 };
const until2027: Window = {
  clock: 'unix',
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: startUnixMs + 60_000,
};

/** Two minutes of answers, of a cloud that takes a dollar a GiB within the window. */
function egressUsd(window: Window, isDated = true): number {
  const egress = [{ place, cloud: 'aws', window, nanoUsdPerGib: 1_000_000_000 }];
  const { fixedCosts } = replayed(routes, columns(1200, 100), {
    world: { ...usualWorld, egress },
    upstreams: { aws: upstream() },
    traffic: { ...head, startUnixMs: isDated ? startUnixMs : null },
  });
  return fixedCosts.reduce((usd, { cost }) => usd + toUsd(cost), 0);
}

test('bytes cost while they are charged for', () => {
  const all = egressUsd(wholeTraffic);
  assert.equal(all, Number(((1200 * 200 * 4) / 2 ** 30).toFixed(9)));
  for (const window of [firstMinute, until2027]) {
    const half = egressUsd(window);
    assert.ok(half > 0.45 * all && half <= 0.5 * all, `${half} of ${all}`);
  }
  assert.equal(egressUsd(until2027, false), 0, 'traffic without days meets no day');
});

test('leaving a cloud costs what it takes when the traffic is over', () => {
  const result = replayed(routes, columns(1200, 100));
  const usd = (window: Window, start: number | null): number => {
    const cost = { place, cloud: 'aws', window, storedGib: 1024, nanoUsdPerGib: 90_000_000 };
    const switching = switchingAfter(result, { ...usualWorld, switching: [cost] }, start);
    return figuresOf(result, switching).lockIn.leaving.aws!.switchingUsd;
  };
  assert.equal(usd(wholeTraffic, null), 92.16);
  assert.equal(usd(firstMinute, null), 0, 'it is over by then');
  assert.equal(usd(until2027, startUnixMs), 0);
  assert.equal(usd(until2027, startUnixMs - 86_400_000), 92.16);
  assert.equal(usd(until2027, null), 0);
});
