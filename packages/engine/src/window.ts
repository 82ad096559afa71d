// A sum over the recent past, in buckets: plain data of fixed size, whatever the traffic. Reading
// changes nothing, so that two readers at the same time see the same state.

import type { Ms } from './engine.ts';

export interface Window {
  readonly bucketMs: number;
  /** Ring: bucket number n is at n modulo the length. */
  readonly counts: number[];
  /** Number of the newest bucket that was written. */
  head: number;
  total: number;
}

/** Covers between `spanMs` less one bucket and `spanMs`. */
export function createWindow(spanMs: number, buckets: number): Window {
  return { bucketMs: spanMs / buckets, counts: new Array(buckets).fill(0), head: 0, total: 0 };
}

/** Adds at `now`; a clock that went back adds to the newest bucket. Exact for safe integers. */
export function addTo(window: Window, now: Ms, amount: number): void {
  const bucket = Math.floor(now / window.bucketMs);
  if (bucket > window.head) advance(window, bucket);
  window.counts[slot(window, window.head)]! += amount;
  window.total += amount;
}

/** Forgets what the buckets held that are the newest ones now. */
function advance(window: Window, bucket: number): void {
  const { counts, head } = window;
  const steps = Math.min(bucket - head, counts.length);
  for (let i = 1; i <= steps; i++) {
    const at = slot(window, head + i);
    window.total -= counts[at]!;
    counts[at] = 0;
  }
  window.head = bucket;
}

/** The sum of what was added within the span before `now`. */
export function sumOf(window: Window, now: Ms): number {
  const { counts } = window;
  const passed = Math.floor(now / window.bucketMs) - window.head;
  if (passed <= 0) return window.total;
  if (passed >= counts.length) return 0;
  let sum = window.total;
  for (let i = 1; i <= passed; i++) sum -= counts[slot(window, window.head + i)]!;
  return sum;
}

export function clearWindow(window: Window): void {
  window.counts.fill(0);
  window.total = 0;
}

function slot(window: Window, bucket: number): number {
  const { length } = window.counts;
  const at = bucket % length;
  return at < 0 ? at + length : at;
}
