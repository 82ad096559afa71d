// Proves that the catalog's file of shapes is valid, that its parameter counts are those that the
// models are known by, and that every usual spelling of a name finds its model.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findModelEntry } from '@entrepot/planner/model-entry';
import { countParameters } from '@entrepot/planner/model-shape';
import { readModelShapes } from '@entrepot/planner/read-model-shapes';

const file = new URL('../../../catalog/model-shapes.jsonl', import.meta.url);
const entries = readModelShapes(readFileSync(file, 'utf8'));

test('models have the parameters that they are named for', () => {
  const named: Readonly<Record<string, number>> = {
    'llama-3.1-8b': 8.0,
    'llama-3.3-70b': 70.6,
    'llama-3.1-405b': 405.9,
    'mixtral-8x7b': 46.7,
    'deepseek-v3': 671,
    'kimi-k2': 1026,
    'gpt-oss-120b': 116.8,
    'qwen3-235b-a22b': 235,
    'llama-4-maverick': 400.7,
    'minimax-m2.5': 229,
  };
  for (const [name, billions] of Object.entries(named)) {
    const entry = findModelEntry(entries, name);
    assert.ok(entry !== null, name);
    const { total } = countParameters(entry.shape);
    assert.ok(Math.abs(total / 1e9 / billions - 1) < 0.005, `${name}: ${total / 1e9}`);
  }
});

test('a name is found in its spellings', () => {
  const spellings: Readonly<Record<string, string>> = {
    'meta-llama/Llama-3.1-70B-Instruct': 'meta/llama-3.3-70b',
    'nvidia/Llama-3.1-8B-Instruct-FP8': 'meta/llama-3.1-8b',
    'deepseek-ai/DeepSeek-R1-0528': 'deepseek/deepseek-v3',
    'Qwen/Qwen3-235B-A22B-FP8': 'qwen/qwen3-235b-a22b',
    'llama2-70b': 'meta/llama-2-70b',
    'meta/llama-4-scout-17b-instruct': 'meta/llama-4-scout',
  };
  for (const [name, id] of Object.entries(spellings)) {
    assert.equal(findModelEntry(entries, name)?.id, id, name);
  }
});

test('names that are not known find nothing', () => {
  assert.equal(findModelEntry(entries, 'openai/gpt-5.4'), null);
});
