// Jobs that the tests of this folder write for engines: one on each family of chips.

import type { PlannedHosts, PlannedJob } from '@entrepot/planner/emit/planned-job';
import type { PlannedServing } from '@entrepot/planner/emit/planned-serving';
import type { Layout } from '@entrepot/planner/layout';
import type { ModelShape } from '@entrepot/planner/model-shape';

const llama405: ModelShape = {
  name: 'llama-3.1-405b',
  layers: 126,
  hidden: 16_384,
  heads: 128,
  kvHeads: 8,
  headDim: 128,
  ffn: 53_248,
  gated: true,
  vocab: 128_256,
  tied: false,
  latent: null,
  window: null,
  fullAttentionEvery: 1,
  experts: null,
};

const deepseek: ModelShape = {
  ...llama405,
  name: 'deepseek-v3',
  layers: 61,
  hidden: 7_168,
  kvHeads: 128,
  ffn: 18_432,
  vocab: 129_280,
  latent: { queryRank: 1536, keyValueRank: 512, plainDim: 128, rotaryDim: 64, valueDim: 128 },
  experts: { count: 256, topK: 8, ffn: 2048, shared: 1, firstDenseLayers: 3, every: 1 },
};

const layout: Layout = {
  tp: 8,
  sp: true,
  pp: 16,
  vpp: 4,
  dp: 128,
  cp: 1,
  ep: 1,
  etp: 1,
  microBatch: 1,
  sharding: 'zero1',
  shards: null,
  recompute: 'selective',
  recomputedShare: 1,
};

const h100: PlannedHosts = {
  acceleratorId: 'H100-SXM',
  family: 'nvidia',
  cloud: 'aws',
  region: 'us-east-1',
  instance: 'p5.48xlarge',
  count: 2048,
  spares: 15,
  chips: 8,
  ranksPerChip: 1,
  term: 'on-demand',
  daysAtMost: 61.5,
};

export const onH100: PlannedJob = {
  name: 'llama-405b-h100',
  modelId: 'llama-3.1-405b',
  job: {
    model: llama405,
    sequence: 8192,
    globalBatch: 2048,
    precision: 'bf16',
    frozenBase: false,
  },
  layout,
  steps: 900_000,
  checkpointEverySteps: 50,
  host: h100,
};

export const mixtureOnH200: PlannedJob = {
  ...onH100,
  name: 'deepseek-v3-h200',
  modelId: 'deepseek-v3',
  job: { ...onH100.job, model: deepseek, precision: 'fp8', globalBatch: 4096, sequence: 4096 },
  layout: { ...layout, tp: 1, pp: 16, vpp: 1, dp: 64, ep: 64, recompute: 'full' },
  host: {
    ...h100,
    acceleratorId: 'H200',
    cloud: 'azure',
    region: 'eastus2',
    instance: 'Standard_ND96isr_H200_v5',
    count: 128,
    spares: 3,
    term: 'spot',
  },
};

export const onTrainium2: PlannedJob = {
  ...onH100,
  name: 'llama-405b-trn2',
  layout: { ...layout, tp: 32, pp: 8, vpp: 1, dp: 16 },
  host: {
    ...h100,
    acceleratorId: 'Trainium2',
    family: 'trainium',
    instance: 'trn2.48xlarge',
    count: 64,
    spares: 2,
    chips: 16,
    ranksPerChip: 4,
  },
};

export const onTpu: PlannedJob = {
  ...onH100,
  name: 'llama-405b-v5p',
  layout: {
    ...layout,
    tp: 4,
    pp: 1,
    vpp: 1,
    dp: 1024,
    sharding: 'zero3',
    shards: null,
    recompute: 'full',
  },
  host: {
    ...h100,
    acceleratorId: 'TPU-v5p',
    family: 'tpu',
    cloud: 'google',
    region: 'us-east5',
    instance: 'ct5p-hightpu-4t',
    count: 1024,
    spares: 8,
    chips: 4,
  },
};

export const plannedJobs: readonly PlannedJob[] = [onH100, mixtureOnH200, onTrainium2, onTpu];

/** 405B over two hosts by tensor and pipeline. */
export const servingOnH100: PlannedServing = {
  name: 'llama-405b',
  checkpoint: 'meta-llama/Llama-3.1-405B-Instruct',
  replicas: 3,
  tensorParallel: 8,
  pipelineParallel: 2,
  dataParallel: 1,
  expertParallel: false,
  contextTokens: 8192,
  concurrency: 64,
  batchTokens: 8192,
  quantization: null,
  hosts: { ...h100, count: 2, spares: 0 },
};

export const servingOnTrainium2: PlannedServing = {
  ...servingOnH100,
  name: 'llama-70b-trn2',
  checkpoint: 'meta-llama/Llama-3.3-70B-Instruct',
  replicas: 1,
  tensorParallel: 32,
  pipelineParallel: 1,
  batchTokens: null,
  hosts: { ...onTrainium2.host, count: 1 },
};

/** DeepSeek-V3 over two hosts by its experts, with a replica of attention on each chip. */
export const servingExperts: PlannedServing = {
  ...servingOnH100,
  name: 'deepseek-v3-h100',
  checkpoint: 'deepseek-ai/DeepSeek-V3',
  replicas: 2,
  tensorParallel: 1,
  pipelineParallel: 1,
  dataParallel: 16,
  expertParallel: true,
  concurrency: 32,
  quantization: 'fp8',
};

/** 405B over two hosts of a slice as one tensor parallel group, which Ray joins. */
export const servingOnTpu: PlannedServing = {
  ...servingOnH100,
  name: 'llama-405b-v5p',
  tensorParallel: 8,
  pipelineParallel: 1,
  hosts: { ...onTpu.host, count: 2 },
};

export const plannedServings: readonly PlannedServing[] = [
  servingOnH100,
  servingExperts,
  servingOnTrainium2,
  servingOnTpu,
];
