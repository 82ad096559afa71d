// Arrivals where there is no trace: independent ones at a mean rate, with lengths that vary as they
// do in published traces (log-normal, about their means). The same seed draws the same.

import { seededRandom } from '@entrepot/traffic/seeded-random';
import { leastSeconds, mostRequests, type TrafficPart } from './traffic-part.ts';

export interface DrawnTraffic {
  readonly requestsPerSecond: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Spread of the logarithm of lengths: within what the Azure traces of 2023 and 2024 have. */
const lengthSigma = 0.6;
/** Enough for a 99th percentile, short enough to wait for. */
const leastRequests = 4000;
const usualSeconds = 600;

/** Ten minutes of Poisson arrivals; of high rates a part, for five minutes or more. */
export function drawArrivals(traffic: DrawnTraffic, seed: number): TrafficPart {
  const parts = Math.ceil((traffic.requestsPerSecond * leastSeconds) / mostRequests);
  const rate = traffic.requestsPerSecond / parts;
  const count = Math.min(mostRequests, Math.max(leastRequests, Math.ceil(rate * usualSeconds)));
  const random = seededRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const length = (): number => Math.exp(lengthSigma * normal());
  const atMs = new Float64Array(count);
  const input = new Float64Array(count);
  const output = new Float64Array(count);
  for (let i = 1; i < count; i++) atMs[i] = atMs[i - 1]! - Math.log(1 - random());
  for (let i = 0; i < count; i++) {
    input[i] = length();
    output[i] = length();
  }
  // What was drawn has the means that were asked for, not those of its own chance.
  const toMs = ((count - 1) * 1000) / rate / atMs[count - 1]!;
  const arrivals = {
    count,
    atMs: atMs.map(at => at * toMs),
    inputTokens: wholeWithMean(input, traffic.inputTokens),
    outputTokens: wholeWithMean(output, traffic.outputTokens),
  };
  return { arrivals, parts };
}

/** Whole numbers from 1 up in these proportions, with this mean but for rounding. */
function wholeWithMean(drawn: Float64Array, mean: number): Uint32Array {
  const factor = (mean * drawn.length) / drawn.reduce((a, b) => a + b, 0);
  return Uint32Array.from(drawn, value => Math.max(1, Math.round(value * factor)));
}
