// What is recomputed where nobody says: as little as fits, by whole layers in the end.

import type { Layout } from '../layout.ts';
import type { Ground } from './ground.ts';
import { trainingMemory } from './memory.ts';

/** The layout with the least recomputation that fits; full where nothing does. */
export function leastRecompute(ground: Ground, layout: Layout): Layout {
  const none: Layout = { ...layout, recompute: 'none', recomputedShare: 1 };
  if (trainingMemory(ground, none).fits) return none;
  const selective: Layout = { ...none, recompute: 'selective' };
  if (trainingMemory(ground, selective).fits) return selective;
  const full: Layout = { ...none, recompute: 'full' };
  const kept = trainingMemory(ground, { ...full, recomputedShare: 0 });
  const least = trainingMemory(ground, full);
  // Memory is linear in the share of layers.
  const over = kept.totalBytes - kept.capacityBytes;
  const saved = kept.totalBytes - least.totalBytes;
  if (saved > over) return { ...full, recomputedShare: Math.max(0, over / saved) * 1.001 };
  // Stacks for TPUs keep layers' inputs in the host's memory where the chip's is too small.
  return ground.chip.family === 'tpu' ? { ...full, recompute: 'offload' } : full;
}
