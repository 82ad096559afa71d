// Megatron-LM: pretrain_gpt.py with the layout's flags. Names are from
// megatron/training/arguments.py, and from the dataclasses that it makes flags of
// (TransformerConfig, ModelParallelConfig, DistributedDataParallelConfig, CheckpointConfig) in
// NVIDIA/Megatron-LM of August 2026.

import type { Layout, Precision, TrainingJob } from '../../layout.ts';
import type { ModelShape } from '../../model-shape.ts';
import type { PlannedJob } from '../planned-job.ts';
import type { Launch } from './launch.ts';
import { lines, torchrun } from './torchrun.ts';

/** Megatron-LM's launch. */
export function megatronLm(planned: PlannedJob): Launch {
  const { job, layout, host } = planned;
  const words = [
    ...torchrun(host),
    'pretrain_gpt.py',
    ...modelFlags(job.model, job.sequence),
    ...layoutFlags(layout, job.model),
    ...precisionFlags(job.precision),
    ...trainingFlags(planned),
  ];
  const notes = [
    'positions: add --rotary-base and scaling of the model, which a shape does not have',
  ];
  if (job.frozenBase) notes.push('Megatron-LM trains all weights: adapters are not in these flags');
  return {
    framework: 'megatron-lm',
    image: host.family === 'amd' ? 'rocm/megatron-lm:latest' : 'nvcr.io/nvidia/pytorch:26.06-py3',
    script: ['export CUDA_DEVICE_MAX_CONNECTIONS=1', 'cd /opt/megatron-lm', lines(words)].join(
      '\n',
    ),
    files: [],
    notes,
  };
}

function modelFlags(model: ModelShape, sequence: number): string[] {
  const { latent, experts } = model;
  const flags = [
    '--use-mcore-models',
    `--num-layers ${model.layers}`,
    `--hidden-size ${model.hidden}`,
    `--ffn-hidden-size ${model.ffn}`,
    `--num-attention-heads ${model.heads}`,
    `--seq-length ${sequence}`,
    `--max-position-embeddings ${sequence}`,
    '--position-embedding-type rope',
    '--normalization RMSNorm',
    '--disable-bias-linear',
    '--attention-dropout 0 --hidden-dropout 0',
  ];
  if (model.gated) flags.push('--swiglu');
  if (!model.tied) flags.push('--untie-embeddings-and-output-weights');
  if (latent === null) {
    flags.push(`--kv-channels ${model.headDim}`);
    if (model.kvHeads !== model.heads) {
      flags.push(`--group-query-attention --num-query-groups ${model.kvHeads}`);
    }
  } else {
    flags.push(
      '--multi-latent-attention',
      ...(latent.queryRank > 0 ? [`--q-lora-rank ${latent.queryRank}`] : []),
      `--kv-lora-rank ${latent.keyValueRank}`,
      `--qk-head-dim ${latent.plainDim}`,
      `--qk-pos-emb-head-dim ${latent.rotaryDim}`,
      `--v-head-dim ${latent.valueDim}`,
    );
  }
  if (model.window !== null) {
    flags.push(`--window-size ${model.window},0`);
    if (model.fullAttentionEvery > 1) {
      flags.push(`--window-attn-skip-freq ${model.fullAttentionEvery}`);
    }
  }
  if (experts !== null) {
    flags.push(
      `--num-experts ${experts.count}`,
      `--moe-router-topk ${experts.topK}`,
      `--moe-ffn-hidden-size ${experts.ffn}`,
      '--moe-grouped-gemm --moe-token-dispatcher-type alltoall',
    );
    if (experts.shared > 0) {
      flags.push(`--moe-shared-expert-intermediate-size ${experts.shared * experts.ffn}`);
    }
    flags.push(`--moe-layer-freq "${expertPattern(model)}"`);
  }
  return flags;
}

/** Which layers have experts, as a Python list: `([0]*3+[1]*58)`. */
function expertPattern(model: ModelShape): string {
  const { firstDenseLayers: dense, every } = model.experts!;
  const rest = model.layers - dense;
  const cycle = every === 1 ? '[1]' : `[${[...Array(every - 1).fill(0), 1].join(',')}]`;
  return `([0]*${dense}+${cycle}*${Math.floor(rest / every)}+[0]*${rest % every})`;
}

function layoutFlags(layout: Layout, model: ModelShape): string[] {
  const flags = [
    `--tensor-model-parallel-size ${layout.tp}`,
    `--pipeline-model-parallel-size ${layout.pp}`,
    `--context-parallel-size ${layout.cp}`,
  ];
  if (layout.sp && layout.tp > 1) flags.push('--sequence-parallel');
  flags.push(...stageFlags(layout, model.layers));
  if (model.experts !== null) {
    flags.push(`--expert-model-parallel-size ${layout.ep}`);
    flags.push(`--expert-tensor-parallel-size ${layout.etp}`);
  }
  if (layout.recompute === 'selective') flags.push('--recompute-granularity selective');
  if (layout.recompute === 'full') flags.push(...fullRecompute(layout, model.layers));
  flags.push(...shardingFlags(layout));
  return flags;
}

/**
 * Stages of a pipeline. Layers that do not divide evenly are named one by one (E embedding, t
 * layer, L head), with the embedding and the head for a layer each.
 */
function stageFlags(layout: Layout, layers: number): string[] {
  const chunks = layout.pp * layout.vpp;
  if (layout.pp === 1) return [];
  if (layers % chunks === 0) {
    return layout.vpp === 1 ? [] : [`--num-virtual-stages-per-pipeline-rank ${layout.vpp}`];
  }
  const all = `E${'t'.repeat(layers)}L`;
  const bounds = Array.from({ length: chunks + 1 }, (_, i) =>
    Math.round((i * all.length) / chunks),
  );
  const stages = bounds.slice(1).map((end, i) => all.slice(bounds[i], end));
  return [`--pipeline-model-parallel-layout "${stages.join('|')}"`];
}

/** All layers one by one, or so many of each stage's chunk. */
function fullRecompute(layout: Layout, layers: number): string[] {
  const full = '--recompute-granularity full';
  if (layout.recomputedShare >= 1) {
    return [`${full} --recompute-method uniform --recompute-num-layers 1`];
  }
  const perChunk = layers / (layout.pp * layout.vpp);
  const count = Math.ceil(perChunk * layout.recomputedShare);
  return [`${full} --recompute-method block --recompute-num-layers ${count}`];
}

function shardingFlags(layout: Layout): string[] {
  const { sharding, shards } = layout;
  if (sharding === 'none') return ['--overlap-grad-reduce'];
  const overlap = '--use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather';
  const copies = shards === null ? 1 : (layout.dp * layout.cp) / shards;
  const instances = copies > 1 ? [`--num-distributed-optimizer-instances ${copies}`] : [];
  if (sharding === 'zero1') return [overlap, ...instances, '--ckpt-format torch_dist'];
  const strategy = sharding === 'zero2' ? 'optim_grads' : 'optim_grads_params';
  return [
    overlap,
    `--use-megatron-fsdp --data-parallel-sharding-strategy ${strategy}`,
    ...instances,
    '--ckpt-format fsdp_dtensor',
  ];
}

function precisionFlags(precision: Precision): string[] {
  if (precision === 'fp8') return ['--bf16', '--fp8-format hybrid --fp8-recipe tensorwise'];
  if (precision === 'mxfp8') return ['--bf16', '--fp8-format e4m3 --fp8-recipe mxfp8'];
  if (precision === 'nvfp4') return ['--bf16', '--fp4-format e2m1 --fp4-recipe nvfp4'];
  return ['--bf16'];
}

function trainingFlags({ job, layout, steps, checkpointEverySteps }: PlannedJob): string[] {
  return [
    ...batchFlags(job, layout),
    `--train-iters ${steps}`,
    `--save-interval ${checkpointEverySteps} --async-save`,
    '--save "$CHECKPOINTS" --load "$CHECKPOINTS"',
    '--data-path "$DATA"',
    '--tokenizer-type HuggingFaceTokenizer --tokenizer-model "$TOKENIZER"',
    '--lr "$LEARNING_RATE" --lr-decay-style cosine --clip-grad 1.0 --weight-decay 0.1',
    '--log-interval 10 --log-throughput',
    '--distributed-timeout-minutes 60 --exit-signal-handler',
  ];
}

function batchFlags(job: TrainingJob, layout: Layout): string[] {
  return [`--micro-batch-size ${layout.microBatch}`, `--global-batch-size ${job.globalBatch}`];
}
