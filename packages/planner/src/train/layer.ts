// Time of one layer over one micro-batch, forward and backward, by part. It depends on how a layer
// is cut (tp, cp, ep) and not on how layers and replicas are laid out, so a search reuses it.

import { exchangeSeconds, gatherSeconds, sendSeconds } from '../collective.ts';
import { gemmSeconds } from '../gemm.ts';
import type { Layout } from '../layout.ts';
import { type ModelShape, scoreDims, windowedShare } from '../model-shape.ts';
import type { Ground } from './ground.ts';

/** Seconds of one pass. Collectives are whole, before what is hidden behind computation. */
export interface PassSeconds {
  readonly matrix: number;
  readonly attention: number;
  readonly streaming: number;
  readonly tensor: number;
  readonly context: number;
  readonly expert: number;
}

export interface LayerSeconds {
  readonly forward: PassSeconds;
  readonly backward: PassSeconds;
  /** Of the forward products, the last: its output is the layer's, which nothing backward needs. */
  readonly lastProduct: number;
  /** Of the forward products, those of attention: queries, keys, values, and out of it. */
  readonly projections: number;
}

/** Tokens that a tensor-parallel group sees of one micro-batch. */
export function groupTokens(sequence: number, layout: Layout): number {
  return (sequence * layout.microBatch) / layout.cp;
}

/** A layer with a dense feed-forward part, or one with experts. */
export function layerSeconds(ground: Ground, layout: Layout, sparse: boolean): LayerSeconds {
  const tokens = groupTokens(ground.job.sequence, layout);
  const { job } = ground;
  const feed = sparse
    ? expertMatrices(ground, layout, tokens)
    : feedForward(ground, layout, tokens, job.model.ffn);
  const projections = attentionMatrices(ground, layout, tokens);
  const matrix = projections + feed.first + feed.last;
  const attention = attentionSeconds(ground, layout, tokens);
  const streaming = streamingSeconds(ground, layout, tokens, sparse);
  const tensor = tensorSeconds(ground, layout, tokens);
  const context = contextSeconds(ground, layout, tokens);
  const expert = sparse ? expertExchange(ground, layout, tokens) : 0;
  const forward = { matrix, attention: attention.forward, streaming, tensor, context, expert };
  // Gradients of inputs and of weights are a product each; of a frozen base only the former.
  const backward = {
    matrix: matrix * (job.frozenBase ? 1 : 2),
    attention: attention.backward,
    streaming: 2 * streaming,
    tensor: tensor * 1.25,
    context: context * 2,
    expert,
  };
  return { forward, backward, lastProduct: feed.last, projections };
}

function attentionMatrices(ground: Ground, layout: Layout, tokens: number): number {
  const { linear, job } = ground;
  const { hidden, heads, kvHeads, headDim, latent } = job.model;
  const { tp } = layout;
  if (latent === null) {
    const queries = gemmSeconds(linear, tokens, ((heads + 2 * kvHeads) * headDim) / tp, hidden);
    return queries + gemmSeconds(linear, tokens, hidden, (heads * headDim) / tp);
  }
  const { queryRank, keyValueRank, plainDim, rotaryDim, valueDim } = latent;
  // The low-rank products are small and not cut by tensor parallelism: each rank has its tokens.
  const own = layout.sp ? tokens / tp : tokens;
  const down = gemmSeconds(linear, own, queryRank + keyValueRank + rotaryDim, hidden);
  const query = gemmSeconds(
    linear,
    tokens,
    (heads * (plainDim + rotaryDim)) / tp,
    queryRank || hidden,
  );
  const up = gemmSeconds(linear, tokens, (heads * (plainDim + valueDim)) / tp, keyValueRank);
  return down + query + up + gemmSeconds(linear, tokens, hidden, (heads * valueDim) / tp);
}

/** Products of a feed-forward part: those before its last, and the last. */
interface FeedForward {
  readonly first: number;
  readonly last: number;
}

function feedForward(ground: Ground, layout: Layout, tokens: number, width: number): FeedForward {
  const { linear, job } = ground;
  const { hidden, gated } = job.model;
  const own = width / layout.tp;
  return {
    first: gemmSeconds(linear, tokens, (gated ? 2 : 1) * own, hidden),
    last: gemmSeconds(linear, tokens, hidden, own),
  };
}

function expertMatrices(ground: Ground, layout: Layout, tokens: number): FeedForward {
  const { job, linear, head, parameters } = ground;
  const experts = job.model.experts!;
  const { hidden, gated } = job.model;
  const { ep, etp, tp } = layout;
  const rows = ((tokens / tp) * ep * etp * experts.topK) / experts.count;
  const local = experts.count / ep;
  const own = experts.ffn / etp;
  const grouping = { ...linear, halfSide: parameters.expertHalfSide };
  // A grouped kernel may reach what as many plain products do, and never more.
  const seconds = (columns: number, depth: number): number =>
    Math.max(
      gemmSeconds(grouping, rows, columns, depth, local) / parameters.expertGemm,
      gemmSeconds(linear, rows, columns, depth, local),
    );
  const first = seconds((gated ? 2 : 1) * own, hidden);
  const last = seconds(hidden, own);
  const router = gemmSeconds(head, tokens / tp, experts.count, hidden);
  const shared =
    experts.shared === 0
      ? { first: 0, last: 0 }
      : feedForward(ground, layout, tokens, experts.shared * experts.ffn);
  return {
    first: first + router + shared.first,
    last: last + shared.last,
  };
}

/** Keys of one block of a fused kernel; of a TPU's (MaxText, benchmarks/: sa_block_kv). */
const attentionBlock = 128;
const splashBlock = 2048;

function attentionSeconds(
  ground: Ground,
  layout: Layout,
  tokens: number,
): { readonly forward: number; readonly backward: number } {
  const { job, parameters } = ground;
  const { model } = job;
  const windowed = windowedShare(model, job.sequence);
  const half = parameters.attentionHalfTokens;
  const all = (1 - windowed) * (job.sequence / 2) * (1 + half / (job.sequence / layout.cp));
  // A window is worked in blocks: one more than it has, and short ones are slow.
  const window = model.window ?? 0;
  const block = ground.chip.family === 'tpu' ? splashBlock : attentionBlock;
  const near = windowed === 0 ? 0 : windowed * (window + block / 2) * (1 + half / window);
  const width = model.latent === null ? model.headDim : model.latent.plainDim;
  // A head of 128 is what kernels are tuned for: the parameter says how a narrower one falls off.
  const slow = (1 + parameters.attentionHalfDim / width) / (1 + parameters.attentionHalfDim / 128);
  const heads = (model.heads * tokens) / layout.tp;
  const seen = heads * (all + near) * slow;
  const products = (seen * 2 * scoreDims(model)) / ground.attentionFlopsPerSecond;
  // An exponential a score, beside the products: what takes longer sets the pace, not quite alone.
  const softmax = seen * ground.exponentialSeconds;
  const scores = heads * job.sequence;
  const unfused = (parameters.scoreBytes * scores) / ground.streamBytesPerSecond;
  // Five products in place of two: fused kernels compute the weights again (arXiv 2205.14135).
  const back = (products * 2.5) / parameters.attentionBackward;
  return {
    forward: Math.hypot(products, softmax) + unfused,
    backward: Math.hypot(back, softmax) + (unfused * 2.5) / parameters.attentionBackward,
  };
}

/** Bytes read and written by all that is not a matrix product, fused as far as can be. */
function streamingSeconds(ground: Ground, layout: Layout, tokens: number, sparse: boolean): number {
  const { job, parameters, streamBytesPerSecond } = ground;
  const { model } = job;
  const { tp } = layout;
  const spread = layout.sp ? tp : 1;
  // Two norms and two residual sums: four reads and four writes of 2 bytes.
  const norms = (16 * model.hidden) / spread;
  const rotary = (4 * attentionWidth(model)) / tp;
  let bytes = parameters.elementwise * (norms + rotary);
  const gates = model.gated ? 6 : 4;
  let operands = (2 * model.hidden + attentionWidth(model)) / tp;
  if (sparse) {
    const experts = model.experts!;
    const copies = experts.topK / tp;
    bytes += parameters.permute * copies * 2 * model.hidden;
    const active = experts.topK + experts.shared;
    bytes += (parameters.elementwise * gates * experts.ffn * active) / tp;
    // Every pass reads or writes both halves of the gate, 2 bytes each.
    if (model.biasedExperts) bytes += (parameters.biasPasses * 4 * experts.ffn * active) / tp;
    operands += (active * (experts.ffn + model.hidden)) / tp;
  } else {
    bytes += (parameters.elementwise * gates * model.ffn) / tp;
    operands += model.ffn / tp;
  }
  if (ground.isNarrow) bytes += parameters.cast * operands * 3;
  return (bytes * tokens) / streamBytesPerSecond;
}

function attentionWidth(model: ModelShape): number {
  const { heads, kvHeads, headDim, latent } = model;
  if (latent === null) return (heads + 2 * kvHeads) * headDim;
  return heads * (2 * (latent.plainDim + latent.rotaryDim) + latent.valueDim);
}

/** Two all-gathers and two reduce-scatters a pass, or as many bytes as two all-reduces. */
function tensorSeconds(ground: Ground, layout: Layout, tokens: number): number {
  if (layout.tp === 1) return 0;
  const bytes = tokens * ground.job.model.hidden * 2;
  return 4 * gatherSeconds(bytes, { size: layout.tp, stride: 1 }, ground.links);
}

/** Keys and values go once around a ring of chips. */
function contextSeconds(ground: Ground, layout: Layout, tokens: number): number {
  if (layout.cp === 1) return 0;
  const { kvHeads, headDim, latent } = ground.job.model;
  const width = latent === null ? 2 * kvHeads * headDim : latent.keyValueRank + latent.rotaryDim;
  const bytes = (tokens * width * 2) / (latent === null ? Math.min(layout.tp, kvHeads) : 1);
  // The slowest hop of a ring that leaves the domain sets its pace.
  const span = layout.tp * layout.cp > ground.links.domain ? ground.links.domain : layout.tp;
  return (layout.cp - 1) * sendSeconds(bytes, span, ground.links);
}

/** Tokens to their experts and back. */
function expertExchange(ground: Ground, layout: Layout, tokens: number): number {
  const experts = ground.job.model.experts!;
  const own = (tokens / layout.tp) * ground.job.model.hidden * 2;
  const group = { size: layout.ep, stride: layout.etp };
  let seconds = 2 * exchangeSeconds(own * experts.topK, group, ground.exchangeLinks);
  if (layout.etp > 1) {
    seconds += 2 * gatherSeconds(own * layout.etp, { size: layout.etp, stride: 1 }, ground.links);
  }
  return seconds;
}
