// Proves the counts of parameters and operations against what the models' makers publish.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attendedTokens,
  attentionKind,
  countParameters,
  type ModelShape,
  trainingFlopsPerToken,
} from '../src/model-shape.ts';
import { deepseekV3, gpt175b, llama8b, llama405b, mixtral8x7b } from './shapes.ts';

const published: readonly (readonly [ModelShape, number, number])[] = [
  [llama8b, 8.03e9, 8.03e9],
  [llama405b, 405.9e9, 405.9e9],
  [gpt175b, 174.6e9, 174.6e9],
  [mixtral8x7b, 46.7e9, 12.9e9],
  [deepseekV3, 671e9, 37.5e9],
];

test('parameters, in all and at work on a token, are those that are published', () => {
  for (const [shape, total, active] of published) {
    const counted = countParameters(shape);
    assert.ok(Math.abs(counted.total / total - 1) < 0.005, `${shape.name}: ${counted.total}`);
    assert.ok(Math.abs(counted.active / active - 1) < 0.01, `${shape.name}: ${counted.active}`);
  }
});

test('operations per token: six per parameter at work, and attention', () => {
  // 2.52396e12 causal at 8,192 tokens, as Megatron-Bridge counts it.
  assert.ok(Math.abs(trainingFlopsPerToken(llama405b, 8192) / 2.523956e12 - 1) < 0.001);
  assert.ok(Math.abs(trainingFlopsPerToken(deepseekV3, 4096) / 2.49811e11 - 1) < 0.01);
});

test('a window shortens what a query sees, in the layers that have it', () => {
  const windowed = { ...llama8b, window: 128, fullAttentionEvery: 2 };
  const seen = attendedTokens(windowed, 4096);
  assert.ok(seen > 1024 && seen < 1024 + 64);
  assert.equal(attendedTokens(llama8b, 4096), 2048);
});

test('attention is named by its heads', () => {
  assert.equal(attentionKind(llama8b), 'gqa');
  assert.equal(attentionKind(gpt175b), 'mha');
  assert.equal(attentionKind(deepseekV3), 'mla');
  assert.equal(attentionKind({ ...llama8b, kvHeads: 1 }), 'mqa');
});
