// What the physics says of a published run: its time and memory in the layout that was run, or in
// the best one that agrees with what is known of it.

import type { Chip } from '../chip.ts';
import type { Layout } from '../layout.ts';
import { completions, isComplete, withBatch } from './complete-layout.ts';
import { type Ground, groundOf } from './ground.ts';
import { leastRecompute } from './known-recompute.ts';
import { type PublishedRun, rankChip } from './published-run.ts';
import { type StepPrediction, stepOn } from './step.ts';
import type { StepParameters } from './step-parameters.ts';

export interface RunPrediction {
  readonly layout: Layout;
  /** The source left the layout open: this is the best that agrees with it. */
  readonly planned: boolean;
  readonly step: StepPrediction;
  /** Measured and predicted seconds of a step, or chip-seconds per token where no step is known. */
  readonly measured: number;
  readonly predicted: number;
}

/** Chip of a run: a rank of it, in its slice where the links end there. */
export function chipOfRun(run: PublishedRun, chip: Chip): Chip {
  const rank = rankChip(run, chip);
  const { shards, tp } = run.given;
  if (chip.family !== 'tpu' || shards === null) return rank;
  return { ...rank, scaleUpChips: Math.min(rank.scaleUpChips, shards * (tp ?? 1)) };
}

/** Layouts that a run may have had; one when its source says it whole. */
export function layoutsOfRun(run: PublishedRun): Layout[] {
  const job = withBatch(run.job);
  const all = completions(job, run.given, run.chips * run.ranks, run.framework);
  if (all.length > 0 || !isComplete(run.given)) return all;
  // What was run is possible, whatever the rules of valid layouts say.
  return [possible(run)];
}

/** Fewer sequences than replicas: the sequences were over more chips than is printed. */
function possible(run: PublishedRun): Layout {
  const { given, job } = run;
  const open: Layout = {
    ...(given as Layout),
    recompute: given.recompute ?? 'none',
    recomputedShare: given.recomputedShare ?? 1,
    ep: given.ep ?? 1,
    etp: given.etp ?? 1,
  };
  const spare = (open.dp * open.microBatch) / job.globalBatch;
  if (job.globalBatch === 0 || spare <= 1 || !Number.isInteger(open.dp / spare)) return open;
  return { ...open, cp: open.cp * spare, dp: open.dp / spare };
}

/** Predicts a run over the layouts that it may have had. */
export function predictRun(
  run: PublishedRun,
  chip: Chip,
  parameters: StepParameters,
  layouts: readonly Layout[],
): RunPrediction | { readonly reason: string } {
  const ground = groundOf(withBatch(run.job), chip, parameters);
  if ('missing' in ground) return { reason: `not known of the chip: ${ground.missing.join(', ')}` };
  let best: Laid | null = null;
  for (const open of layouts) {
    const found = layOut(run, ground, open);
    if (best === null || isBetter(found.step, best.step)) best = found;
  }
  if (best === null) return { reason: 'no layout agrees with what is published of it' };
  return { ...best, planned: !isComplete(run.given), ...compared(run, ground, best.step) };
}

interface Laid {
  readonly layout: Layout;
  readonly step: StepPrediction;
}

function layOut(run: PublishedRun, ground: Ground, open: Layout): Laid {
  const { given, framework } = run;
  const layout = given.recompute === null ? leastRecompute(ground, open, framework) : open;
  return { layout, step: stepOn(ground, layout) };
}

/** Of many layouts that a run may have had, the best few: what a fit need look at. */
export function bestLayouts(
  run: PublishedRun,
  chip: Chip,
  parameters: StepParameters,
  layouts: readonly Layout[],
  keep: number,
): readonly Layout[] {
  const ground = groundOf(withBatch(run.job), chip, parameters);
  if (layouts.length <= keep || 'missing' in ground) return layouts;
  return layouts
    .map(open => ({ open, ...layOut(run, ground, open) }))
    .sort((a, b) => (isBetter(a.step, b.step) ? -1 : 1))
    .slice(0, keep)
    .map(({ open }) => open);
}

function isBetter(a: StepPrediction, b: StepPrediction): boolean {
  if (a.memory.fits !== b.memory.fits) return a.memory.fits;
  return a.memory.fits ? a.seconds < b.seconds : a.memory.totalBytes < b.memory.totalBytes;
}

function compared(run: PublishedRun, ground: Ground, step: StepPrediction) {
  if (run.secondsMeasured !== null && run.job.globalBatch > 0) {
    return { measured: run.secondsMeasured, predicted: step.seconds };
  }
  const tokens = ground.job.globalBatch * ground.job.sequence;
  const predicted = (step.seconds * run.chips) / tokens;
  return { measured: 1 / run.tokensPerSecondPerChip!, predicted };
}
