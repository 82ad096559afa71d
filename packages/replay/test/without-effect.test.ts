// Proves that a report says which steps of a scenario the traffic never meets, and why; and which
// scenario changes no figure at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Window, wholeTraffic } from '@entrepot/catalog/window';
import { usualWorld, type World } from '@entrepot/catalog/world';
import { deployment, prices, route } from '../../engine/test/fleet.ts';
import { createReplay } from '../src/create-replay.ts';
import type { Case, RunResult, Step } from '../src/what-if/case.ts';
import { reportOf, type ScenarioReport } from '../src/what-if/report.ts';
import { runsOf } from '../src/what-if/runs.ts';
import { columns, head, upstream } from './traffic.ts';

const traffic = { ...head, name: 'a trace', source: 'a test', requests: null, assumed: [] };
const dear = { prices: prices({ inputPicoUsd: 9_000_000 }) };
/** All goes to the first. */
const routes = [route([deployment('aws'), deployment('azure', dear)], 'cost')];
const upstreams = { aws: upstream(), azure: upstream() };
const base: Case = { name: 'base', title: 'base', routes, world: usualWorld, upstreams };

function played(changes: Partial<Case>): ScenarioReport {
  const one: Case = { ...base, name: 'one', ...changes };
  const results = runsOf(traffic, base, [one], 2).map((run): RunResult => {
    const replay = createReplay(run.options);
    replay.push(columns(600, 100));
    const { caseName, stage, seed } = run;
    return { caseName, stage, seed, result: replay.finish() };
  });
  const performance = { requestsPerSecond: 1, peakRssBytes: 1 };
  const scenarios = [one];
  return reportOf({ traffic, base, scenarios, results, isPartial: false, performance })
    .scenarios[0]!;
}

const place = { file: 'one.yaml', line: 7 };
const at = (cloud: string, window: Window = wholeTraffic) => ({ place, window, match: { cloud } });

function outage(cloud: string, window?: Window): Partial<World> {
  const entry = at(cloud, window);
  const kinds = ['server-error'] as const;
  const shares = { errorShare: { least: 1, most: 1 }, slowFactor: { least: 1, most: 1 } };
  return { outages: [{ ...entry, kinds, ...shares, recoveryMs: 0, cause: null }] };
}

function halved(cloud: string): Partial<World> {
  const given = { requestsPerMinute: null, tokensPerMinute: null, concurrentRequests: null };
  return { limits: [{ ...at(cloud), ...given, factor: 0.5 }] };
}

const hour = (from: number): Window => ({
  clock: 'since-start',
  fromMs: from * 3_600_000,
  untilMs: (from + 1) * 3_600_000,
});
const onADay: Window = { clock: 'unix', fromMs: 0, untilMs: 1e12 };
const toll = (cloud: string) => [{ place, cloud, window: wholeTraffic, nanoUsdPerGib: 1 }];

const worlds: readonly (readonly [Partial<World>, RegExp])[] = [
  [outage('google'), /no route of this traffic has an offer that it means$/],
  [outage('azure'), /this traffic asks nothing of what it means$/],
  [outage('aws', hour(1)), /it begins after the traffic has ended$/],
  [outage('aws', hour(-2)), /it ends before the traffic begins$/],
  [outage('aws', onADay), /it is on days of the calendar, and the traffic has none$/],
  [halved('aws'), /no offer of this traffic has a known quota \(unknown: offer-of-aws\)$/],
  [{ egress: toll('google') }, /this traffic has no offer of google$/],
  [{ mergers: [{ place, clouds: ['aws', 'google'] }] }, /offers of less than two of its clouds$/],
];

for (const [world, because] of worlds) {
  test(`of the world: ${because.source}`, () => {
    const { changesNothing, withoutEffect } = played({ world: { ...usualWorld, ...world } });
    // Clouds that merge have another name, if nothing else.
    assert.equal(changesNothing, world.mergers === undefined);
    assert.equal(withoutEffect.length, 1);
    assert.match(withoutEffect[0]!, /^line 7 of one\.yaml has no effect: /);
    assert.match(withoutEffect[0]!, because);
  });
}

const steps: readonly (readonly [Step['match'], RegExp])[] = [
  [{ model: 'openai/o3' }, /no route of this traffic has an offer that it means$/],
  [{ cloud: 'aws' }, /on this day it changes no offer of this traffic$/],
  [null, /every policy of this traffic is so already$/],
];

for (const [match, because] of steps) {
  test(`of offers and policies: ${because.source}`, () => {
    const { changesNothing, withoutEffect } = played({ steps: [{ place, match }] });
    assert.equal(changesNothing, true);
    assert.match(withoutEffect.join(), because);
  });
}

test('what has no effect for one reason is said once', () => {
  const steps = [3, 5, 5].map(line => ({
    ...{ place: { file: 'one.yaml', line }, match: { cloud: 'google' } },
  }));
  const [first, ...others] = played({ steps }).withoutEffect;
  assert.match(first!, /^lines 3, 5 of one\.yaml have no effect: no route/);
  assert.deepEqual(others, []);
});

test('what the traffic meets is not said to have no effect', () => {
  const world = { ...usualWorld, ...outage('aws'), egress: toll('aws') };
  const known = { ...upstream(), quota: { requestsPerMinute: 500, tokensPerMinute: null } };
  for (const one of [
    { world },
    { world: { ...usualWorld, ...halved('aws') }, upstreams: { ...upstreams, aws: known } },
    {
      steps: [{ place, match: { cloud: 'azure' } }],
      routes: [route([deployment('aws'), deployment('azure')], 'cost')],
    },
  ]) {
    assert.deepEqual(played(one).withoutEffect, []);
  }
  assert.equal(played({ world }).changesNothing, false);
});
