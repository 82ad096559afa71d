// Time of one training step, by part: micro-batches through a pipeline, what collectives leave
// exposed, gradients and weights over replicas, optimizer, and what grows with the number of chips.

import type { Chip } from '../chip.ts';
import { sendSeconds } from '../collective.ts';
import { gemmSeconds } from '../gemm.ts';
import { stragglerFactor } from '../goodput/straggler.ts';
import { chipsOf, type Layout, microBatches, shardsOf, type TrainingJob } from '../layout.ts';
import { trainingFlopsPerToken } from '../model-shape.ts';
import { type Ground, groundOf } from './ground.ts';
import { groupTokens, type LayerSeconds, layerSeconds, type PassSeconds } from './layer.ts';
import { heldParameters, type TrainingMemory, trainingMemory } from './memory.ts';
import { dataSeconds } from './replicas.ts';
import type { StepParameters } from './step-parameters.ts';

/** Where the time of a step goes, seconds on the slowest chip. They add up to the step. */
export interface StepParts {
  readonly matrix: number;
  readonly attention: number;
  readonly streaming: number;
  readonly recompute: number;
  readonly tensor: number;
  readonly context: number;
  readonly expert: number;
  readonly pipeline: number;
  readonly bubble: number;
  readonly data: number;
  readonly optimizer: number;
  readonly launch: number;
  readonly jitter: number;
}

export interface StepPrediction {
  readonly seconds: number;
  readonly parts: StepParts;
  readonly memory: TrainingMemory;
  readonly tokensPerSecond: number;
  /** Operations of the model (causal attention, no recomputation) over the chips' bf16 peak. */
  readonly mfu: number;
}

/** Predicts a step; or says without which figures of the chip it cannot. */
export function predictStep(
  job: TrainingJob,
  layout: Layout,
  chip: Chip,
  parameters: StepParameters,
): StepPrediction | { readonly missing: readonly string[] } {
  const ground = groundOf(job, chip, parameters);
  return 'missing' in ground ? ground : stepOn(ground, layout);
}

/** Predicts a step on ground that is known. */
export function stepOn(ground: Ground, layout: Layout): StepPrediction {
  const parts = stepParts(ground, layout, layersOn(ground, layout));
  const seconds = sumOf(parts);
  const { job, chip } = ground;
  const tokens = job.globalBatch * job.sequence;
  const work = tokens * trainingFlopsPerToken(job.model, job.sequence);
  return {
    seconds,
    parts,
    memory: trainingMemory(ground, layout),
    tokensPerSecond: tokens / seconds,
    mfu: work / (seconds * chipsOf(layout) * chip.bf16!),
  };
}

export function sumOf(parts: StepParts): number {
  return (
    parts.matrix +
    parts.attention +
    parts.streaming +
    parts.recompute +
    parts.tensor +
    parts.context +
    parts.expert +
    parts.pipeline +
    parts.bubble +
    parts.data +
    parts.optimizer +
    parts.launch +
    parts.jitter
  );
}

/** A layer of a model on average over its kinds: dense, and with experts. */
export function layersOn(ground: Ground, layout: Layout): LayerSeconds {
  const share = ground.expertLayers / ground.job.model.layers;
  if (share === 0) return layerSeconds(ground, layout, false);
  const sparse = layerSeconds(ground, layout, true);
  if (share === 1) return sparse;
  const dense = layerSeconds(ground, layout, false);
  return {
    forward: meanPass(dense.forward, sparse.forward, share),
    backward: meanPass(dense.backward, sparse.backward, share),
    lastProduct: dense.lastProduct * (1 - share) + sparse.lastProduct * share,
    projections: dense.projections * (1 - share) + sparse.projections * share,
  };
}

function meanPass(dense: PassSeconds, sparse: PassSeconds, share: number): PassSeconds {
  const mean = (part: keyof PassSeconds) => dense[part] * (1 - share) + sparse[part] * share;
  return {
    matrix: mean('matrix'),
    attention: mean('attention'),
    streaming: mean('streaming'),
    tensor: mean('tensor'),
    context: mean('context'),
    expert: mean('expert'),
  };
}

/** Layers of the fullest stage. An uneven model leaves room for embedding and head at its ends. */
function stageLayers(layers: number, layout: Layout): { most: number; last: number } {
  const chunks = layout.pp * layout.vpp;
  if (layers % chunks === 0) return { most: layers / layout.pp, last: layers / layout.pp };
  const most = Math.ceil((layers + 2) / chunks) * layout.vpp;
  if (layout.pp === 1) return { most: layers, last: layers };
  return { most: Math.min(most, layers), last: Math.max(0, most - 1) };
}

/** A layer's pass both ways, with what is exposed of its collectives. */
interface ExposedLayer {
  readonly matrix: number;
  readonly attention: number;
  readonly streaming: number;
  readonly recompute: number;
  readonly tensor: number;
  readonly context: number;
  readonly expert: number;
  readonly launch: number;
  readonly seconds: number;
}

function exposedLayer(ground: Ground, layout: Layout, layer: LayerSeconds): ExposedLayer {
  const { parameters } = ground;
  const { forward, backward } = layer;
  const { exposedContext, exposedExpert } = parameters;
  const exposedTensor = ground.job.precision === 'nvfp4' ? 1 : parameters.exposedTensor;
  const { compute, attention: scores, collectives, last } = repeatedShare(layout, parameters);
  const offloaded = layout.recompute === 'offload' && ground.job.model.experts === null;
  const unneeded =
    last * (1 - parameters.repeatedLast) * layer.lastProduct + (offloaded ? layer.projections : 0);
  const recompute =
    compute * (forward.matrix + forward.streaming) -
    unneeded +
    scores * forward.attention +
    collectives *
      (forward.tensor * exposedTensor +
        forward.context * exposedContext +
        forward.expert * exposedExpert);
  const matrix = forward.matrix + backward.matrix;
  const attention = forward.attention + backward.attention;
  const streaming = forward.streaming + backward.streaming;
  const tensor = (forward.tensor + backward.tensor) * exposedTensor;
  const context = (forward.context + backward.context) * exposedContext;
  const expert = (forward.expert + backward.expert) * exposedExpert;
  const launch = 2 * layerLaunchSeconds(ground, layout);
  const seconds = matrix + attention + streaming + recompute + tensor + context + expert + launch;
  return { matrix, attention, streaming, recompute, tensor, context, expert, launch, seconds };
}

/** Chips of a host where that is not known. */
const usualHostChips = 8;

/** The parts of a step whose layers' times are known. */
export function stepParts(ground: Ground, layout: Layout, layer: LayerSeconds): StepParts {
  const { chip, job, parameters } = ground;
  const batches = Math.max(1, microBatches(layout, job.globalBatch));
  const { most, last } = stageLayers(job.model.layers, layout);
  const head = headSeconds(ground, layout);
  const one = exposedLayer(ground, layout, layer);
  // The last stage has the head: it sets the pace when its layers and the head take longest.
  const late = Math.max(0, last * one.seconds + head - most * one.seconds);
  const times = batches * most;
  const stage = (job.model.layers * one.seconds + head) / layout.pp;
  const bubble = ((layout.pp - 1) / layout.vpp) * stage;
  const parts = {
    matrix: times * one.matrix + batches * Math.min(late, head),
    attention: times * one.attention,
    streaming: times * one.streaming,
    recompute: times * one.recompute,
    tensor: times * one.tensor,
    context: times * one.context,
    expert: times * one.expert,
    pipeline: batches * hopSeconds(ground, layout) * parameters.exposedPipeline,
    bubble,
    data: dataSeconds(ground, layout, batches, most * one.seconds),
    optimizer: optimizerSeconds(ground, layout) + parameters.stepSeconds,
    launch: times * one.launch,
    jitter: 0,
  };
  const hosts = chipsOf(layout) / (chip.chipsPerHost ?? usualHostChips);
  parts.jitter = sumOf(parts) * (stragglerFactor(hosts, parameters.jitter) - 1);
  return parts;
}

/** Launching the kernels of a layer, one pass, on average over the layers. */
function layerLaunchSeconds(ground: Ground, layout: Layout): number {
  const { job, parameters } = ground;
  const { experts, latent, layers } = job.model;
  const latentSeconds = latent === null ? 0 : parameters.latentLayerSeconds;
  const plain = parameters.layerSeconds + latentSeconds;
  if (experts === null) return plain;
  const local = experts.count / layout.ep;
  const sparse = parameters.expertLayerSeconds + local * parameters.expertSeconds;
  return plain + (ground.expertLayers / layers) * sparse;
}

/** What recomputation repeats of a forward pass. */
function repeatedShare(layout: Layout, parameters: StepParameters) {
  if (layout.recompute === 'offload') return { compute: 1, attention: 1, collectives: 1, last: 1 };
  if (layout.recompute === 'full') {
    const share = layout.recomputedShare;
    const rest = (1 - share) * parameters.selective;
    return { compute: share + rest, attention: share, collectives: share, last: share };
  }
  const compute = layout.recompute === 'selective' ? parameters.selective : 0;
  return { compute, attention: 0, collectives: 0, last: 0 };
}

/** Output head and loss of one micro-batch, forward and backward. */
function headSeconds(ground: Ground, layout: Layout): number {
  const { job, head, parameters } = ground;
  const tokens = groupTokens(job.sequence, layout);
  const own = job.model.vocab / layout.tp;
  const product = gemmSeconds(head, tokens, own, job.model.hidden);
  const passes = (parameters.logitPasses * 4 * tokens * own) / ground.streamBytesPerSecond;
  return product * (job.frozenBase ? 2 : 3) + passes;
}

/** Activations to the next stage and gradients back, for every chunk of a micro-batch. */
function hopSeconds(ground: Ground, layout: Layout): number {
  if (layout.pp === 1) return 0;
  const { job } = ground;
  const bytes =
    (groupTokens(job.sequence, layout) * job.model.hidden * 2) / (layout.sp ? layout.tp : 1);
  return 2 * layout.vpp * sendSeconds(bytes, chipsOf(layout) / layout.pp, ground.links);
}

/** Adam over one chip's share: moments and master copy read and written, gradient and weight. */
function optimizerSeconds(ground: Ground, layout: Layout): number {
  if (ground.job.frozenBase) return 0;
  const held = heldParameters(ground, layout);
  const over = layout.sharding === 'none' ? 1 : shardsOf(layout);
  const routedOver = layout.sharding === 'none' ? 1 : held.routedShards;
  const bytes = 30 * (held.dense / over + held.routed / routedOver);
  return bytes / ground.streamBytesPerSecond;
}
