// Proves that the catalog read as of a day has the offers and prices of that day. How: the dated
// changes that really happened, on the committed catalog, the day before and the day after.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf } from '../src/as-of.ts';
import { loadCatalog } from '../src/load.ts';
import { findOffers } from '../src/query.ts';
import { committedCatalog } from './committed.ts';
import { draft, filesOf, offerRecord } from './small-catalog.ts';

/** Input and output in USD per million tokens, from exact integers. */
function priceOn(date: string, id: string): readonly (number | null)[] {
  const offer = asOf(committedCatalog(), date).offer(id);
  assert(offer, `${id} is not there on ${date}`);
  const { inputPicoUsd, outputPicoUsd } = offer.prices;
  return [inputPicoUsd, outputPicoUsd].map(pico => (pico === null ? null : pico / 1e6));
}

const changes: readonly [string, string, string, number[], number[]][] = [
  ['openai-api/global/openai/o3', '2025-06-09', '2025-06-10', [10, 40], [2, 8]],
  ['openai-api/global/openai/gpt-5.6-luna', '2026-07-29', '2026-07-30', [1, 6], [0.2, 1.2]],
  ['openai-api/global/openai/gpt-5.6-terra', '2026-07-29', '2026-07-30', [2.5, 15], [2, 12]],
  ['anthropic-api/global/anthropic/claude-sonnet-5', '2026-08-31', '2026-09-01', [2, 10], [3, 15]],
  ['bedrock/global/anthropic/claude-sonnet-5', '2026-08-31', '2026-09-01', [2, 10], [3, 15]],
  ['bedrock/us/anthropic/claude-sonnet-5', '2026-08-31', '2026-09-01', [2.2, 11], [3.3, 16.5]],
  ['bedrock/eu/anthropic/claude-sonnet-5', '2026-08-31', '2026-09-01', [2.2, 11], [3.3, 16.5]],
  [
    'bedrock/regional/anthropic/claude-sonnet-5',
    '2026-08-31',
    '2026-09-01',
    [2.2, 11],
    [3.3, 16.5],
  ],
];

for (const [id, dayBefore, day, before, after] of changes) {
  test(`${id} changes its price on ${day}`, () => {
    assert.deepEqual(priceOn(dayBefore, id), before);
    assert.deepEqual(priceOn(day, id), after);
  });
}

for (const model of ['claude-opus-4-6', 'claude-sonnet-4-6']) {
  test(`${model} loses its long-context tier on 2026-03-13`, () => {
    const tiers = (date: string): readonly number[] =>
      asOf(committedCatalog(), date)
        .offer(`anthropic-api/global/anthropic/${model}`)!
        .prices.tiers.map(tier => tier.aboveInputTokens);
    assert.deepEqual(tiers('2026-03-12'), [200_000]);
    assert.deepEqual(tiers('2026-03-13'), []);
  });
}

test('OpenAI models come to Bedrock on 2026-06-01, open weights on 2025-08-05', () => {
  const onAws = (date: string): readonly string[] =>
    findOffers(asOf(committedCatalog(), date), { cloud: 'aws', vendor: 'openai' }).map(
      o => o.model,
    );
  const closed = (date: string): readonly string[] =>
    onAws(date).filter(model => !model.includes('gpt-oss'));
  assert.deepEqual(onAws('2025-08-04'), []);
  assert(onAws('2025-08-05').includes('openai/gpt-oss-120b'));
  assert.deepEqual(closed('2026-05-31'), []);
  assert.deepEqual([...new Set(closed('2026-06-01'))].sort(), ['openai/gpt-5.4', 'openai/gpt-5.5']);
  const offer = asOf(committedCatalog(), '2026-06-01').offer(
    'bedrock-mantle/us-east-2/openai/gpt-5.5',
  );
  assert.equal(offer?.prices.inputPicoUsd, 5_500_000);
  assert.equal(offer?.contextTokens, 272_000);
});

test('a price before a change that no source tells is unknown, not the later one', () => {
  assert.deepEqual(priceOn('2025-06-09', 'openai-api/global/openai/o3#batch'), [null, null]);
});

test('no offer is older than its model', () => {
  assert.equal(
    asOf(committedCatalog(), '2025-04-15').offer('openai-api/global/openai/o3'),
    undefined,
  );
  assert(asOf(committedCatalog(), '2025-04-16').offer('openai-api/global/openai/o3'));
});

test('an offer is sold from its first day until the day before its end', () => {
  const from = draft();
  from.offers = [
    offerRecord('shop/global/acme/two', { validFrom: '2026-02-01', validUntil: '2026-02-03' }),
  ];
  const catalog = loadCatalog(filesOf(from));
  const days = ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03'];
  assert.deepEqual(
    days.map(day => asOf(catalog, day).offers.length),
    [0, 1, 1, 0],
  );
});

test('a text that is not a day is refused', () => {
  assert.throws(() => asOf(committedCatalog(), '2026-02-30'), RangeError);
  assert.throws(() => asOf(committedCatalog(), 'yesterday'), RangeError);
});
