// Memory of a serving instance: weights by part, the cache of keys and values by kind of
// attention, and how many requests fit beside each other.

import { layerKinds, type ServedShape } from '../served-shape.ts';
import type { ServingInstance } from './instance.ts';
import type { SharedParameters } from './parameters.ts';
import { longestStage } from './pipeline.ts';
import { weightCounts } from './weight-counts.ts';

/** Bytes of weights on one chip, by part. */
export interface WeightParts {
  readonly attention: number;
  /** Dense feed-forward parts and shared experts. */
  readonly feedForward: number;
  readonly experts: number;
  readonly embeddings: number;
  readonly draft: number;
}

/** Weights of a chip of the stage that has most. Embedding and head stay in 16 bits. */
export function weightParts(instance: ServingInstance): WeightParts {
  const { shape, layout, quantization } = instance;
  const { attention, feedForward, expert, expertLayers, embeddings, head } = weightCounts(shape);
  const { tp, attentionDp, pp } = layout;
  const stage = longestStage(shape, pp);
  // The longest stage may be all experts, where the first layers are dense.
  const layers = pp === 1 ? expertLayers : Math.min(expertLayers, stage * shape.layers);
  const count = shape.experts?.count ?? 0;
  const routed = layers * count * expert * quantization.experts.bytes;
  const draft = instance.speculation?.draft ?? null;
  return {
    attention: (attention * stage * quantization.attention.bytes) / tp,
    feedForward: (feedForward * stage * quantization.feedForward.bytes) / tp,
    experts: routed / attentionDp / tp,
    // With stages, the first has the embedding and the last the head.
    embeddings: ((pp === 1 ? embeddings : head) * 2) / tp,
    draft: draft === null ? 0 : weightBytesPerChip(draft),
  };
}

/** Bytes of weights on one chip. */
export function weightBytesPerChip(instance: ServingInstance): number {
  const { attention, feedForward, experts, embeddings, draft } = weightParts(instance);
  return attention + feedForward + experts + embeddings + draft;
}

/** Elements of keys and values of a token in one layer with full attention. */
export function cacheElements(shape: ServedShape): number {
  const { latent } = shape;
  if (latent !== null) return latent.keyValueRank + latent.rotaryDim;
  return 2 * shape.kvHeads * shape.headDim;
}

/**
 * Bytes of cache of a token on one chip, on average over a context of so many tokens. Grouped
 * heads are split over chips as far as there are heads; a latent cache is whole on every chip.
 */
export function kvBytesPerToken(
  shape: ServedShape,
  tp: number,
  elementBytes: number,
  context: number,
): number {
  const kinds = layerKinds(shape);
  const split = shape.latent === null ? Math.min(tp, shape.kvHeads) : 1;
  const seen = shape.window === null ? 0 : Math.min(1, shape.window / Math.max(1, context));
  const elements = (kinds.full + kinds.windowed * seen) * cacheElements(shape);
  const index = shape.sparse === null ? 0 : kinds.full * shape.sparse.indexDim;
  return (elements * elementBytes + index) / split;
}

/** Bytes of the fixed state of linear attention of one sequence on one chip, in fp32. */
export function stateBytes({ shape, layout }: ServingInstance): number {
  if (shape.linear === null) return 0;
  const { valueHeads, headDim } = shape.linear;
  return (layerKinds(shape).linear * valueHeads * headDim * headDim * 4) / layout.tp;
}

export interface MemoryUse {
  readonly weightBytes: number;
  readonly weights: WeightParts;
  readonly workspaceBytes: number;
  /** What is left for the cache; below 0 the weights alone do not fit. */
  readonly cacheBytes: number;
  readonly capacityBytes: number;
}

/** What engines leave of a chip's memory: fitted. */
export type MemoryRule = Pick<SharedParameters, 'usableMemoryShare' | 'workspaceGb'>;

/** What one chip of an instance holds. null where the chip's memory is not known. */
export function memoryUse(instance: ServingInstance, rule: MemoryRule): MemoryUse | null {
  const { hbmBytes } = instance.chip;
  if (hbmBytes === null) return null;
  const weights = weightParts(instance);
  const weightBytes = weightBytesPerChip(instance);
  const workspaceBytes = rule.workspaceGb * 1e9;
  const cacheBytes = hbmBytes * rule.usableMemoryShare - weightBytes - workspaceBytes;
  return { weightBytes, weights, workspaceBytes, cacheBytes, capacityBytes: hbmBytes };
}

/**
 * Requests that one attention replica holds at once when each takes `inputTokens` and on average
 * this share of its output. At least 1 if the weights fit at all.
 */
export function mostSequences(
  instance: ServingInstance,
  inputTokens: number,
  outputTokens: number,
  rule: MemoryRule,
  outputShare: number,
): number {
  const use = memoryUse(instance, rule);
  if (use === null || use.cacheBytes <= 0) return 0;
  const { shape, layout, cacheBytes } = instance;
  const context = inputTokens + outputTokens * outputShare;
  const stage = longestStage(shape, layout.pp);
  const bytes = kvBytesPerToken(shape, layout.tp, cacheBytes, context) * context;
  return Math.max(1, use.cacheBytes / ((bytes + stateBytes(instance)) * stage));
}
