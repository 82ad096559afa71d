// As much of the traffic as is simulated. What comes in seconds says nothing of a queue in which
// requests stay as long: traffic of a high rate is simulated for minutes too, but only one request
// in so many, drawn by chance, on as much smaller a part of the instances.

import { type Arrivals, busiest } from '@entrepot/planner/serve/arrivals';
import type { ServingPlan } from '@entrepot/planner/serve/plan-serving';
import { seededRandom } from '@entrepot/traffic/seeded-random';

export interface TrafficPart {
  readonly arrivals: Arrivals;
  /** The traffic is so many times the arrivals. */
  readonly parts: number;
}

/** The most requests that are simulated. */
export const mostRequests = 20_000;
/** Many times what a request takes, where there is traffic for it. */
export const leastSeconds = 300;

/** The busiest part of arrivals that is long enough, thinned to what can be simulated. */
export function busiestPart(arrivals: Arrivals): TrafficPart {
  const most = Math.ceil(arrivals.count / mostRequests);
  let parts = 1;
  let found = busiest(arrivals, mostRequests);
  while (parts < most && secondsOf(found) < leastSeconds) {
    parts = Math.min(most, parts * 2);
    found = busiest(arrivals, mostRequests * parts);
  }
  return { arrivals: thinned(found, parts), parts };
}

/** The plan of all the traffic, from that of one part. */
export function wholePlan(plan: ServingPlan, parts: number): ServingPlan {
  const { load, means, chips, chipsLow, chipsHigh } = plan;
  return {
    ...plan,
    load: { ...load, instances: load.instances * parts },
    means: { ...means, requestsPerSecond: means.requestsPerSecond * parts },
    chips: chips * parts,
    chipsLow: chipsLow * parts,
    chipsHigh: chipsHigh * parts,
  };
}

function secondsOf({ count, atMs }: Arrivals): number {
  return count === 0 ? 0 : (atMs[count - 1]! - atMs[0]!) / 1000;
}

function thinned(arrivals: Arrivals, parts: number): Arrivals {
  if (parts === 1) return arrivals;
  const random = seededRandom(1);
  const { atMs, inputTokens, outputTokens } = arrivals;
  const kept = Uint32Array.from({ length: arrivals.count }, (_, i) => i).filter(
    () => random() * parts < 1,
  );
  return {
    count: kept.length,
    atMs: Float64Array.from(kept, i => atMs[i]!),
    inputTokens: Uint32Array.from(kept, i => inputTokens[i]!),
    outputTokens: Uint32Array.from(kept, i => outputTokens[i]!),
  };
}
