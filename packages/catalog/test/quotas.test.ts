// Proves that the published quotas of the catalog are of offers that it has, each of one; and that
// what is wrong in such a file is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches } from '../src/criteria.ts';
import { loadQuotas } from '../src/load-quotas.ts';
import { committedCatalog, committedFiles } from './committed.ts';

const file = committedFiles().find(({ path }) => path === 'quotas.yaml')!;

test('each published quota is of an offer of the catalog, which has no other', () => {
  const { offers } = committedCatalog();
  const quotas = loadQuotas(file);
  assert.ok(quotas.length > 30);
  for (const { match } of quotas) {
    const meant = offers.filter(offer => matches(offer, match));
    assert.ok(meant.length > 0, JSON.stringify(match));
    for (const offer of meant) {
      assert.equal(quotas.filter(quota => matches(offer, quota.match)).length, 1, offer.id);
    }
  }
  const chat = quotas.find(({ match }) => match.model === 'openai/gpt-5.4')!;
  assert.deepEqual([chat.requestsPerMinute, chat.tokensPerMinute], [10_000, 1_000_000]);
});

test('what is wrong is told by its place', () => {
  const text = 'quotas:\n  - service: azure-openai\n    requestsPerMinute: { a/b: -1 }\n';
  assert.throws(() => loadQuotas({ path: 'q.yaml', text }), /q\.yaml:2: .*tier/s);
  assert.throws(() => loadQuotas({ path: 'q.yaml', text }), /must be/);
});
