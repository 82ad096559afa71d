// How a training job is laid out over chips, and which layouts are possible at all.

import type { ModelShape } from './model-shape.ts';

/** Which states are spread over the replicas (ZeRO, arXiv 1910.02054); zero3 is FSDP. */
export type Sharding = 'none' | 'zero1' | 'zero2' | 'zero3';
/**
 * Activations that are computed again in the backward pass in place of kept; `offload`: all, and
 * the inputs of layers wait in the host's memory.
 */
export type Recompute = 'none' | 'selective' | 'full' | 'offload';

export interface Layout {
  /** Tensor parallel; with sequence parallelism of the parts between when `sp`. */
  readonly tp: number;
  readonly sp: boolean;
  /** Pipeline stages, and model chunks per stage (1: 1F1B; more: interleaved). */
  readonly pp: number;
  readonly vpp: number;
  readonly dp: number;
  /** Context parallel: a sequence over so many chips. */
  readonly cp: number;
  /** Experts over so many chips, taken out of dp x cp x tp; etp cuts each expert. */
  readonly ep: number;
  readonly etp: number;
  /** Sequences per pass of a replica. */
  readonly microBatch: number;
  readonly sharding: Sharding;
  /** Replicas that share one copy of what is sharded; null: all (dp x cp). */
  readonly shards: number | null;
  readonly recompute: Recompute;
  /** With full recomputation: the share of layers for which it is done, 1 for all. */
  readonly recomputedShare: number;
}

/** What is trained, apart from how it is laid out. */
export interface TrainingJob {
  readonly model: ModelShape;
  /** Tokens of a sequence. */
  readonly sequence: number;
  /** Sequences of a step. */
  readonly globalBatch: number;
  readonly precision: Precision;
  /** Low-rank adapters: the base is frozen, its weights have no gradients or optimizer states. */
  readonly frozenBase: boolean;
}

/** What the matrix products of linear layers are computed in. */
export type Precision = 'bf16' | 'int8' | 'fp8' | 'mxfp8' | 'nvfp4';

/** Chips that a layout takes. */
export function chipsOf(layout: Layout): number {
  return layout.tp * layout.pp * layout.dp * layout.cp;
}

/** Micro-batches of a pipeline in one step. May be a fraction where the layout is not valid. */
export function microBatches(layout: Layout, globalBatch: number): number {
  return globalBatch / (layout.dp * layout.microBatch);
}

/** Replicas that share one copy of what is sharded. */
export function shardsOf(layout: Layout): number {
  return layout.shards ?? layout.dp * layout.cp;
}

/**
 * Why a layout is not possible for a job, each reason with the nearest thing that would be; empty
 * when it is possible.
 */
export function layoutProblems(job: TrainingJob, layout: Layout): string[] {
  const problems: string[] = [];
  const { model } = job;
  const divides = (part: number, whole: number, name: string, of: string): void => {
    if (whole % part === 0) return;
    const near = nearestDivisor(whole, part);
    problems.push(`${name} ${part} does not divide ${whole} ${of}; ${near} does`);
  };
  divides(layout.tp, model.heads, 'tp', 'attention heads');
  if (layout.pp > model.layers) {
    problems.push(
      `pp ${layout.pp} is more than ${model.layers} layers; ${model.layers} is the most`,
    );
  }
  if (layout.vpp > 1) {
    if (layout.pp === 1) problems.push('vpp above 1 needs pp above 1');
    if (layout.pp * layout.vpp > model.layers) {
      problems.push(`pp x vpp ${layout.pp * layout.vpp} is more than ${model.layers} layers`);
    }
  }
  divides(layout.dp * layout.microBatch, job.globalBatch, 'dp x micro-batch', 'sequences a step');
  divides(2 * layout.cp, layout.cp === 1 ? 2 : job.sequence, '2 x cp', 'tokens of a sequence');
  if (model.experts === null) {
    if (layout.ep > 1) problems.push('ep above 1 needs a model with experts');
  } else {
    divides(layout.ep, model.experts.count, 'ep', 'experts');
    const group = layout.tp * layout.dp * layout.cp;
    divides(layout.ep * layout.etp, group, 'ep x etp', 'chips of a stage');
  }
  return problems;
}

function nearestDivisor(whole: number, wanted: number): number {
  for (let away = 0; away <= wanted; away++) {
    if (wanted - away >= 1 && whole % (wanted - away) === 0) return wanted - away;
    if (whole % (wanted + away) === 0) return wanted + away;
  }
  return 1;
}
