// Proves that several scenarios hold together, and that two which contradict each other are an
// error that names both. How: a small catalog and scenarios as text; then all committed ones in
// pairs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf } from '../src/as-of.ts';
import { compose } from '../src/compose.ts';
import { loadCatalog } from '../src/load.ts';
import { loadScenario } from '../src/load-scenario.ts';
import { CatalogError } from '../src/problem.ts';
import type { Scenario } from '../src/scenario.ts';
import { committedCatalog, committedFiles } from './committed.ts';
import { draft, filesOf } from './small-catalog.ts';

function scenario(id: string, text: string): Scenario {
  const head = `id: ${id}\ntitle: A test\nsource: hypothetical\nseenOn: 2026-05-05`;
  return loadScenario({ path: `scenarios/${id}.yaml`, text: `${head}\n${text}` });
}

const small = loadCatalog(filesOf(draft()));

test('two scenarios hold at once: percents multiply, outages add up, edits of policy unite', () => {
  const first = scenario(
    'a',
    `
offers:
  change:
    - { match: { model: acme/two }, percent: -50 }
policy: { objective: cost }
world:
  outages:
    - { match: { cloud: openai }, errorShare: 1 }
  mergers:
    - clouds: [aws, openai]
  traffic: { requestsFactor: 2 }`,
  );
  const second = scenario(
    'b',
    `
offers:
  change:
    - { match: { vendor: acme }, percent: 10 }
  add:
    - { id: stall/us-east-1/acme/two, like: shop/global/acme/two, percent: 100 }
policy: { constraints: { maxShare: 0.5 } }
world:
  outages:
    - { match: { cloud: aws }, errorShare: 0.5 }
  mergers:
    - clouds: [openai, aws]
  traffic: { requestsFactor: 3 }`,
  );
  const { ids, catalog, policy, world } = compose(small, [first, second]);
  assert.deepEqual(ids, ['a', 'b']);
  const market = asOf(catalog, '2026-01-01');
  assert.equal(market.offer('shop/global/acme/two')?.prices.inputPicoUsd, 5_500_000);
  assert.equal(market.offer('stall/us-east-1/acme/two')?.prices.inputPicoUsd, 10_000_000);
  const { objective, constraints } = policy.all!;
  assert.deepEqual([objective, constraints], ['cost', { maxShare: 0.5 }]);
  assert.deepEqual(
    world.outages.map(outage => outage.errorShare.most),
    [1, 0.5],
  );
  assert.equal(world.mergers.length, 1, 'the same merger counts once');
  assert.deepEqual(
    world.traffic.map(change => change.requestsFactor),
    [2, 3],
  );
});

test('nothing laid over the catalog is the catalog', () => {
  const { catalog, ids, policy, world } = compose(small, []);
  assert.equal(catalog, small);
  assert.deepEqual([ids, policy.all, world.outages], [[], null, []]);
});

const add = 'offers:\n  add:\n    - { id: stall/us-east-1/acme/two, like: shop/global/acme/two }';
const set = 'usdPerMtok: { input: 1, output: 2 }';
const clashes: readonly [string, string, string, RegExp][] = [
  ['both add one offer', add, add, /b\.yaml:7: id: conflicts with scenarios\/a\.yaml:7: both add/],
  [
    'one keeps exclusive what the other sells elsewhere',
    add,
    'offers:\n  exclusive:\n    - { match: { model: acme/two }, clouds: [openai] }',
    /b\.yaml:7: conflicts with scenarios\/a\.yaml:7: a adds stall.*, b removes it/,
  ],
  [
    'one prices what the other removes',
    'offers:\n  remove:\n    - { match: { vendor: acme }, from: 2026-02-01 }',
    'offers:\n  change:\n    - { match: { model: acme/two }, from: 2026-03-01, percent: 5 }',
    /conflicts with scenarios\/a\.yaml:7: b prices shop\/global\/acme\/two, a removes it/,
  ],
  [
    'both set a price',
    `offers:\n  change:\n    - { match: { model: acme/two }, ${set} }`,
    'offers:\n  change:\n    - { match: { cloud: openai }, percent: 5 }',
    /conflicts with scenarios\/a\.yaml:7: a and b both set prices of shop\/global\/acme\/two/,
  ],
  [
    'both set a constraint',
    'policy: { constraints: { maxShare: 0.5 } }',
    'policy: { constraints: { maxShare: 0.6 } }',
    /b\.yaml:5: constraints\.maxShare: conflicts with scenarios\/a\.yaml:5/,
  ],
  [
    'both set a quota',
    'world:\n  limits:\n    - { match: { vendor: acme }, requestsPerMinute: 5 }',
    'world:\n  limits:\n    - { match: { cloud: openai }, requestsPerMinute: 6 }',
    /both set requestsPerMinute of shop\/global\/acme\/one/,
  ],
  [
    'a cloud merges with two others',
    'world:\n  mergers:\n    - clouds: [aws, google]',
    'world:\n  mergers:\n    - clouds: [aws, azure]',
    /clouds: conflicts with scenarios\/a\.yaml:7: both merge aws/,
  ],
  [
    'both set the mix',
    'world:\n  traffic: { mix: { a: 1 } }',
    'world:\n  traffic: { mix: { b: 1 } }',
    /both set the mix/,
  ],
  [
    'leaving a cloud costs two sums',
    'world:\n  switching:\n    - { cloud: aws, storedGib: 5, usdPerGib: 0.09 }',
    'world:\n  switching:\n    - { cloud: aws, storedGib: 5, usdPerGib: 0 }',
    /both say what it costs to leave aws/,
  ],
];

for (const [what, a, b, message] of clashes) {
  test(`it is an error that names both when ${what}`, () => {
    assert.throws(() => compose(small, [scenario('a', a), scenario('b', b)]), message);
  });
}

test('what does not meet in time is no conflict', () => {
  const until = `offers:\n  change:\n    - { match: { vendor: acme }, until: 2026-02-01, ${set} }`;
  const from = `offers:\n  change:\n    - { match: { vendor: acme }, from: 2026-02-01, ${set} }`;
  compose(small, [scenario('a', until), scenario('b', from)]);
  const limit = (hours: string, count: number): string =>
    `world:\n  limits:\n    - { match: { vendor: acme }, ${hours}, requestsPerMinute: ${count} }`;
  compose(small, [scenario('a', limit('until: 1h', 5)), scenario('b', limit('from: 1h', 6))]);
  const egress = (day: string, usd: number): string =>
    `world:\n  egress:\n    - { cloud: aws, ${day}: 2027-01-12, usdPerGib: ${usd} }`;
  const both = [scenario('a', egress('until', 0.09)), scenario('b', egress('from', 0))];
  assert.equal(compose(small, both).world.egress.length, 2);
  const same = [scenario('a', egress('until', 0.09)), scenario('b', egress('until', 0.09))];
  assert.equal(compose(small, same).world.egress.length, 1);
});

test('an offer may be like one that another scenario has removed', () => {
  const gone = scenario('a', 'offers:\n  remove:\n    - { match: { cloud: openai } }');
  const { catalog } = compose(small, [gone, scenario('b', add)]);
  assert.deepEqual(
    asOf(catalog, '2026-01-01').offers.map(({ id }) => id),
    ['stall/us-east-1/acme/two'],
  );
});

test('a scenario given twice is an error', () => {
  const one = scenario('a', 'policy: { objective: cost }');
  assert.throws(() => compose(small, [one, one]), /scenario a:1: id: is given twice/);
});

test('committed scenarios go together, or say why not', () => {
  const all = committedFiles()
    .filter(file => file.path.startsWith('scenarios/'))
    .map(loadScenario);
  let clashing = 0;
  for (const [i, later] of all.entries()) {
    for (const earlier of all.slice(0, i)) {
      try {
        compose(committedCatalog(), [earlier, later]);
      } catch (error) {
        assert(error instanceof CatalogError, String(error));
        for (const { message } of error.problems)
          assert.match(message, /^conflicts with scenarios/);
        clashing += 1;
      }
    }
  }
  assert(clashing > 0);
});
