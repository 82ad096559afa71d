// What to buy in advance: the size by arithmetic that can be checked by hand, and the command,
// which finds what a replay then shows to save.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ThroughputTerm } from '@entrepot/catalog/capacity-term';
import { loadCapacityTerms } from '@entrepot/catalog/load-capacity-terms';
import type { Route } from '@entrepot/engine/deployment';
import { deployment, prices, route } from '../../../engine/test/fleet.ts';
import { bestSpend, bestThroughput } from '../../src/what-if/best-purchase.ts';
import type { CommitReport } from '../../src/what-if/commit-report.ts';
import type { Load } from '../../src/what-if/minute-load.ts';
import { runCommand } from '../command-process.ts';
import { folderOf, writeTrace } from './trace-file.ts';

/** 1 USD for a million tokens of input, 4 for output. */
const offer = { prices: prices({ inputPicoUsd: 1_000_000, outputPicoUsd: 4_000_000 }) };
const routes: Route[] = [route([deployment('azure', offer)], 'cost')];
const source = { source: 'a test', seenOn: '2026-01-01' };

/** Every minute the same: 1,000,000 tokens of input and 250,000 of output, worth 2 USD. */
const load: Load = {
  minutes: 60,
  routes: [
    {
      route: routes[0]!.name,
      inputTokens: 60_000_000,
      outputTokens: 15_000_000,
      minutes: Array.from({ length: 60 }, () => ({ input: 1_000_000, output: 250_000 })),
    },
  ],
};

/** A unit carries 100,000 tokens a minute: worth 6 USD an hour. */
const term: ThroughputTerm = {
  ...source,
  type: 'throughput',
  name: 'units',
  term: '1 month',
  match: { cloud: 'azure' },
  leastUnits: 5,
  stepUnits: 5,
  nanoUsdPerUnitHour: 3e9,
  inputTokensPerMinutePerUnit: 100_000,
};

test('steady traffic is covered whole when a unit costs less than it is worth', () => {
  const best = bestThroughput(term, routes, load)!;
  assert.equal(best.units, 20);
  assert.equal(best.nanoUsdPerHour, 60e9);
  assert.ok(Math.abs(best.usedShare - 1) < 1e-9);
  assert.ok(Math.abs(best.breakEvenShare - 0.5) < 1e-9);
  // Five units are 15 USD an hour, an eighth of the 120 that the traffic costs.
  assert.ok(Math.abs(best.breakEvenTraffic! - 0.125) < 0.001);
});

test('a unit that costs more than it is worth is bought as little as can be, and never pays', () => {
  const best = bestThroughput({ ...term, nanoUsdPerUnitHour: 7e9 }, routes, load)!;
  assert.equal(best.units, 5);
  assert.ok(best.breakEvenShare > 1);
  assert.equal(best.breakEvenTraffic, null);
});

test('spend is promised up to what there is', () => {
  const spend = { ...source, type: 'spend', name: 'promise', term: '1 year' } as const;
  const match = { cloud: 'azure' };
  const offered = { ...spend, match, discountPercent: 10, leastNanoUsdPerHour: 1e9 };
  const best = bestSpend(offered, routes, load)!;
  assert.equal(best.nanoUsdPerHour, 108e9);
  assert.ok(Math.abs(best.usedShare - 1) < 1e-9);
  assert.equal(bestSpend({ ...offered, match: { cloud: 'aws' } }, routes, load), null);
});

test('an hour of which the traffic has a part is promised at the rate of that part', () => {
  const spend = { ...source, type: 'spend', name: 'promise', term: '1 year' } as const;
  const offered = { ...spend, match: { cloud: 'azure' }, discountPercent: 10 };
  for (const minutes of [3, 90]) {
    const every = Array.from({ length: minutes }, () => ({ input: 1_000_000, output: 250_000 }));
    const part = { minutes, routes: [{ ...load.routes[0]!, minutes: every }] };
    const best = bestSpend({ ...offered, leastNanoUsdPerHour: 1e9 }, routes, part)!;
    assert.equal(best.nanoUsdPerHour, 108e9, `${minutes} minutes`);
    assert.ok(Math.abs(best.usedShare - 1) < 1e-9);
    assert.ok(Math.abs(best.breakEvenTraffic! - 0.9) < 0.001);
  }
});

test('terms are read, and refused by line and field', () => {
  const text = `provisioned:
  - { name: p, service: azure-openai, regions: [global], usdPerUnitHour: { 1 month: 0.5 },
      inputTokensPerMinutePerUnit: { openai/gpt-5.4: 2400 }, source: s, seenOn: 2026-01-01 }
commitments:
  - { name: c, term: 1 year, match: { cloud: aws }, discountPercent: 12,
      source: s, seenOn: 2026-01-01 }
`;
  const [throughput, spend] = loadCapacityTerms({ path: 't.yaml', text });
  assert.equal(throughput!.type, 'throughput');
  assert.deepEqual(throughput!.match, {
    service: 'azure-openai',
    region: ['global'],
    model: 'openai/gpt-5.4',
  });
  assert.equal(spend!.type, 'spend');
  const wrong = text.replace('discountPercent: 12', 'discountPercent: 120');
  assert.throws(
    () => loadCapacityTerms({ path: 't.yaml', text: wrong }),
    /t\.yaml:5: .*discountPercent/,
  );
});

test('the command finds what saves, and says from when on it pays', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 1800);
  const terms = join(folder, 'terms.yaml');
  writeFileSync(
    terms,
    `provisioned:
  - { name: cheap, service: azure-openai, regions: [global],
      usdPerUnitHour: { 1 month: 0.1, 1 year: 5 },
      inputTokensPerMinutePerUnit: { openai/gpt-5.1: 4750 }, source: s, seenOn: 2026-01-01 }
`,
  );
  const json = join(folder, 'commit.json');
  const page = join(folder, 'commit.html');
  const args = ['what-if', 'commit', '--traffic', trace, '--route', 'openai/gpt-5.1'];
  const more = ['--as-of', '2025-12-31', '--terms', terms, '--seeds', '2'];
  const { code, stdout, stderr } = await runCommand([
    ...args,
    ...more,
    '--json',
    json,
    '--html',
    page,
  ]);
  assert.equal(code, 0, stderr);
  const { purchases, base } = JSON.parse(readFileSync(json, 'utf8')) as CommitReport;
  assert.equal(purchases.length, 2);
  const [best, worst] = purchases;
  assert.match(best!.name, /global\/openai\/gpt-5\.1, 1 month/);
  assert.ok(best!.savingUsdPerMonth > 0 && best!.breakEvenShare < 1);
  assert.ok(worst!.savingUsdPerMonth < 0 && worst!.breakEvenTraffic === null);
  assert.ok(base.costUsd > 0);
  assert.match(stdout, /Best: .*, 1 month, which saves/);
  assert.match(readFileSync(page, 'utf8'), /Saved a month/);
});

test('a single request says nothing of a month', async t => {
  const trace = writeTrace(folderOf(t), 1);
  const args = ['--traffic', trace, '--route', 'openai/gpt-5.1', '--as-of', '2025-12-31'];
  const { code, stdout, stderr } = await runCommand(['what-if', 'commit', ...args, '--seeds', '1']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /all requests come at one moment: what a month costs cannot be told/);
});
