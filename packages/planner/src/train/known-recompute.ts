// What is recomputed where nobody says: as little as fits, by whole layers in the end.

import type { Layout } from '../layout.ts';
import type { Ground } from './ground.ts';
import { trainingMemory } from './memory.ts';
import type { Framework } from './stack.ts';

/** Share of layers to recompute from which offloading costs less. */
const offloadedFrom = 0.75;

/** The layout with the least recomputation that fits; full where nothing does. */
export function leastRecompute(ground: Ground, layout: Layout, framework?: Framework): Layout {
  const none: Layout = { ...layout, recompute: 'none', recomputedShare: 1 };
  if (trainingMemory(ground, none).fits) return none;
  // Before selective recomputation (arXiv 2205.05198) a stack recomputed all or nothing.
  if (framework === 'megatron-unfused') return { ...none, recompute: 'full' };
  const selective: Layout = { ...none, recompute: 'selective' };
  if (trainingMemory(ground, selective).fits) return selective;
  const full: Layout = { ...none, recompute: 'full' };
  const kept = trainingMemory(ground, { ...full, recomputedShare: 0 });
  const least = trainingMemory(ground, full);
  // Memory is linear in the share of layers.
  const over = kept.totalBytes - kept.capacityBytes;
  const saved = kept.totalBytes - least.totalBytes;
  const share = saved > 0 ? Math.max(0, over / saved) : 1;
  // Stacks for TPUs keep layers' inputs, and of dense models queries, keys and values, in the
  // host's memory where the chip's is too small for a good part (MaxText, benchmarks/).
  const offloads = ground.chip.family === 'tpu';
  const most = offloads && ground.job.model.experts === null ? offloadedFrom : 1;
  if (saved > 0 && share <= most) return { ...full, recomputedShare: share * 1.001 };
  return offloads ? { ...full, recompute: 'offload' } : full;
}
