// One instance of a serving engine: a model on a group of chips, as all parts of the physics
// read it.

import type { Chip } from '../chip.ts';
import type { ServedShape } from '../served-shape.ts';
import type { LaunchSettings } from './launch.ts';
import type { Quantization, ServingPrecision } from './quantization.ts';

export type Engine = 'trtllm' | 'vllm' | 'sglang' | 'neuron' | 'tpu';

/** How an instance lies over its chips: tp x attentionDp x pp of them. */
export interface ServingLayout {
  /** Tensor parallel, of attention and dense parts. */
  readonly tp: number;
  /** Experts over so many chips, out of tp x attentionDp. 1: every expert is cut over all. */
  readonly ep: number;
  /** Replicas of attention, each with sequences of its own, around shared experts. */
  readonly attentionDp: number;
  readonly pp: number;
}

/** A draft proposes tokens, and one step of the model checks them all. */
export interface Speculation {
  /** Tokens that the draft proposes for each step. */
  readonly proposed: number;
  /** Chance that a proposed token is taken, given that those before it were. */
  readonly acceptance: number;
  /** The model that proposes, on the same chips. null: it costs nothing (n-grams). */
  readonly draft: ServingInstance | null;
}

export interface ServingInstance {
  readonly shape: ServedShape;
  readonly chip: Chip;
  readonly layout: ServingLayout;
  readonly precision: ServingPrecision;
  readonly quantization: Quantization;
  /** Bytes of one element of the cache of keys and values. */
  readonly cacheBytes: number;
  readonly engine: Engine;
  /** Years that the engine's release is older than the middle of the fitted ones. */
  readonly softwareAgeYears: number;
  readonly speculation: Speculation | null;
  readonly launch: LaunchSettings;
}

/** Whether a step has either prompts or sequences that decode: SGLang reads prompts first. */
export function readsPromptsApart({ engine }: ServingInstance): boolean {
  return engine === 'sglang';
}

/** Chips of one instance. */
export function instanceChips({ tp, attentionDp, pp }: ServingLayout): number {
  return tp * attentionDp * pp;
}

/** Why a layout is not possible, each with the nearest that is; empty when it is possible. */
export function servingLayoutProblems(shape: ServedShape, layout: ServingLayout): string[] {
  const problems: string[] = [];
  const { tp, ep, pp } = layout;
  if (shape.heads % tp !== 0) {
    let near = tp;
    while (shape.heads % near !== 0) near--;
    problems.push(`tp ${tp} does not divide ${shape.heads} attention heads; ${near} does`);
  }
  if (pp > shape.layers) problems.push(`pp ${pp} is more than ${shape.layers} layers`);
  if (ep > 1 && shape.experts === null) problems.push('ep above 1 needs a model with experts');
  if (ep > 1 && shape.experts !== null && shape.experts.count < ep) {
    problems.push(`ep ${ep} is more than ${shape.experts.count} experts`);
  }
  return problems;
}
