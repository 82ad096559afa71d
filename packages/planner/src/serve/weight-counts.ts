// Parameters of a served model by the part of a step that reads them.

import { attentionParameters, expertLayers, feedForwardParameters } from '../model-shape.ts';
import { layerKinds, type ServedShape } from '../served-shape.ts';

export interface WeightCounts {
  /** Projections of all attention and linear-attention layers. */
  readonly attention: number;
  /** Dense feed-forward parts, shared experts and routers. */
  readonly feedForward: number;
  /** One routed expert of one layer; 0 without experts. */
  readonly expert: number;
  readonly expertLayers: number;
  /** The output head. */
  readonly head: number;
  /** Embedding and head together; once when they are tied. */
  readonly embeddings: number;
}

const cache = new WeakMap<ServedShape, WeightCounts>();

/** Counts the weights of a shape; the same object each time. */
export function weightCounts(shape: ServedShape): WeightCounts {
  let counts = cache.get(shape);
  if (counts === undefined) {
    counts = count(shape);
    cache.set(shape, counts);
  }
  return counts;
}

function count(shape: ServedShape): WeightCounts {
  const { hidden, experts, layers } = shape;
  const kinds = layerKinds(shape);
  const sparse = expertLayers(shape);
  const dense = (layers - sparse) * feedForwardParameters(shape, shape.ffn);
  const one = experts === null ? 0 : feedForwardParameters(shape, experts.ffn);
  const shared = experts === null ? 0 : sparse * (experts.shared * one + hidden * experts.count);
  const attending = (kinds.full + kinds.windowed) * attendingParameters(shape);
  const head = hidden * shape.vocab;
  return {
    attention: attending + kinds.linear * linearParameters(shape),
    feedForward: dense + shared,
    expert: one,
    expertLayers: sparse,
    head,
    embeddings: head * (shape.tied ? 1 : 2),
  };
}

function attendingParameters(shape: ServedShape): number {
  const { hidden, heads, headDim, sparse, latent } = shape;
  let count = attentionParameters(shape);
  if (shape.gatedAttention) count += hidden * heads * headDim;
  if (sparse !== null) {
    const from = latent === null || latent.queryRank === 0 ? hidden : latent.queryRank;
    count += from * sparse.indexHeads * sparse.indexDim;
    count += hidden * (sparse.indexDim + sparse.indexHeads);
  }
  return count;
}

/** Queries, keys, values, output gate and output of a gated delta layer. */
function linearParameters({ hidden, linear }: ServedShape): number {
  if (linear === null) return 0;
  const { keyHeads, valueHeads, headDim } = linear;
  const inward = hidden * headDim * (2 * keyHeads + 2 * valueHeads) + 2 * hidden * valueHeads;
  return inward + valueHeads * headDim * hidden;
}
