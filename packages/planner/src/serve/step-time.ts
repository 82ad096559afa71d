// Time of one step of a serving engine: so many sequences that decode, so many prompt tokens read
// beside them. Each part is a roofline of its own; the file shows them in the order of a layer.

import type { Chip } from '../chip.ts';
import type { Links } from '../collective.ts';
import { layerKinds } from '../served-shape.ts';
import type { ServingInstance } from './instance.ts';
import { cacheElements, kvBytesPerToken, stateBytes } from './memory.ts';
import { exchangeSeconds, linksOf } from './network.ts';
import { hostSeconds, launchSeconds, layerSeconds } from './overheads.ts';
import { type ServingParameters, siliconOf } from './parameters.ts';
import { roundOf } from './pipeline.ts';
import type { StoredPart } from './quantization.ts';
import { overlapped } from './roofline.ts';
import { weightCounts } from './weight-counts.ts';

/** The work of one attention replica in a step. */
export interface StepWork {
  /** Sequences that each get one token. */
  readonly sequences: number;
  /** Tokens that each of them has already, on average. */
  readonly context: number;
  readonly promptTokens: number;
  /** Tokens that a prompt token attends to, on average. */
  readonly promptContext: number;
}

/**
 * Seconds by part, of one micro-batch through all layers. `total` is less than the sum where the
 * host's work runs beside the chips', and that of all micro-batches where there are stages.
 */
export interface StepTime {
  readonly linear: number;
  readonly experts: number;
  readonly activations: number;
  readonly decodeAttention: number;
  readonly promptAttention: number;
  readonly collectives: number;
  readonly head: number;
  readonly layers: number;
  /** What stages wait for each other, and send. */
  readonly pipeline: number;
  readonly host: number;
  readonly total: number;
}

/** What all parts need: speeds of one chip after what software reaches of them. */
interface Speeds {
  readonly bytesPerSecond: number;
  readonly links: Links;
  readonly cacheReadShare: number;
  readonly matrixShare: number;
  readonly collectiveSeconds: number;
}

/** What a TPU, a GPU without a link between chips talks over: PCIe 5 x16, one way. */
const pcieBytesPerSecond = 64e9;

/** Seconds of a step. The chip's peak and bandwidth must be known. */
export function stepTime(
  instance: ServingInstance,
  work: StepWork,
  parameters: ServingParameters,
): StepTime {
  const { chip } = instance;
  const silicon = parameters.silicon[siliconOf(chip.id)];
  const engine = parameters.engines[instance.engine]!;
  const link = (chip.scaleUpBytesPerSecond ?? pcieBytesPerSecond) * silicon.linkShare;
  const speeds: Speeds = {
    bytesPerSecond: (chip.hbmBytesPerSecond ?? 0) * silicon.memoryShare,
    links: linksOf(chip, link, parameters.shared.exchangeUs * 1e-6),
    cacheReadShare: silicon.cacheReadShare,
    matrixShare: silicon.matrixShare * sustainedShare(chip),
    collectiveSeconds: silicon.collectiveUs * engine.collectiveFactor * 1e-6,
  };
  const args = [instance, work, parameters, speeds] as const;
  const linear = linearSeconds(...args);
  const experts = expertSeconds(...args);
  const activations = activationSeconds(...args);
  const decodeAttention = decodeAttentionSeconds(...args);
  const promptAttention = promptAttentionSeconds(...args);
  const collectives = collectiveSeconds(...args);
  const head = headSeconds(...args);
  const layers = layerSeconds(instance, parameters);
  const launches =
    work.promptTokens > 0 ? launchSeconds(instance, parameters) * parameters.shared.launchShare : 0;
  const host = hostSeconds(instance, work, parameters) + launches;
  const chips =
    linear + experts + activations + decodeAttention + promptAttention + collectives + layers;
  const round = roundOf(
    instance,
    { layers: chips, head, host },
    work.sequences + work.promptTokens,
    speeds.links,
    parameters.shared.hostSharpness,
  );
  return {
    linear,
    experts,
    activations,
    decodeAttention,
    promptAttention,
    collectives,
    head,
    layers,
    host,
    ...round,
  };
}

/** What chips sustain of their peak where no product was measured: most do 0.73 to 0.80. */
const usualSustained = 0.75;

/** The best matrix product measured, of the peak: chips of one kind differ by their power. */
function sustainedShare({ gemmBf16, bf16 }: Chip): number {
  return gemmBf16 === null || bf16 === null ? usualSustained : gemmBf16 / bf16;
}

type Part = readonly [ServingInstance, StepWork, ServingParameters, Speeds];

function kernelShare(part: StoredPart, { shared }: ServingParameters): number {
  if (part.kernels === 'wide') return 1;
  return part.kernels === 'eight-bit' ? shared.eightBitShare : shared.fourBitShare;
}

/** Projections and dense feed-forward parts: weights read once, products with every token. */
function linearSeconds(...[instance, work, parameters, speeds]: Part): number {
  const { shape, layout, quantization } = instance;
  const { shared } = parameters;
  const counts = weightCounts(shape);
  const tokens = work.sequences + work.promptTokens;
  let compute = 0;
  let bytes = 0;
  const add = (weights: number, part: StoredPart): void => {
    const speed = part.peak * speeds.matrixShare * kernelShare(part, parameters);
    compute += (2 * tokens * weights) / layout.tp / speed;
    const reads = part.kernels === 'four-bit' ? shared.fourBitReads : 1;
    bytes += (weights * part.bytes * reads) / layout.tp;
  };
  add(counts.attention, quantization.attention);
  add(counts.feedForward, quantization.feedForward);
  return overlapped(compute, bytes / speeds.bytesPerSecond, shared.roofSharpness);
}

/** Routed experts: those that any token of the step chose are read, and filled up to tiles. */
function expertSeconds(...[instance, work, parameters, speeds]: Part): number {
  const { shape, layout, quantization } = instance;
  const { shared } = parameters;
  const { expert, expertLayers } = weightCounts(shape);
  if (shape.experts === null) return 0;
  const { count, topK } = shape.experts;
  const chips = layout.tp * layout.attentionDp;
  const ep = Math.min(layout.ep, chips);
  const cut = chips / ep;
  const tokens = (work.sequences + work.promptTokens) * layout.attentionDp;
  const touched =
    (count / ep) * (1 - (1 - topK / count) ** (1 + (tokens - 1) * shared.routingSpread));
  const imbalance = 1 + shared.expertImbalance * (1 - 1 / ep);
  const rows = (tokens * topK) / ep + touched * shared.expertTileRows;
  const part = quantization.experts;
  const speed = part.peak * speeds.matrixShare * kernelShare(part, parameters);
  const width = (shape.experts.ffn / cut / 2048) ** shared.expertWidthPower;
  const narrow = part.kernels === 'four-bit' ? shared.fourBitExpertSpeed : 1;
  const reached = Math.min(1, shared.expertMatrixShare * width * narrow);
  const compute = (2 * rows * expert) / cut / (speed * reached);
  const reads = part.kernels === 'four-bit' ? shared.fourBitExpertReads : 1;
  const bytes = ((touched * expert) / cut) * part.bytes * reads;
  const memory = bytes / (speeds.bytesPerSecond * shared.expertMemoryShare);
  return expertLayers * imbalance * overlapped(compute, memory, shared.roofSharpness);
}

/**
 * Norms, residuals, rotations, gates: bound by memory, in part whole on every chip of a tensor
 * group. Tokens are copied to each of their experts, on every chip that has a part of them.
 */
function activationSeconds(...[{ shape, layout }, work, parameters, speeds]: Part): number {
  const { activationPasses, splitActivationPasses, sortPasses } = parameters.shared;
  const tokens = work.sequences + work.promptTokens;
  const passes = activationPasses + splitActivationPasses / layout.tp;
  let elements = shape.layers * tokens * passes;
  if (shape.experts !== null) {
    const chips = layout.tp * layout.attentionDp;
    const copies = (shape.experts.topK * layout.attentionDp) / Math.min(layout.ep, chips);
    elements += weightCounts(shape).expertLayers * tokens * copies * sortPasses;
  }
  return (elements * shape.hidden * 2) / speeds.bytesPerSecond;
}

/** Reads the cache of every sequence; latent attention computes much for what it reads. */
function decodeAttentionSeconds(...[instance, work, parameters, speeds]: Part): number {
  const { sequences, context } = work;
  if (sequences === 0) return 0;
  const { shape, layout, chip } = instance;
  const { shared } = parameters;
  const kinds = layerKinds(shape);
  const attended = shape.sparse === null ? context : Math.min(context, shape.sparse.topK);
  const windowed = shape.window === null ? 0 : Math.min(context, shape.window);
  const skipped = (context - attended) * kinds.full * cacheElements(shape) * instance.cacheBytes;
  const cached = kvBytesPerToken(shape, layout.tp, instance.cacheBytes, context) * context;
  const bytes = sequences * (cached - skipped + 2 * stateBytes(instance));
  const { latent } = shape;
  const wide = latent === null ? 2 * shape.headDim : 2 * latent.keyValueRank + latent.rotaryDim;
  const reach = kinds.full * attended + kinds.windowed * windowed;
  let flops = 2 * sequences * (shape.heads / layout.tp) * wide * reach;
  flops += indexFlops(instance, sequences, context);
  const speed = (chip.bf16 ?? 0) * speeds.matrixShare * shared.decodeAttentionShare;
  const read = bytes / (speeds.bytesPerSecond * speeds.cacheReadShare);
  return overlapped(flops / speed, read, shared.roofSharpness);
}

/** Attention of prompt tokens over those before them, in bf16. */
function promptAttentionSeconds(...[instance, work, parameters, speeds]: Part): number {
  const { promptTokens, promptContext } = work;
  if (promptTokens === 0) return 0;
  const { shape, layout, chip } = instance;
  const kinds = layerKinds(shape);
  const { latent } = shape;
  const wide =
    latent === null ? 2 * shape.headDim : latent.plainDim + latent.rotaryDim + latent.valueDim;
  const attended =
    shape.sparse === null ? promptContext : Math.min(promptContext, shape.sparse.topK);
  const windowed = shape.window === null ? 0 : Math.min(promptContext, shape.window);
  const reach = kinds.full * attended + kinds.windowed * windowed;
  let flops = 2 * promptTokens * (shape.heads / layout.tp) * wide * reach;
  flops += indexFlops(instance, promptTokens, promptContext);
  return flops / ((chip.bf16 ?? 0) * speeds.matrixShare * parameters.shared.promptAttentionShare);
}

/** Scores of the index that chooses tokens, over the whole context. */
function indexFlops({ shape }: ServingInstance, tokens: number, context: number): number {
  if (shape.sparse === null) return 0;
  const { indexHeads, indexDim } = shape.sparse;
  return 2 * tokens * indexHeads * indexDim * context * layerKinds(shape).full;
}

/** Two all-reduces a layer; with attention replicas an exchange before and after the experts. */
function collectiveSeconds(...[instance, work, parameters, speeds]: Part): number {
  const { shape, layout } = instance;
  const { shared } = parameters;
  const { tp, attentionDp } = layout;
  const tokens = work.sequences + work.promptTokens;
  let seconds = 0;
  if (tp > 1) {
    const latency = speeds.collectiveSeconds * (1 + shared.collectiveGrowth * Math.log2(tp / 2));
    const bytes = ((2 * (tp - 1)) / tp) * tokens * shape.hidden * 2;
    seconds += 2 * shape.layers * (latency + bytes / speeds.links.scaleUpBytesPerSecond);
  }
  if (shape.experts !== null && attentionDp > 1) {
    const chips = tp * attentionDp;
    const copies = Math.min(shape.experts.topK, chips);
    const sent = { tokens, hidden: shape.hidden, copies, chips, tensor: tp };
    const each = exchangeSeconds(sent, instance.chip, speeds.links);
    seconds += 2 * weightCounts(shape).expertLayers * each;
  }
  return seconds;
}

/** The output head, in 16 bits, for the sequences that get a token. */
function headSeconds(...[{ shape, layout, chip }, work, parameters, speeds]: Part): number {
  const { head } = weightCounts(shape);
  const compute = (2 * work.sequences * head) / layout.tp / ((chip.bf16 ?? 0) * speeds.matrixShare);
  const memory = (head * 2) / layout.tp / speeds.bytesPerSecond;
  return overlapped(compute, memory, parameters.shared.roofSharpness);
}
