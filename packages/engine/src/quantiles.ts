// Quantiles of recent durations in constant memory: counts in buckets that grow by a constant
// factor, halved whenever a number of samples has been taken in, so that the old fade out. Plain
// data. The error of a quantile is at most one bucket, 9 %, and less with interpolation.

export interface Quantiles {
  /** Bucket i holds durations from 2^(i/8) ms up to the next. */
  readonly counts: number[];
  /** Those before it are empty. */
  least: number;
  total: number;
  /** Samples ever taken in. */
  samples: number;
}

const perDoubling = 8;
/** From 1 ms to 2^21 ms (35 minutes), longer than any request may take. */
const buckets = perDoubling * 21;
/** Old counts are halved at this many: a memory of 100 to 200 samples. */
const memory = 200;

export function createQuantiles(): Quantiles {
  return { counts: new Array(buckets).fill(0), least: buckets, total: 0, samples: 0 };
}

export function addSample(quantiles: Quantiles, ms: number): void {
  const { counts } = quantiles;
  if (quantiles.total >= memory) {
    for (let i = quantiles.least; i < counts.length; i++) counts[i]! /= 2;
    quantiles.total /= 2;
  }
  const at = Math.min(Math.floor(Math.log2(Math.max(1, ms)) * perDoubling), buckets - 1);
  counts[at]! += 1;
  if (at < quantiles.least) quantiles.least = at;
  quantiles.total += 1;
  quantiles.samples += 1;
}

/** The duration in ms below which the share `q` (0..1) of recent samples lies; null for none. */
export function quantile(quantiles: Quantiles, q: number): number | null {
  const { counts, total } = quantiles;
  if (total === 0) return null;
  const wanted = q * total;
  let below = 0;
  for (let i = quantiles.least; i < buckets; i++) {
    const upTo = below + counts[i]!;
    if (upTo >= wanted) return 2 ** ((i + (wanted - below) / counts[i]!) / perDoubling);
    below = upTo;
  }
  // Halving leaves the sum of the counts a hair below the total.
  return 2 ** ((counts.findLastIndex(count => count > 0) + 1) / perDoubling);
}
