// How times grow with load: a server that works on several requests at once gives each a step of
// all of them, which takes longer with each that is in it. So
//
//   log time = c + log(1 + k n) - log(1 + k u) + noise
//
// with n requests under way beside this one, and u as many as usual: c is of the usual load, so
// that it and k are known apart. Gauss and Newton's method on c and k. An upstream that is slow for
// other reasons has more under way too, as cause and not as effect. So k is believed only where it
// is three deviations above none, both with what was under way and with what had been asked of
// late, which slowness does not change.

import type { LoadModel } from '../upstream/model.ts';
import type { Load } from './in-flight.ts';
import { deviationOf } from './moments.ts';

/** The logarithm of one measured time, less what its tokens explain. */
export interface Residual extends Load {
  readonly atMs: number;
  readonly log: number;
}

export interface LoadFit {
  readonly load: LoadModel;
  /** The mean of the residuals at the usual load, and how much one differs from the next. */
  readonly shift: number;
  readonly sigma: number;
}

const rounds = 40;
const leastDeviations = 3;
/** Slow times come together: as many pieces of time count as one measurement each. */
const pieces = 30;
/** Fewer tell load from chance no more than they tell the rest. */
const leastMeasured = 200;
/** More, evenly taken, tell no more than this many do. */
const mostMeasured = 20_000;

/** null where the ledger shows no growth with load. */
export function fitLoad(measured: readonly Residual[]): LoadFit | null {
  if (measured.length < leastMeasured) return null;
  const every = Math.ceil(measured.length / mostMeasured);
  const all = measured.filter((_, i) => i % every === 0);
  const asked = slopeOf(all, one => one.arrivals);
  const found = slopeOf(all, one => one.inFlight);
  if (asked === null || found === null) return null;
  const { k, deviation, usual, shift, sigma } = found;
  return { load: { perRequest: { median: k, logSd: deviation / k }, usual }, shift, sigma };
}

interface Slope {
  readonly k: number;
  readonly deviation: number;
  readonly usual: number;
  readonly shift: number;
  readonly sigma: number;
}

function slopeOf(all: readonly Residual[], of: (load: Load) => number): Slope | null {
  const counts = all.map(of);
  const usual = meanOf(counts);
  const logs = all.map(one => one.log);
  let k = 1e-3;
  let shift = 0;
  let slopes: number[] = [];
  let left: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const growth = counts.map(n => Math.log1p(k * n) - Math.log1p(k * usual));
    shift = meanOf(logs.map((log, i) => log - growth[i]!));
    left = logs.map((log, i) => log - growth[i]! - shift);
    const raw = counts.map(n => n / (1 + k * n));
    const mean = meanOf(raw);
    slopes = raw.map(slope => slope - mean);
    const squares = sumOf(slopes.map(slope => slope ** 2));
    if (squares === 0) return null;
    const step = sumOf(slopes.map((slope, i) => slope * left[i]!)) / squares;
    k = Math.min(10, Math.max(1e-9, k + Math.max(-k / 2, step)));
  }
  const sigma = deviationOf(left);
  const deviation = deviationOfSlope(all, slopes, left, sigma);
  return k > leastDeviations * deviation ? { k, deviation, usual, shift, sigma } : null;
}

/** The larger of what independent noise leaves open, and noise that is alike within a while. */
function deviationOfSlope(
  all: readonly Residual[],
  slopes: readonly number[],
  left: readonly number[],
  sigma: number,
): number {
  const squares = sumOf(slopes.map(slope => slope ** 2));
  const times = all.map(one => one.atMs);
  const first = times.reduce((a, b) => Math.min(a, b));
  const spanMs = Math.max(1, times.reduce((a, b) => Math.max(a, b)) - first);
  const sums = new Float64Array(pieces + 1);
  times.forEach((atMs, i) => {
    sums[Math.floor(((atMs - first) / spanMs) * pieces)]! += slopes[i]! * left[i]!;
  });
  const together = Math.sqrt(sumOf([...sums].map(sum => sum ** 2))) / squares;
  return Math.max(sigma / Math.sqrt(squares), together);
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
