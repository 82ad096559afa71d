// Proves that every offer of the catalog which a deployment can name is asked for what its model
// makes: embedding models for vectors, all others for answers; and which of them cannot be called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOf } from '@entrepot/catalog/as-of';
import { loadCatalog } from '@entrepot/catalog/load';
import { cloudOfService } from '@entrepot/gateway/clouds/registry';
import { operationsOf } from '@entrepot/gateway/clouds/spoken-dialects';
import { readCatalogFiles } from '../../src/catalog-files.ts';

const market = asOf(loadCatalog(readCatalogFiles()), '2026-11-24');
const sold = market.offers.flatMap(offer => {
  const cloud = cloudOfService(offer.service);
  const kind = market.model(offer.model)?.kind ?? null;
  if (cloud === null || kind === null || offer.term === 'batch') return [];
  return [{ offer, kind, operations: operationsOf(cloud, offer, kind) }];
});

test('every embedding model of a cloud that can be called makes vectors, but for one', () => {
  const embedding = sold.filter(({ kind }) => kind === 'embedding');
  assert.ok(embedding.length > 20);
  const others = embedding.filter(({ operations }) => !operations.includes('embed'));
  assert.deepEqual(
    others.map(({ offer }) => offer.id),
    ['bedrock/regional/amazon/nova-2-multimodal-embeddings'],
  );
  assert.ok(embedding.every(({ operations }) => !operations.includes('generate')));
});

test('every other model answers, and makes no vectors', () => {
  const chat = sold.filter(({ kind }) => kind === 'chat');
  assert.ok(chat.length > 500);
  const odd = chat.filter(
    ({ operations }) => !operations.includes('generate') || operations.includes('embed'),
  );
  assert.deepEqual(
    odd.map(({ offer }) => offer.id),
    [],
  );
});

test('vendors with a counter count: Anthropic, Google, and OpenAI where it speaks Responses', () => {
  const counting = new Set(
    sold
      .filter(({ operations }) => operations.includes('count'))
      .map(({ offer: { model, service } }) => `${model.split('/')[0]} on ${service}`),
  );
  assert.deepEqual([...counting].sort(), [
    'anthropic on anthropic-api',
    'anthropic on bedrock',
    'anthropic on vertex-ai',
    'google on gemini-api',
    'google on vertex-ai',
    'openai on openai-api',
  ]);
});
