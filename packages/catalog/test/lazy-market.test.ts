// Proves that a market that reads only what it is asked for answers as the whole one does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf, type Market } from '../src/as-of.ts';
import { LazyMarket } from '../src/lazy-market.ts';
import { loadCatalog } from '../src/load.ts';
import { committedCatalog, committedFiles } from './committed.ts';
import { draft, filesOf, offerRecord } from './small-catalog.ts';

const files = committedFiles();
const text = (path: string): string => files.find(f => f.path === path)?.text ?? '';

for (const date of ['2025-06-09', '2026-11-24']) {
  const whole = asOf(committedCatalog(), date);

  test(`every offer and model of the catalog is the same on ${date}, without all of it`, () => {
    const market = new LazyMarket({ text, whole: refuse }, date);
    for (const { id } of committedCatalog().offers) {
      // Of those that are there; the others are the next test's.
      if (whole.offer(id) !== undefined) assert.deepEqual(market.offer(id), whole.offer(id), id);
    }
    for (const id of committedCatalog().models.keys()) {
      assert.deepEqual(market.model(id), whole.model(id), id);
    }
  });

  test(`an offer that is not sold on ${date} is not there, and no other is`, () => {
    const market = new LazyMarket({ text, whole: () => whole }, date);
    for (const { id } of committedCatalog().offers) {
      assert.equal(market.offer(id)?.id, whole.offer(id)?.id, id);
    }
    const unknown = ['', '/', 'bedrock', '../offers/bedrock', 'bedrock/us/x/y', 'vllm/here/a/b'];
    for (const id of unknown) assert.equal(market.offer(id), undefined);
    assert.equal(market.model('no/such'), undefined);
    assert.equal(market.offers, whole.offers);
  });
}

test('one offer needs the file of its service and no other offers', () => {
  const read: string[] = [];
  const noted = (path: string): string => {
    read.push(path);
    return text(path);
  };
  const market = new LazyMarket({ text: noted, whole: refuse }, '2026-11-24');
  assert.ok(market.offer('openai-api/global/openai/gpt-5.4-mini'));
  assert.ok(market.offer('openai-api/global/openai/gpt-5.4'));
  assert.deepEqual(read.sort(), [
    'models.jsonl',
    'offers/openai-api.jsonl',
    'regions.jsonl',
    'services.jsonl',
  ]);
});

test('a record that is written in another order, or is wrong, is left to the whole catalog', () => {
  const changed = draft();
  const { id, ...rest } = offerRecord('shop/global/acme/one');
  changed.offers = [{ ...rest, id }];
  const small = filesOf(changed);
  const source = {
    text: (path: string): string => small.find(f => f.path === path)?.text ?? '',
    whole: (): Market => asOf(loadCatalog(small), '2026-01-05'),
  };
  const market = new LazyMarket(source, '2026-01-05');
  assert.deepEqual(market.offer(String(id)), source.whole().offer(String(id)));
  changed.offers = [offerRecord(String(id), { contextTokens: -1 })];
  const wrong = filesOf(changed);
  const faulty = new LazyMarket(
    {
      text: path => wrong.find(f => f.path === path)?.text ?? '',
      whole: () => asOf(loadCatalog(wrong), '2026-01-05'),
    },
    '2026-01-05',
  );
  assert.throws(() => faulty.offer(String(id)), /contextTokens/);
});

test('a text that is no day is refused', () => {
  assert.throws(() => new LazyMarket({ text, whole: refuse }, '2026-02-30'), RangeError);
});

function refuse(): never {
  throw new Error('all of the catalog was read');
}
