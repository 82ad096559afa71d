// Proves that a scenario changes what it says on the days it says, and leaves the catalog alone.
// How: a small catalog and scenarios as text; then the committed scenarios on the real one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf } from '../src/as-of.ts';
import type { Catalog } from '../src/catalog.ts';
import { loadCatalog } from '../src/load.ts';
import { loadScenario } from '../src/load-scenario.ts';
import { overlay } from '../src/overlay.ts';
import { CatalogError } from '../src/problem.ts';
import { committedCatalog, committedFiles } from './committed.ts';
import { draft, filesOf } from './small-catalog.ts';

const head = ['id: test', 'title: A test', 'source: hypothetical', 'seenOn: 2026-05-05'].join('\n');

function scenario(...lines: string[]) {
  return loadScenario({ path: 'scenarios/test.yaml', text: [head, ...lines].join('\n') });
}

function small(): Catalog {
  return loadCatalog(filesOf(draft()));
}

function inputsOn(catalog: Catalog, id: string, days: readonly string[]) {
  return days.map(day => asOf(catalog, day).offer(id)?.prices.inputPicoUsd);
}

test('a change by percent holds within its days and leaves the catalog as it was', () => {
  const before = small();
  const after = overlay(
    before,
    scenario(
      'offers:',
      '  change:',
      '    - match: { model: acme/two }',
      '      from: 2026-02-01',
      '      until: 2026-04-01',
      '      percent: -50',
    ),
  );
  const days = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'];
  const id = 'shop/global/acme/two';
  const usual = [10, 10, 10, 2, 2, 2].map(usd => usd * 1e6);
  assert.deepEqual(
    inputsOn(after, id, days),
    [10, 5, 5, 1, 1, 2].map(usd => usd * 1e6),
  );
  assert.deepEqual(inputsOn(before, id, days), usual);
  assert.deepEqual(inputsOn(after, 'shop/global/acme/one', days), usual);
  const offer = asOf(after, '2026-03-01').offer(id);
  assert.deepEqual([offer?.source, offer?.seenOn], ['hypothetical', '2026-05-05']);
  assert.equal(offer?.prices.cachedReadPicoUsd, 250_000);
  assert.equal(offer?.prices.cacheWrite5mPicoUsd, null, 'unknown stays unknown');
});

test('what a plan predicts of an added offer is read whole, or said what is missing', () => {
  const added = (...lines: string[]) =>
    scenario(
      'offers:',
      '  add:',
      '    - id: stall/us-east-1/acme/two',
      '      like: shop/global/acme/two',
      ...lines,
    ).add[0]!.predicted;
  const load = '{ by: a plan, requestsPerSecond: 5, underWay: 40';
  const time = 'spread: 0.2, error: 0.1, growth: 0.01';
  const ttft = `ttft: { ms: 100, msPerInputToken: 0.1, ${time} }`;
  assert.deepEqual(added(`      predicted: ${load}, ${ttft}, token: { ms: 30, ${time} } }`), {
    by: 'a plan',
    requestsPerSecond: 5,
    underWay: 40,
    ttft: { ms: 100, msPerInputToken: 0.1, spread: 0.2, error: 0.1, growth: 0.01 },
    token: { ms: 30, spread: 0.2, error: 0.1, growth: 0.01 },
  });
  assert.equal(added(), null);
  assert.throws(
    () => added(`      predicted: ${load}, ${ttft}, token: { ms: -1, spread: 0.2, error: 0.1 } }`),
    (error: Error) =>
      /predicted\.token\.ms: must be a number from 0 up/.test(error.message) &&
      /predicted\.token\.growth: .*missing/.test(error.message),
  );
});

test('a removal leaves a hole of exactly its days', () => {
  const after = overlay(
    small(),
    scenario(
      'offers:',
      '  remove:',
      '    - { match: { term: batch }, from: 2026-02-01, until: 2026-02-03 }',
      '    - { match: { model: acme/two } }',
    ),
  );
  const there = (id: string) =>
    ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03'].map(
      day => asOf(after, day).offer(id) !== undefined,
    );
  assert.deepEqual(there('shop/global/acme/one#batch'), [true, false, false, true]);
  assert.deepEqual(there('shop/global/acme/two'), [false, false, false, false]);
  assert.deepEqual(there('shop/global/acme/one'), [true, true, true, true]);
});

test('an added offer is like another, with the cloud, residency and promise of its own place', () => {
  const after = overlay(
    small(),
    scenario(
      'offers:',
      '  add:',
      '    - id: stall/us-east-1/acme/one',
      '      like: shop/global/acme/one',
      '      from: 2026-03-10',
      '      serviceModelId: acme.one',
      '      dialects: [openai-responses]',
      '      percent: 10',
    ),
  );
  assert.equal(asOf(after, '2026-03-09').offer('stall/us-east-1/acme/one'), undefined);
  const offer = asOf(after, '2026-03-10').offer('stall/us-east-1/acme/one');
  assert(offer);
  const { cloud, residency, slaAvailability, serviceModelId, dialects, prices } = offer;
  assert.deepEqual([cloud, residency, slaAvailability], ['aws', 'us', 0.99]);
  assert.deepEqual([serviceModelId, dialects], ['acme.one', ['openai-responses']]);
  assert.deepEqual([prices.inputPicoUsd, prices.outputPicoUsd], [2_200_000, 8_800_000]);
});

test('a new service brings a new cloud', () => {
  const after = overlay(
    small(),
    scenario(
      'offers:',
      '  services:',
      '    - { id: kiosk, cloud: newcomer, name: Kiosk, slaAvailability: 0.95 }',
      '  add:',
      '    - { id: kiosk/global/acme/one, like: shop/global/acme/one, percent: -20 }',
    ),
  );
  const offer = asOf(after, '2026-03-10').offer('kiosk/global/acme/one');
  assert.deepEqual([offer?.cloud, offer?.slaAvailability], ['newcomer', 0.95]);
  assert.equal(offer?.prices.inputPicoUsd, 1_600_000);
});

const wrong: readonly [string, string[], number, string][] = [
  ['unknown field', ['offers:', '  chang: []'], 1, 'offers.chang'],
  ['no criteria', ['offers:', '  remove:', '    - match: {}'], 7, 'offers.remove[0].match'],
  [
    'a percent below -100',
    ['offers:', '  change:', '    - match: { cloud: aws }', '      percent: -101'],
    7,
    'offers.change[0].percent',
  ],
  [
    'an end before the beginning',
    ['offers:', '  remove:', '    - { match: { id: x }, from: 2026-01-02, until: 2026-01-01 }'],
    7,
    'offers.remove[0].until',
  ],
];

for (const [what, lines, line, field] of wrong) {
  test(`a scenario with ${what} is named by file, line and field`, () => {
    assert.throws(
      () => scenario(...lines),
      (error: unknown) => {
        assert(error instanceof CatalogError);
        const [problem] = error.problems;
        assert.deepEqual(
          [problem?.file, problem?.line, problem?.field],
          ['scenarios/test.yaml', line, field],
        );
        return true;
      },
    );
  });
}

test('a scenario that is not YAML is named by its line', () => {
  assert.throws(() => scenario('offers: [', 'x: {'), /scenarios\/test\.yaml:\d+: must be YAML/);
});

test('a scenario that refers to nothing says where and to what', () => {
  const cases: readonly [string[], RegExp][] = [
    [['offers:', '  remove:', '    - match: { model: acme/six }'], /test\.yaml:7: match: no offer/],
    [
      ['offers:', '  add:', '    - { id: stall/global/acme/one, like: shop/global/acme/six }'],
      /test\.yaml:7: like: there is no offer shop\/global\/acme\/six/,
    ],
    [
      ['offers:', '  add:', '    - { id: shop/global/acme/one, like: shop/global/acme/two }'],
      /test\.yaml:7: id: .* is in the catalog already/,
    ],
    [
      ['offers:', '  add:', '    - { id: stall/moon/acme/one, like: shop/global/acme/two }'],
      /test\.yaml:7: id: region moon/,
    ],
  ];
  for (const [lines, message] of cases) {
    assert.throws(() => overlay(small(), scenario(...lines)), message);
  }
});

test('every committed scenario loads, is named as its file, and can be laid over the catalog', () => {
  const files = committedFiles().filter(file => file.path.startsWith('scenarios/'));
  assert(files.length >= 5);
  for (const file of files) {
    const loaded = loadScenario(file);
    assert.equal(`scenarios/${loaded.id}.yaml`, file.path);
    overlay(committedCatalog(), loaded);
  }
});

test('openai-on-bedrock sells GPT-5.1 on AWS half a year early, 10% above OpenAI', () => {
  const file = committedFiles().find(f => f.path === 'scenarios/openai-on-bedrock.yaml');
  const changed = overlay(committedCatalog(), loadScenario(file!));
  const id = 'bedrock-mantle/us/openai/gpt-5.1';
  assert.equal(asOf(changed, '2025-11-30').offer(id), undefined);
  const market = asOf(changed, '2025-12-01');
  const own = market.offer('openai-api/global/openai/gpt-5.1');
  assert.equal(market.offer(id)?.prices.inputPicoUsd, (own!.prices.inputPicoUsd! * 11) / 10);
  assert.equal(market.offer(id)?.cloud, 'aws');
});
