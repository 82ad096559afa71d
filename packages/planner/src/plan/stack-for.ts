// The stack that a plan assumes on a chip: which framework runs it, what software sees of a chip,
// and the fitted parameters that apply.

import { type Chip, rankOf } from '../chip.ts';
import type { Framework as LaunchFramework } from '../emit/launch/launch.ts';
import type { Precision } from '../layout.ts';
import { type Fitted, parametersFor } from '../train/fitted.ts';
import type { Framework } from '../train/stack.ts';
import type { StepParameters } from '../train/step-parameters.ts';

export interface PlannedStack {
  readonly framework: Framework;
  readonly launch: LaunchFramework | null;
  /** Ranks that a layout counts on one chip. */
  readonly ranks: number;
  /** One rank. */
  readonly chip: Chip;
  readonly parameters: StepParameters;
}

/**
 * Ranks on one chip: logical NeuronCores (two physical ones each on Trainium2 and 3, LNC=2), and
 * the devices that JAX sees on TPU v7.
 */
const ranksPerChip: Readonly<Record<string, number>> = {
  Trainium1: 2,
  Trainium2: 4,
  Trainium3: 4,
  Inferentia2: 2,
  'TPU-v7': 2,
};

/** What software sees of one chip. */
export function ranksOn(chipId: string): number {
  return ranksPerChip[chipId] ?? 1;
}

/** The stack on a chip on a day. */
export function stackFor(
  chip: Chip,
  precision: Precision,
  asOf: string,
  fitted: Fitted,
): PlannedStack {
  const ranks = ranksOn(chip.id);
  const [framework, launch] = frameworks(chip);
  const rank = rankOf(chip, ranks);
  const setting = { chip: rank, framework, date: asOf.slice(0, 7), format: precision };
  return { framework, launch, ranks, chip: rank, parameters: parametersFor(fitted, setting) };
}

function frameworks(chip: Chip): [Framework, LaunchFramework | null] {
  if (chip.family === 'tpu') return ['maxtext', 'maxtext'];
  if (chip.family === 'trainium') return ['neuron', 'nxd-training'];
  const isKnown = chip.family === 'nvidia' || chip.family === 'amd' || chip.family === 'gaudi';
  return ['megatron', isKnown ? 'megatron-lm' : null];
}
