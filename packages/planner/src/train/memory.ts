// Memory of a chip in training, by part: states by precision and sharding, activations by what is
// recomputed and how many micro-batches are in flight (arXiv 2205.05198), logits, gathered layers.

import { type Layout, microBatches, shardsOf } from '../layout.ts';
import { expertLayers, feedForwardParameters, type ModelShape } from '../model-shape.ts';
import type { Ground } from './ground.ts';

export interface TrainingMemory {
  readonly weightBytes: number;
  readonly gradientBytes: number;
  readonly optimizerBytes: number;
  readonly activationBytes: number;
  readonly logitBytes: number;
  /** Whole layers gathered for use, where states are sharded. */
  readonly gatheredBytes: number;
  readonly reservedBytes: number;
  readonly totalBytes: number;
  readonly capacityBytes: number;
  readonly fits: boolean;
}

/** Parameters on one chip: those that the replicas share, and those of its experts. */
export interface Held {
  /** Of the fullest stage, after tensor and pipeline cuts, before sharding. */
  readonly dense: number;
  readonly routed: number;
  /** Replicas over which the experts' states can be sharded. */
  readonly routedShards: number;
}

export function heldParameters(ground: Ground, layout: Layout): Held {
  const { counts } = ground;
  const ends = layout.pp === 1 || ground.job.model.tied ? 1 : 0.5;
  const stage = counts.dense / layout.pp + counts.embedding * ends;
  const { ep, etp } = layout;
  const group = layout.tp * layout.dp * layout.cp;
  return {
    dense: stage / layout.tp,
    routed: counts.routed / (ep * etp * layout.pp),
    routedShards: Math.max(1, Math.min(group, shardsOf(layout) * layout.tp) / (ep * etp)),
  };
}

const bf16Bytes = 2;
/** Scores, their softmax and a mask of attention that is not fused (arXiv 2205.05198). */
const scoresKeptBytes = 5;
/** Adam's two moments and the master copy of the weights, in fp32 (arXiv 1910.02054). */
const adamBytes = 12;
const gradientBytes = 4;

/** Bytes of activations that one layer keeps per token of a micro-batch, by recomputation. */
export function layerActivationBytes(model: ModelShape, layout: Layout, narrow: boolean): number {
  const { hidden } = model;
  // Inputs of the norms stay in bf16; inputs of matrix products are kept as they are multiplied.
  const operand = narrow ? 1 : 2;
  const spread = layout.sp ? layout.tp : 1;
  if (layout.recompute === 'offload') return 0;
  if (layout.recompute === 'full') {
    const kept = layerActivationBytes(model, { ...layout, recompute: 'selective' }, narrow);
    const share = layout.recomputedShare;
    return (share * 2 * hidden) / spread + (1 - share) * kept;
  }
  const full = layout.recompute === 'none';
  const norms = (4 * hidden + (full ? 2 * operand * hidden : 0)) / spread;
  const attention = attentionActivationBytes(model, operand) / layout.tp;
  return norms + attention + feedForwardActivationBytes(model, layout, operand);
}

function attentionActivationBytes(model: ModelShape, operand: number): number {
  const { heads, kvHeads, headDim, latent } = model;
  if (latent === null) return 2 * (heads + 2 * kvHeads) * headDim + operand * heads * headDim;
  const keys = latent.plainDim + latent.rotaryDim;
  const low = latent.queryRank + latent.keyValueRank;
  return 2 * heads * (2 * keys + latent.valueDim) + operand * (heads * latent.valueDim + low);
}

/** Mean over the model's layers: dense ones and those with experts. */
function feedForwardActivationBytes(model: ModelShape, layout: Layout, operand: number): number {
  const full = layout.recompute === 'none';
  const perWidth = (model.gated ? 4 : 2) + (full ? operand : 0);
  const dense = (perWidth * model.ffn) / layout.tp;
  const { experts } = model;
  if (experts === null) return dense;
  const copies = experts.topK / layout.tp;
  const routed = copies * (perWidth * experts.ffn + 2 * operand * model.hidden);
  const shared = (experts.shared * perWidth * experts.ffn) / layout.tp;
  const share = expertLayers(model) / model.layers;
  return share * (routed + shared) + (1 - share) * dense;
}

/** Bytes that one layer keeps per token in a stack: as it narrows, fuses and recomputes. */
function keptBytes(ground: Ground, layout: Layout): number {
  const { job, parameters, isNarrow } = ground;
  const bytes = layerActivationBytes(job.model, layout, isNarrow && parameters.narrowKept < 2);
  if (layout.recompute === 'selective') return bytes * parameters.selectiveKept;
  if (layout.recompute !== 'none' || parameters.scoreBytes < 1) return bytes;
  return bytes + (scoresKeptBytes * job.model.heads * job.sequence) / layout.tp;
}

/** Micro-batches whose activations the first stage holds at once, in units of its layers. */
export function inFlight(layout: Layout, globalBatch: number): number {
  const most = microBatches(layout, globalBatch);
  if (layout.pp === 1) return 1;
  const usual =
    layout.vpp > 1 ? layout.pp * (1 + (layout.pp - 1) / (layout.pp * layout.vpp)) : layout.pp;
  return Math.min(usual, Math.max(1, most));
}

/** Memory of the fullest chip. */
export function trainingMemory(ground: Ground, layout: Layout): TrainingMemory {
  const { job, parameters } = ground;
  const { model } = job;
  const held = heldParameters(ground, layout);
  const shards = shardsOf(layout);
  const { sharding } = layout;
  const states = (of: number, over: number, each: number): number => (of * each) / over;
  const both = (each: number, sharded: boolean): number =>
    states(held.dense, sharded ? shards : 1, each) +
    states(held.routed, sharded ? held.routedShards : 1, each);
  const trained = job.frozenBase ? 0 : 1;
  const weightBytes = both(parameters.weightBytes, sharding === 'zero3');
  const grads = sharding === 'zero2' || sharding === 'zero3';
  const gradient = trained * both(gradientBytes, grads);
  const optimizerBytes = trained * both(adamBytes, sharding !== 'none');
  const tokens = (job.sequence * layout.microBatch) / layout.cp;
  const kept = tokens * keptBytes(ground, layout) * inFlight(layout, job.globalBatch);
  const again = layout.recompute === 'full' || layout.recompute === 'offload';
  const working = tokens * keptBytes(ground, { ...layout, recompute: 'none' });
  const activationBytes =
    parameters.activationSlack *
    ((kept * model.layers) / layout.pp + (again ? 1.25 : 0.5) * working);
  const logitTokens = Math.min(tokens, parameters.logitTokens);
  const logitBytes = (logitTokens * model.vocab * parameters.logitBytes) / layout.tp;
  const gatheredBytes = sharding === 'zero3' ? 2 * gatheredLayer(ground, layout) : 0;
  const totalBytes =
    weightBytes +
    gradient +
    optimizerBytes +
    activationBytes +
    logitBytes +
    gatheredBytes +
    parameters.reservedBytes;
  return {
    weightBytes,
    gradientBytes: gradient,
    optimizerBytes,
    activationBytes,
    logitBytes,
    gatheredBytes,
    reservedBytes: parameters.reservedBytes,
    totalBytes,
    capacityBytes: ground.hbmBytes,
    fits: totalBytes <= ground.hbmBytes,
  };
}

/** Weights of one layer in bf16 as one chip computes it. */
function gatheredLayer(ground: Ground, layout: Layout): number {
  const { counts, job } = ground;
  const routed = counts.routed / (layout.ep * layout.etp);
  const layer = (counts.dense / layout.tp + routed) / job.model.layers;
  return bf16Bytes * Math.max(layer, feedForwardParameters(job.model, job.model.ffn) / layout.tp);
}
