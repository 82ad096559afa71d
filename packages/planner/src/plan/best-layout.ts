// The fastest layout of a job on so many ranks of a chip that fits in memory.

import type { Layout, TrainingJob } from '../layout.ts';
import { completions } from '../train/complete-layout.ts';
import type { Ground } from '../train/ground.ts';
import { leastRecompute } from '../train/known-recompute.ts';
import type { GivenLayout } from '../train/published-run.ts';
import { type StepPrediction, stepOn } from '../train/step.ts';

export interface FoundLayout {
  readonly layout: Layout;
  readonly step: StepPrediction;
}

/** The best layout; or, where none fits, the one that lacks least memory; null: none is valid. */
export function bestLayout(
  ground: Ground,
  job: TrainingJob,
  given: GivenLayout,
  ranks: number,
): FoundLayout | null {
  let best: FoundLayout | null = null;
  for (const vpp of given.vpp === null ? [1, 2, 4] : [given.vpp]) {
    for (const open of completions(job, { ...given, vpp }, ranks, 'megatron')) {
      const layout = given.recompute === null ? leastRecompute(ground, open) : open;
      const found = { layout, step: stepOn(ground, layout) };
      if (best === null || isBetter(found.step, best.step)) best = found;
    }
  }
  return best;
}

function isBetter(a: StepPrediction, b: StepPrediction): boolean {
  if (a.memory.fits !== b.memory.fits) return a.memory.fits;
  return a.memory.fits ? a.seconds < b.seconds : a.memory.totalBytes < b.memory.totalBytes;
}
