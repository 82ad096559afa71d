// Quantiles of durations in bounded memory: counts in buckets that grow by a constant factor. A
// quantile is off by 1 % at most.

/** Plain data: buckets that hold something, ascending, `[bucket, count]`. */
export interface Sketch {
  readonly count: number;
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

const growth = 1.01;
const perLog = 1 / Math.log(growth);
/** Bucket 0 holds what is shorter. */
const leastMs = 0.01;
const offset = Math.log(leastMs) * perLog;
/** Up to 10^9 ms, longer than any request may take. */
const size = Math.ceil(Math.log(1e9) * perLog - offset) + 1;

export class SketchBuilder {
  readonly #counts = new Float64Array(size);
  #count = 0;

  add(ms: number): void {
    const at = ms <= leastMs ? 0 : Math.ceil(Math.log(ms) * perLog - offset);
    this.#counts[at < size ? at : size - 1]! += 1;
    this.#count += 1;
  }

  get sketch(): Sketch {
    const buckets: [number, number][] = [];
    for (let i = 0; i < size; i++) if (this.#counts[i] !== 0) buckets.push([i, this.#counts[i]!]);
    return { count: this.#count, buckets };
  }
}

/** Below which the share `q` (0..1) lies, straight within a bucket, in ms; null for none. */
export function quantileOf({ count, buckets }: Sketch, q: number): number | null {
  let below = 0;
  for (const [bucket, here] of buckets) {
    if (below + here >= q * count) return msAt(bucket - 1 + (q * count - below) / here);
    below += here;
  }
  return null;
}

function msAt(bucket: number): number {
  return bucket <= 0 ? leastMs : Math.exp((bucket + offset) / perLog);
}
