// Proves the comparison of cases: the effects are told apart, and add up to the change of cost; no
// change is no effect; lock-in and concentration; what is assumed is said; and partial results.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offer } from '@entrepot/catalog/offer';
import { usualWorld, type World } from '@entrepot/catalog/world';
import type { Route } from '@entrepot/engine/deployment';
import type { RequestColumns, TrafficHead } from '@entrepot/traffic/request-columns';
import { deployment, prices, route } from '../../engine/test/fleet.ts';
import { createReplay } from '../src/create-replay.ts';
import type { Case, RunResult } from '../src/what-if/case.ts';
import { reportOf, type WhatIfReport } from '../src/what-if/report.ts';
import { runsOf } from '../src/what-if/runs.ts';
import { columns, head } from './traffic.ts';

const traffic: TrafficHead = {
  ...head,
  name: 'made up',
  source: 'a test',
  requests: null,
  assumed: ['the traffic is made up'],
};
const place = { file: 'a test', line: 1 };
const window = { clock: 'since-start', fromMs: 100_000, untilMs: 300_000 } as const;

function fleet(azure: Partial<Offer> = {}): Route[] {
  const cheap = { prices: prices({ inputPicoUsd: 2_000_000 }) };
  return [route([deployment('aws'), deployment('azure', { ...cheap, ...azure })], 'cost')];
}

function caseOf(name: string, routes: Route[], world: World = usualWorld): Case {
  return { name, title: name, routes, world };
}

function compare(scenario: Case, requests: RequestColumns, seeds = 3): WhatIfReport {
  const base = caseOf('base', fleet());
  const results: RunResult[] = runsOf(traffic, base, [scenario], seeds).map(run => {
    const replay = createReplay(run.options);
    replay.push(requests);
    const { caseName, stage, seed } = run;
    return { caseName, stage, seed, result: replay.finish() };
  });
  const performance = { requestsPerSecond: 1, peakRssBytes: 1 };
  const scenarios = [scenario];
  return reportOf({ traffic, base, scenarios, results, isPartial: false, performance });
}

const requests = columns(4000, 100);

function assertAddsUp({ scenarios, base }: WhatIfReport): void {
  const [{ change, costUsd }] = scenarios as [WhatIfReport['scenarios'][0]];
  const sum = Object.values(change.why).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - change.costUsd) < 1e-9, `${sum} is not ${change.costUsd}`);
  assert.ok(Math.abs(costUsd - base.costUsd - change.costUsd) < 1e-9);
}

test('a case that changes nothing has no effect', () => {
  const report = compare(caseOf('same', fleet()), requests);
  const [{ change }] = report.scenarios as [WhatIfReport['scenarios'][0]];
  assert.deepEqual(Object.values(change.why), [0, 0, 0, 0, 0, 0]);
  assert.equal(change.costUsd, 0);
  assert.equal(report.scenarios[0]!.changesNothing, true);
  assert.equal(change.isConcentrating, null, 'nothing merges');
});

test('every sum of money has its interval, and with one seed none has', () => {
  const flaky = caseOf('dear', fleet({ prices: prices({ inputPicoUsd: 2_500_000 }) }));
  const { base, scenarios } = compare(flaky, requests);
  for (const { intervals, ...one } of [base, ...scenarios]) {
    for (const by of ['costByCloud', 'costByVendor', 'costByModel', 'costByKey'] as const) {
      assert.deepEqual(Object.keys(intervals[by]), Object.keys(one[by]));
      for (const [name, usd] of Object.entries(one[by])) {
        const [low, high] = intervals[by][name]!;
        assert.ok(0 <= low && low <= usd + 1e-9 && usd <= high + 1e-9, `${by} ${name}`);
      }
    }
    assert.equal(intervals.leaving.azure!.extraUsd!.length, 2);
    assert.equal(intervals.fixedUsd!.length, 2);
  }
  const alone = compare(flaky, requests, 1).base.intervals;
  assert.deepEqual(Object.values(alone.costByCloud), [null, null]);
  assert.equal(alone.leaving.azure!.extraUsd, null);
});

test('a price cut of what is used is a price effect alone', () => {
  const azure = { prices: prices({ inputPicoUsd: 1_000_000 }) };
  const report = compare(caseOf('cut', fleet(azure)), requests);
  const [{ change }] = report.scenarios as [WhatIfReport['scenarios'][0]];
  assert.ok(change.why.priceUsd < 0);
  assert.equal(change.why.failureUsd + change.why.capacityUsd + change.why.trafficUsd, 0);
  assert.ok(Math.abs(change.why.routingUsd) < 0.01 * Math.abs(change.why.priceUsd));
  assertAddsUp(report);
});

test('a price rise that sends traffic elsewhere is a price effect, mended by routing', () => {
  const azure = { prices: prices({ inputPicoUsd: 9_000_000 }) };
  const report = compare(caseOf('rise', fleet(azure)), requests);
  const [{ change, costByCloud }] = report.scenarios as [WhatIfReport['scenarios'][0]];
  assert.ok(change.why.priceUsd > 0 && change.why.routingUsd < 0);
  assert.ok(costByCloud.aws! > 50 * costByCloud.azure!);
  assertAddsUp(report);
});

test('an outage, capacity by the hour and more traffic are effects of their own', () => {
  const range = (x: number) => ({ least: x, most: x });
  const world: World = {
    ...usualWorld,
    outages: [
      {
        ...{ place, window, match: { cloud: 'azure' }, kinds: ['server-error'], cause: null },
        ...{ errorShare: range(1), slowFactor: range(1), recoveryMs: 0 },
      },
    ],
    provisioned: [
      {
        ...{ place, window, match: { cloud: 'aws' }, units: 1, nanoUsdPerUnitHour: 9e9 },
        ...{ inputTokensPerMinutePerUnit: 1e6, outputTokenWeight: 4, whenFull: 'overflow' },
      },
    ],
    traffic: [
      { place, requestsFactor: 1.5, inputTokensFactor: 1, outputTokensFactor: 1, mix: null },
    ],
  };
  const report = compare(caseOf('much', fleet(), world), requests);
  const [{ change, fixedUsd }] = report.scenarios as [WhatIfReport['scenarios'][0]];
  assert.equal(change.why.priceUsd + change.why.cacheUsd + change.why.routingUsd, 0);
  assert.ok(change.why.failureUsd > 0, 'the dearer offer stood in');
  assert.notEqual(change.why.capacityUsd, 0);
  assert.ok(change.why.trafficUsd > 0.3 * report.base.costUsd);
  assert.ok(Math.abs(fixedUsd - (9 * 200) / 3600) < 0.001, `${fixedUsd}`);
  assertAddsUp(report);
});

test('clouds that merge count as one, and nothing stands in for them', () => {
  const world: World = { ...usualWorld, mergers: [{ place, clouds: ['aws', 'azure'] }] };
  const report = compare(caseOf('merged', fleet(), world), requests);
  const [{ hhi, lockIn, change }] = report.scenarios as [WhatIfReport['scenarios'][0]];
  assert.equal(hhi, 10_000);
  assert.equal(change.isConcentrating, report.base.hhi! < 9900);
  assert.equal(lockIn.share, 1);
  assert.equal(report.base.lockIn.share, 0);
  assert.ok(report.base.lockIn.leaving.azure!.extraUsd > 0, 'the other cloud is dearer');
});

test('what is taken for granted is said, once', () => {
  const { assumed } = compare(caseOf('same', fleet()), columns(10, 100), 1);
  assert.equal(new Set(assumed).size, assumed.length);
  for (const part of ['made up', 'nothing of it is measured', 'it has no quota', 'a token of']) {
    assert.ok(
      assumed.some(sentence => sentence.includes(part)),
      part,
    );
  }
});
