// The fastest layout of a job on so many ranks of a chip that fits in memory and that the stack can
// run; over the whole space, or over what the user's degrees leave open.

import type { Layout, Sharding } from '../layout.ts';
import { searchLayouts } from '../search/search.ts';
import { completions } from '../train/complete-layout.ts';
import type { Ground } from '../train/ground.ts';
import { leastRecompute } from '../train/known-recompute.ts';
import type { GivenLayout } from '../train/published-run.ts';
import type { Framework } from '../train/stack.ts';
import { type StepPrediction, stepOn } from '../train/step.ts';
import { openLayout } from './training-request.ts';

export interface BestLayout {
  readonly layout: Layout;
  readonly step: StepPrediction;
}

/** Shardings that a stack has: the others replicate, or shard all. */
const shardingsOf: Readonly<Partial<Record<Framework, readonly Sharding[]>>> = {
  neuron: ['none', 'zero1'],
  maxtext: ['zero3'],
};

/** So many of the fastest are kept, to find one that the stack can run among them. */
const kept = 64;

/** The best layout; or, where none fits, the one that lacks least memory; null: none is valid. */
export function bestLayout(
  ground: Ground,
  given: Partial<GivenLayout>,
  ranks: number,
  framework: Framework,
): BestLayout | null {
  const able = shardingsOf[framework];
  if (Object.keys(given).length === 0) {
    const { best, smallest } = searchLayouts(ground, ranks, {
      keep: able === undefined ? 1 : kept,
    });
    const found = best.find(({ layout }) => able?.includes(layout.sharding) ?? true);
    if (found !== undefined) return on(ground, found.layout);
    if (best.length === 0) return smallest === null ? null : on(ground, smallest.layout);
  }
  const sharding = able?.at(-1) ?? 'zero1';
  return bestOf(ground, { ...openLayout, sharding, ...given }, ranks);
}

function on(ground: Ground, layout: Layout): BestLayout {
  return { layout, step: stepOn(ground, layout) };
}

function bestOf(ground: Ground, given: GivenLayout, ranks: number): BestLayout | null {
  let best: BestLayout | null = null;
  for (const vpp of given.vpp === null ? [1, 2, 4] : [given.vpp]) {
    for (const open of completions(ground.job, { ...given, vpp }, ranks, 'megatron')) {
      const layout = given.recompute === null ? leastRecompute(ground, open) : open;
      const found = on(ground, layout);
      if (best === null || isBetter(found.step, best.step)) best = found;
    }
  }
  return best;
}

function isBetter(a: StepPrediction, b: StepPrediction): boolean {
  if (a.memory.fits !== b.memory.fits) return a.memory.fits;
  return a.memory.fits ? a.seconds < b.seconds : a.memory.totalBytes < b.memory.totalBytes;
}
