// How many instances keep the promised percentiles: an estimate from the steady state, then the
// simulation decides.

import type { ArrivalMeans, Arrivals } from './arrivals.ts';
import { atConcurrency } from './closed-loop.ts';
import type { ServingInstance } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import { type SimulatedLoad, simulateLoad } from './simulate.ts';

/** The promise: 95 of 100 requests are at least as fast. */
export interface Slo {
  readonly ttftSeconds: number;
  readonly tpotSeconds: number;
}

export interface Sustained {
  /** Of one attention replica, just within the promise. */
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond: number;
}

/** What one instance sustains within the promise; null: not one request at a time. */
export function sustained(
  instance: ServingInstance,
  means: ArrivalMeans,
  slo: Slo,
  parameters: ServingParameters,
): Sustained | null {
  const within = (concurrency: number): boolean => {
    const state = atConcurrency(instance, means, concurrency, parameters);
    const kept = state.tpotSeconds <= slo.tpotSeconds && state.ttftSeconds <= slo.ttftSeconds;
    return kept && state.mostRunning >= concurrency;
  };
  if (!within(1)) return null;
  let least = 1;
  let most = 4096;
  while (most - least > 0.5) {
    const middle = (least + most) / 2;
    if (within(middle)) least = middle;
    else most = middle;
  }
  const { tokensPerSecond } = atConcurrency(instance, means, least, parameters);
  return {
    concurrency: least,
    tokensPerSecond,
    requestsPerSecond: tokensPerSecond / means.outputTokens,
  };
}

export function keeps({ ttftSeconds, tpotSeconds }: SimulatedLoad, slo: Slo): boolean {
  return ttftSeconds.p95 <= slo.ttftSeconds && tpotSeconds.p95 <= slo.tpotSeconds;
}

/** The fewest instances that keep the promise; null when `most` do not. */
export function instancesNeeded(
  arrivals: Arrivals,
  instance: ServingInstance,
  slo: Slo,
  estimate: number,
  parameters: ServingParameters,
  most = 4096,
): SimulatedLoad | null {
  const tried = new Map<number, SimulatedLoad>();
  const at = (count: number): SimulatedLoad => {
    const known = tried.get(count);
    if (known !== undefined) return known;
    const load = simulateLoad(arrivals, instance, count, parameters);
    tried.set(count, load);
    return load;
  };
  let high = Math.max(1, Math.min(most, Math.ceil(estimate)));
  while (!keeps(at(high), slo)) {
    if (high >= most || high > 8 * estimate + 8) return null;
    high = Math.min(most, Math.ceil(high * 1.4));
  }
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (keeps(at(middle), slo)) high = middle;
    else low = middle;
  }
  return at(high);
}
