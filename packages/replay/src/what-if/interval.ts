// The interval in which a figure lies with 90 % certainty, from what it was with each seed. The
// seeds draw luck and all parameters that are not known, so the truth is taken to be one more draw.
// Then the least and the largest of n draws have it between them with (n - 1) / (n + 1), which is
// 90 % for 19; with fewer, Student's t for one more draw.

export type Interval = readonly [least: number, most: number];

const outside = 0.05;
const enough = 19;

/** Student's t, 95 %, by degrees of freedom from 1 (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const t95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761,
  1.753, 1.746, 1.74,
];

/** null with less than two seeds: one draw tells nothing of the others. */
export function intervalOf(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const sorted = values.toSorted((a, b) => a - b);
  if (n >= enough) return [between(sorted, outside), between(sorted, 1 - outside)];
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t95[n - 2]! * Math.sqrt(variance * (1 + 1 / n));
  return [mean - half, mean + half];
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value at rank q (n + 1), straight between two. */
function between(sorted: readonly number[], q: number): number {
  const rank = q * (sorted.length + 1) - 1;
  const low = Math.max(0, Math.min(sorted.length - 1, Math.floor(rank + 1e-9)));
  const high = Math.min(sorted.length - 1, low + 1);
  const part = Math.max(0, Math.min(1, rank - low));
  return sorted[low]! + part * (sorted[high]! - sorted[low]!);
}
