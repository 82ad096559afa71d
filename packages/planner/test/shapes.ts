// Shapes of well-known models, as their makers publish them, for the tests.

import type { ModelShape } from '../src/model-shape.ts';

const plain = { gated: true, tied: false, latent: null, window: null, fullAttentionEvery: 1 };

export const llama8b: ModelShape = {
  ...plain,
  name: 'llama-3.1-8b',
  layers: 32,
  hidden: 4096,
  heads: 32,
  kvHeads: 8,
  headDim: 128,
  ffn: 14336,
  vocab: 128256,
  experts: null,
};

export const llama405b: ModelShape = {
  ...llama8b,
  name: 'llama-3.1-405b',
  layers: 126,
  hidden: 16384,
  heads: 128,
  ffn: 53248,
};

export const gpt175b: ModelShape = {
  ...plain,
  name: 'gpt3-175b',
  layers: 96,
  hidden: 12288,
  heads: 96,
  kvHeads: 96,
  headDim: 128,
  ffn: 49152,
  gated: false,
  vocab: 51200,
  tied: true,
  experts: null,
};

export const mixtral8x7b: ModelShape = {
  ...llama8b,
  name: 'mixtral-8x7b',
  vocab: 32000,
  experts: { count: 8, topK: 2, ffn: 14336, shared: 0, firstDenseLayers: 0, every: 1 },
};

export const deepseekV3: ModelShape = {
  ...plain,
  name: 'deepseek-v3',
  layers: 61,
  hidden: 7168,
  heads: 128,
  kvHeads: 128,
  headDim: 128,
  ffn: 18432,
  vocab: 129280,
  latent: { queryRank: 1536, keyValueRank: 512, plainDim: 128, rotaryDim: 64, valueDim: 128 },
  experts: { count: 256, topK: 8, ffn: 2048, shared: 1, firstDenseLayers: 3, every: 1 },
};
