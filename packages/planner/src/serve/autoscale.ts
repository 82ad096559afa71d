// Instances over a day when their number follows the traffic: started ahead by the time that one
// needs to be ready, never fewer than the least.

import type { Arrivals } from './arrivals.ts';

export interface ScalingRule {
  /** Requests a second of one instance within the promise. */
  readonly requestsPerSecond: number;
  /** Seconds from the order to the first request: boot, weights, graphs. */
  readonly readySeconds: number;
  readonly least: number;
  /** Share of an instance's rate that is planned with, so that a burst finds room. */
  readonly plannedShare: number;
}

export interface ScaledDay {
  readonly windowSeconds: number;
  /** Instances of each window. */
  readonly instances: readonly number[];
  readonly peak: number;
  readonly instanceHours: number;
  /** Against as many all the time as the peak needs. */
  readonly savedShare: number;
}

const windowSeconds = 300;

/** The instances that traffic needs, window by window. */
export function scaleOver({ count, atMs }: Arrivals, rule: ScalingRule): ScaledDay {
  const start = atMs[0] ?? 0;
  const windows = Math.max(
    1,
    Math.ceil(((atMs[count - 1] ?? 0) - start + 1) / 1000 / windowSeconds),
  );
  const requests = new Float64Array(windows);
  for (let i = 0; i < count; i++) {
    requests[Math.floor((atMs[i]! - start) / 1000 / windowSeconds)]! += 1;
  }
  const ahead = Math.ceil(rule.readySeconds / windowSeconds);
  const instances = Array.from(requests, (_, window) => {
    let most = 0;
    for (let i = window; i <= Math.min(windows - 1, window + ahead); i++) {
      most = Math.max(most, requests[i]! / windowSeconds);
    }
    const needed = Math.ceil(most / (rule.requestsPerSecond * rule.plannedShare));
    return Math.max(rule.least, needed);
  });
  const peak = Math.max(...instances);
  const sum = instances.reduce((a, b) => a + b, 0);
  return {
    windowSeconds,
    instances,
    peak,
    instanceHours: (sum * windowSeconds) / 3600,
    savedShare: 1 - sum / (peak * windows),
  };
}
