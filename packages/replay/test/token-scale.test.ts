// Proves how tokens of one model are counted as those of another, over the counts of the catalog,
// and that those are of the texts that stand in the repository.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTokenCounts, tokenizerOf } from '@entrepot/catalog/token-counts';
import { deployment, route } from '../../engine/test/fleet.ts';
import { tokenScales } from '../src/token-scale.ts';
import { columns, replayed, upstream } from './traffic.ts';

const root = join(import.meta.dirname, '../../..');
const counts = parseTokenCounts(readFileSync(join(root, 'catalog/token-counts.json'), 'utf8'));

test('the counts are of the texts as they stand', () => {
  for (const { name, sha256 } of counts.texts) {
    const text = readFileSync(join(root, 'tools/tokens/texts', name), 'utf8');
    assert.equal(createHash('sha256').update(text).digest('hex'), sha256, name);
  }
  for (const { name, counts: each } of counts.tokenizers) {
    assert.equal(each.length, counts.texts.length, name);
  }
});

test('a model counts by the vocabulary of the longest beginning; others are unknown', () => {
  const name = (model: string): string | undefined => tokenizerOf(counts, model)?.name;
  assert.equal(name('openai/gpt-4-turbo'), 'cl100k_base');
  assert.equal(name('openai/gpt-4o-mini'), 'o200k_base');
  assert.equal(name('openai/gpt-5.4'), 'o200k_base');
  assert.equal(name('meta/llama-4-scout-17b-instruct'), undefined);
  assert.equal(name('anthropic/claude-haiku-4-5'), undefined);
});

test('the same vocabulary is one to one, another is near it and uncertain', () => {
  const models = ['openai/gpt-4.1', 'google/gemini-2.5-flash', 'anthropic/claude-haiku-4-5'];
  const scales = tokenScales(counts, 'openai/gpt-4o', models);
  assert.deepEqual(scales['openai/gpt-4.1'], { ratio: { median: 1, logSd: 0 } });
  const { median, logSd } = scales['google/gemini-2.5-flash']!.ratio;
  assert.ok(median > 1 && median < 1.1 && logSd > 0.01 && logSd < 0.2, `${median} +- ${logSd}`);
  assert.equal(scales['anthropic/claude-haiku-4-5'], undefined);
  assert.deepEqual(tokenScales(counts, null, models), {});
});

test('a replay counts and bills the tokens of the model that answers', () => {
  const routes = [route([deployment('aws')])];
  const tokenScales = { 'openai/gpt-4o': { ratio: { median: 1.5, logSd: 0 } } };
  const upstreams = { aws: upstream() };
  const { deployments } = replayed(routes, columns(10, 100), { tokenScales, upstreams });
  assert.equal(deployments[0]!.freshTokens, 10 * 1500);
  assert.equal(deployments[0]!.outputTokens, 10 * 300);
});
