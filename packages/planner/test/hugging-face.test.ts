// Proves that a config.json becomes the shape that its model has, and that a wrong one is refused
// with every field that is missing or wrong and what would work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readHuggingFaceConfig } from '@entrepot/planner/hugging-face';
import { countParameters } from '@entrepot/planner/model-shape';

const llama = {
  model_type: 'llama',
  num_hidden_layers: 80,
  hidden_size: 8192,
  num_attention_heads: 64,
  num_key_value_heads: 8,
  intermediate_size: 28672,
  vocab_size: 128256,
  hidden_act: 'silu',
};

const read = (config: object) => readHuggingFaceConfig(JSON.stringify(config), 'named');

function problemsOf(text: string): readonly string[] {
  try {
    readHuggingFaceConfig(text, 'named');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  throw new Error('it was read');
}

test('a dense model with grouped heads is read whole', () => {
  const shape = read(llama);
  assert.equal(shape.headDim, 128);
  assert.equal(shape.experts, null);
  assert.equal((countParameters(shape).total / 1e9).toFixed(1), '70.6');
});

test('latent attention, experts and dense layers before them are read', () => {
  const shape = read({
    ...llama,
    num_hidden_layers: 61,
    hidden_size: 7168,
    num_attention_heads: 128,
    num_key_value_heads: 128,
    intermediate_size: 18432,
    vocab_size: 129280,
    n_routed_experts: 256,
    n_shared_experts: 1,
    num_experts_per_tok: 8,
    moe_intermediate_size: 2048,
    first_k_dense_replace: 3,
    q_lora_rank: 1536,
    kv_lora_rank: 512,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
  });
  const { total, active } = countParameters(shape);
  assert.equal(Math.round(total / 1e9), 671);
  assert.equal(Math.round(active / 1e9), 38);
});

test('the width of the experts that all tokens share says how many there are', () => {
  const experts = { num_experts: 160, num_experts_per_tok: 8, moe_intermediate_size: 2560 };
  const shared = (width: number): number =>
    read({ ...llama, ...experts, shared_expert_intermediate_size: width }).experts!.shared;
  assert.deepEqual([0, 2560, 20_480].map(shared), [0, 1, 8]);
});

test('the part of a multimodal model that speaks is read', () => {
  const text_config = { ...llama, full_attention_interval: 4, linear_num_value_heads: 32 };
  const linear = { linear_num_key_heads: 16, linear_value_head_dim: 128 };
  const shape = read({ vision_config: {}, text_config: { ...text_config, ...linear } });
  assert.deepEqual(shape.linear, {
    fullAttentionEvery: 4,
    keyHeads: 16,
    valueHeads: 32,
    headDim: 128,
  });
});

test('all that is missing or wrong is named at once, with what would work', () => {
  const { hidden_size: _, vocab_size: __, ...rest } = llama;
  const problems = problemsOf(JSON.stringify({ ...rest, num_hidden_layers: 'eighty' }));
  assert.match(problems.join('\n'), /hidden_size: is missing; give it as a whole number/);
  assert.match(problems.join('\n'), /vocab_size: is missing/);
  assert.match(problems.join('\n'), /num_hidden_layers: must be a whole number.*not "eighty"/);
});

test('heads that do not divide are refused with a number that does', () => {
  const problems = problemsOf(JSON.stringify({ ...llama, num_key_value_heads: 7 }));
  assert.deepEqual(problems, ['num_key_value_heads: 7 does not divide 64 heads; 8 does']);
});

test('what is no JSON object is refused', () => {
  assert.match(problemsOf('{"a": ').join(), /must be the JSON of a model's config.json/);
  assert.match(problemsOf('[1]').join(), /must be one JSON object/);
});
