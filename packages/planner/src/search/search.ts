// Finds the fastest layouts that fit: all of the space is looked at, and what a bound on memory or
// time rules out is counted and not computed. The bounds are never above the truth, so the best
// found is the best there is.

import { type Layout, microBatches } from '../layout.ts';
import type { Ground } from '../train/ground.ts';
import type { LayerSeconds } from '../train/layer.ts';
import { trainingMemory } from '../train/memory.ts';
import { layersOn, stepParts, sumOf } from '../train/step.ts';
import {
  type Cut,
  cutsOf,
  recomputes,
  type SpaceLimits,
  type Spread,
  shardings,
  spreadsOf,
  usualLimits,
} from './space.ts';

export interface FoundLayout {
  readonly layout: Layout;
  readonly seconds: number;
  readonly memoryBytes: number;
}

export interface SearchResult {
  /** The fastest that fit, fastest first. */
  readonly best: readonly FoundLayout[];
  /** The one that needs the least memory, when none fits: what is missing to it. */
  readonly smallest: FoundLayout | null;
  readonly considered: number;
  /** Of these: too large for memory, and too slow by a bound without being computed. */
  readonly tooLarge: number;
  readonly tooSlow: number;
}

export interface SearchOptions {
  readonly keep: number;
  readonly limits?: SpaceLimits;
  /** A share of the space: every `of`-th cut from `index`. */
  readonly share?: { readonly index: number; readonly of: number };
}

interface Tally {
  readonly best: FoundLayout[];
  smallest: FoundLayout | null;
  considered: number;
  tooLarge: number;
  tooSlow: number;
  readonly keep: number;
}

/** The fastest layouts of the ground's job on so many chips. */
export function searchLayouts(
  ground: Ground,
  chips: number,
  options: SearchOptions = { keep: 10 },
): SearchResult {
  const limits = options.limits ?? usualLimits;
  const share = options.share ?? { index: 0, of: 1 };
  const tally: Tally = {
    best: [],
    smallest: null,
    considered: 0,
    tooLarge: 0,
    tooSlow: 0,
    keep: options.keep,
  };
  const cuts = cutsOf(ground.job, chips, ground.links.domain, limits);
  cuts.forEach((cut, i) => {
    if (i % share.of !== share.index) return;
    const spreads = spreadsOf(ground.job, chips, cut, limits);
    if (spreads.length === 0) return;
    const layer = layersOn(ground, layoutOf(cut, spreads[0]!));
    for (const spread of spreads) lookAt(ground, cut, spread, layer, tally);
  });
  const { best, considered, tooLarge, tooSlow } = tally;
  return {
    best,
    smallest: best.length === 0 ? tally.smallest : null,
    considered,
    tooLarge,
    tooSlow,
  };
}

function layoutOf(cut: Cut, spread: Spread): Layout {
  return {
    ...cut,
    sp: cut.tp > 1,
    pp: spread.pp,
    vpp: 1,
    dp: spread.dp,
    sharding: 'zero1',
    shards: null,
    recompute: 'none',
    recomputedShare: 1,
  };
}

function lookAt(ground: Ground, cut: Cut, spread: Spread, layer: LayerSeconds, tally: Tally): void {
  const plain = layoutOf(cut, spread);
  // The work of the layers alone: no layout of this spread takes less.
  const batches = microBatches(plain, ground.job.globalBatch);
  const work = layer.forward.matrix + layer.forward.attention + layer.forward.streaming;
  const back = layer.backward.matrix + layer.backward.attention + layer.backward.streaming;
  const floor = (batches * ground.job.model.layers * (work + back)) / spread.pp;
  const count = spread.chunks.length;
  for (const sharding of shardings) {
    // Chunks only add to what is in flight: with one it is least.
    for (const recompute of recomputes) {
      if (recompute === 'offload' && ground.chip.family !== 'tpu') continue;
      tally.considered += count;
      const again = recompute === 'full' || recompute === 'offload' ? work : 0;
      const least = floor + (batches * ground.job.model.layers * again) / spread.pp;
      if (tally.best.length === tally.keep && least >= tally.best.at(-1)!.seconds) {
        tally.tooSlow += count;
        continue;
      }
      const layout: Layout = { ...plain, sharding, recompute };
      const memory = trainingMemory(ground, layout);
      if (!memory.fits) {
        tally.tooLarge += count;
        keepSmallest(tally, layout, memory.totalBytes);
        continue;
      }
      chunked(ground, layout, spread, layer, memory.totalBytes, tally);
    }
  }
}

/** The layouts that differ in their chunks alone. */
function chunked(
  ground: Ground,
  layout: Layout,
  spread: Spread,
  layer: LayerSeconds,
  oneChunkBytes: number,
  tally: Tally,
): void {
  for (const vpp of spread.chunks) {
    const candidate = vpp === 1 ? layout : { ...layout, vpp };
    const seconds = sumOf(stepParts(ground, candidate, layer));
    if (tally.best.length === tally.keep && seconds >= tally.best.at(-1)!.seconds) continue;
    const bytes = vpp === 1 ? oneChunkBytes : trainingMemory(ground, candidate).totalBytes;
    if (bytes > ground.hbmBytes) {
      tally.tooLarge++;
      continue;
    }
    keepBest(tally, { layout: candidate, seconds, memoryBytes: bytes });
  }
}

function keepBest(tally: Tally, found: FoundLayout): void {
  const { best } = tally;
  let at = best.length;
  while (at > 0 && best[at - 1]!.seconds > found.seconds) at--;
  best.splice(at, 0, found);
  if (best.length > tally.keep) best.pop();
}

function keepSmallest(tally: Tally, layout: Layout, memoryBytes: number): void {
  if (tally.smallest !== null && tally.smallest.memoryBytes <= memoryBytes) return;
  tally.smallest = { layout, seconds: Number.POSITIVE_INFINITY, memoryBytes };
}

/** The results of shares of a search as one. */
export function mergeResults(results: readonly SearchResult[], keep: number): SearchResult {
  const best = results
    .flatMap(result => result.best)
    .sort((a, b) => a.seconds - b.seconds)
    .slice(0, keep);
  const smallest = results
    .map(result => result.smallest)
    .filter(found => found !== null)
    .sort((a, b) => a.memoryBytes - b.memoryBytes)[0];
  const sum = (of: (result: SearchResult) => number) => results.reduce((n, r) => n + of(r), 0);
  return {
    best,
    smallest: best.length === 0 ? (smallest ?? null) : null,
    considered: sum(r => r.considered),
    tooLarge: sum(r => r.tooLarge),
    tooSlow: sum(r => r.tooSlow),
  };
}
