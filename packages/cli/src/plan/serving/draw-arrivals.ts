// Arrivals where there is no trace: independent ones at a mean rate, with lengths that vary as they
// do in published traces (log-normal, about their means). The same seed draws the same.

import type { Arrivals } from '@entrepot/planner/serve/arrivals';
import { seededRandom } from '@entrepot/traffic/seeded-random';

export interface DrawnTraffic {
  readonly requestsPerSecond: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Spread of the logarithm of lengths: within what the Azure traces of 2023 and 2024 have. */
const lengthSigma = 0.6;
/** Simulated: enough for a 99th percentile, short enough to wait for. */
const leastRequests = 4000;
const leastSeconds = 600;

/** Ten minutes of Poisson arrivals: at least 4,000, at most 20,000 requests. */
export function drawArrivals(traffic: DrawnTraffic, seed: number): Arrivals {
  const count = Math.min(
    20_000,
    Math.max(leastRequests, Math.ceil(traffic.requestsPerSecond * leastSeconds)),
  );
  const random = seededRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const length = (mean: number): number =>
    Math.max(1, Math.round(mean * Math.exp(lengthSigma * normal() - lengthSigma ** 2 / 2)));
  const atMs = new Float64Array(count);
  const inputTokens = new Uint32Array(count);
  const outputTokens = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    at += (-Math.log(1 - random()) / traffic.requestsPerSecond) * 1000;
    atMs[i] = at;
    inputTokens[i] = length(traffic.inputTokens);
    outputTokens[i] = length(traffic.outputTokens);
  }
  return { count, atMs, inputTokens, outputTokens };
}
