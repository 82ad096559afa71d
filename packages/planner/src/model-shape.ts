// The shape of a transformer: what its time and memory follow from. Parameters and operations are
// counted here and nowhere else.

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values in a low rank. */
export interface LatentAttention {
  /** 0: queries are projected directly. */
  readonly queryRank: number;
  readonly keyValueRank: number;
  /** Per head: the part of queries and keys without and with position. */
  readonly plainDim: number;
  readonly rotaryDim: number;
  readonly valueDim: number;
}

/** Mixture of experts: which layers have experts, and how many work on a token. */
export interface Experts {
  readonly count: number;
  readonly topK: number;
  readonly ffn: number;
  /** Experts that see every token, each of `ffn`. */
  readonly shared: number;
  /** The first layers that have a dense feed-forward part in place of experts. */
  readonly firstDenseLayers: number;
  /** 1: every layer after those has experts; 2: every second one. */
  readonly every: number;
}

export interface ModelShape {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Width of the dense feed-forward part. */
  readonly ffn: number;
  /** Three matrices (SwiGLU) in place of two. */
  readonly gated: boolean;
  readonly vocab: number;
  /** The embedding is the output head too. */
  readonly tied: boolean;
  /** null: attention with whole keys and values (multi-head, or grouped when kvHeads < heads). */
  readonly latent: LatentAttention | null;
  /** Tokens that a layer with a sliding window sees; null: all layers see all. */
  readonly window: number | null;
  /** With a window: one layer of so many sees all. */
  readonly fullAttentionEvery: number;
  readonly experts: Experts | null;
  /** Experts have biases and clamped gates (gpt-oss), which kernels of plain gates do not fuse. */
  readonly biasedExperts?: boolean;
}

export type AttentionKind = 'mha' | 'gqa' | 'mqa' | 'mla';

export function attentionKind(shape: ModelShape): AttentionKind {
  if (shape.latent !== null) return 'mla';
  if (shape.kvHeads === shape.heads) return 'mha';
  return shape.kvHeads === 1 ? 'mqa' : 'gqa';
}

/** Layers whose feed-forward part is experts. */
export function expertLayers(shape: ModelShape): number {
  if (shape.experts === null) return 0;
  return Math.floor((shape.layers - shape.experts.firstDenseLayers) / shape.experts.every);
}

/** Parameters of the attention part of one layer. */
export function attentionParameters(shape: ModelShape): number {
  const { hidden, heads, kvHeads, headDim, latent } = shape;
  if (latent === null) return hidden * headDim * (heads + 2 * kvHeads) + heads * headDim * hidden;
  const { queryRank, keyValueRank, plainDim, rotaryDim, valueDim } = latent;
  const query = heads * (plainDim + rotaryDim);
  const queries = queryRank === 0 ? hidden * query : hidden * queryRank + queryRank * query;
  const down = hidden * (keyValueRank + rotaryDim);
  const up = keyValueRank * heads * (plainDim + valueDim);
  return queries + down + up + heads * valueDim * hidden;
}

/** Parameters of a feed-forward part of this width. */
export function feedForwardParameters(shape: ModelShape, width: number): number {
  return (shape.gated ? 3 : 2) * shape.hidden * width;
}

/** Where the parameters are: parts are laid out over chips in different ways. */
export interface ParameterCount {
  /** Attention, dense feed-forward, shared experts, routers and norms of all layers. */
  readonly dense: number;
  /** Routed experts of all layers. */
  readonly routed: number;
  /** Embedding and output head; once when tied. */
  readonly embedding: number;
  readonly total: number;
  /** Those that work on one token. */
  readonly active: number;
}

/** Counts the parameters of a model. */
export function countParameters(shape: ModelShape): ParameterCount {
  const { layers, hidden, vocab, experts } = shape;
  const sparse = expertLayers(shape);
  let dense = layers * (attentionParameters(shape) + 2 * hidden);
  dense += (layers - sparse) * feedForwardParameters(shape, shape.ffn);
  let routed = 0;
  let working = 0;
  if (experts !== null) {
    const one = feedForwardParameters(shape, experts.ffn);
    dense += sparse * (experts.shared * one + hidden * experts.count);
    routed = sparse * experts.count * one;
    working = sparse * experts.topK * one;
  }
  const embedding = vocab * hidden * (shape.tied ? 1 : 2);
  return {
    dense,
    routed,
    embedding,
    total: dense + routed + embedding,
    active: dense + working + embedding,
  };
}

/** Share of layers whose attention is a window shorter than the sequence. */
export function windowedShare(shape: ModelShape, sequence: number): number {
  if (shape.window === null || shape.window >= sequence) return 0;
  return 1 - 1 / shape.fullAttentionEvery;
}

/** Tokens that a query sees on average over the layers: causal, with windows where there are. */
export function attendedTokens(shape: ModelShape, sequence: number): number {
  const all = sequence / 2;
  const share = windowedShare(shape, sequence);
  if (share === 0 || shape.window === null) return all;
  const windowed = shape.window * (1 - shape.window / (2 * sequence));
  return (1 - share) * all + share * windowed;
}

/** Width of a head in the products of queries with keys, and of weights with values, added. */
export function scoreDims(shape: ModelShape): number {
  const { latent } = shape;
  if (latent === null) return 2 * shape.headDim;
  return latent.plainDim + latent.rotaryDim + latent.valueDim;
}

/** Operations of the attention products of one layer, forward, per token. */
export function attentionFlops(shape: ModelShape, sequence: number): number {
  return 2 * shape.heads * scoreDims(shape) * attendedTokens(shape, sequence);
}

/** Operations per token of training: forward and twice as much backward; causal attention. */
export function trainingFlopsPerToken(shape: ModelShape, sequence: number): number {
  const { active } = countParameters(shape);
  const embedding = shape.tied ? 0 : shape.vocab * shape.hidden;
  const matrices = 2 * (active - embedding - 2 * shape.layers * shape.hidden);
  return 3 * (matrices + shape.layers * attentionFlops(shape, sequence));
}
