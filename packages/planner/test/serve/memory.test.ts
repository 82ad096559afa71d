// Proves the memory of serving: the cache of each kind of attention as the papers give it, weights
// by how they are stored, and what fits where.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kvBytesPerToken, memoryUse, mostSequences } from '@entrepot/planner/serve/memory';
import { entryOf, instanceOf } from './cases.ts';

const rule = { usableMemoryShare: 0.9, workspaceGb: 2 };

test('the cache of a token is what each kind of attention keeps', () => {
  const of = (name: string, context = 4096, tp = 1): number =>
    kvBytesPerToken(entryOf(name).shape, tp, 2, context);
  assert.equal(of('llama-3.3-70b'), 80 * 2 * 8 * 128 * 2);
  assert.equal(of('llama-3.3-70b', 4096, 4), (80 * 2 * 8 * 128 * 2) / 4);
  // More chips than heads for keys hold them twice.
  assert.equal(of('qwen3-235b-a22b', 4096, 8), of('qwen3-235b-a22b', 4096, 4));
  // Latent attention: 576 elements a layer, whole on every chip (DeepSeek-V3, arXiv 2412.19437).
  assert.equal(of('deepseek-v3', 4096, 8), 61 * 576 * 2);
  // Half of the layers see 128 tokens.
  assert.equal(of('gpt-oss-120b', 12800), (18 + 18 / 100) * 2 * 8 * 64 * 2);
  // Three of four layers keep no keys.
  assert.equal(of('qwen3.5-397b-a17b'), 15 * 2 * 2 * 256 * 2);
});

test('weights are as large as their format', () => {
  const bytes = (...args: Parameters<typeof instanceOf>): number =>
    memoryUse(instanceOf(...args), rule)!.weightBytes / 1e9;
  assert.ok(Math.abs(bytes('llama-3.3-70b', 'H100-SXM', {}, 'bf16') - 141) < 1);
  assert.ok(Math.abs(bytes('llama-3.3-70b', 'H100-SXM', {}, 'fp8') - 72.7) < 1);
  assert.ok(Math.abs(bytes('deepseek-v3', 'B200', { tp: 8 }, 'fp4') * 8 - 400) < 20);
});

test('what fits, and how much beside it', () => {
  const most = (...args: Parameters<typeof instanceOf>): number =>
    mostSequences(instanceOf(...args), 2000, 1000, rule, 1);
  assert.equal(most('llama-3.1-405b', 'H100-SXM', { tp: 8 }, 'bf16'), 0);
  assert.ok(most('llama-3.1-405b', 'H100-SXM', { tp: 8 }, 'fp8') > 50);
  const one = most('llama-3.3-70b', 'H200', {});
  const two = most('llama-3.3-70b', 'H200', { tp: 2 });
  assert.ok(two > 3 * one);
});
