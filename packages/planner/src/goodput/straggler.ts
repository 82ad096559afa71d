// A synchronous step takes as long as its slowest host: the largest of n draws.

/** Spread of the step times of single hosts, relative. Published fits span 0.3 to 1 %. */
export const hostSpread = { low: 0.003, likely: 0.006, high: 0.01 } as const;

/** How much longer the slowest of n hosts takes than the mean: 1 + sigma x sqrt(2 ln n). */
export function stragglerFactor(hosts: number, spread: number): number {
  return hosts <= 1 ? 1 : 1 + spread * Math.sqrt(2 * Math.log(hosts));
}

/**
 * The factor of a job beyond what is in a step time that was predicted from runs of
 * `measuredHosts`: those had their own stragglers.
 */
export function extraStragglerFactor(hosts: number, measuredHosts: number, spread: number): number {
  const factor = stragglerFactor(hosts, spread) / stragglerFactor(measuredHosts, spread);
  return Math.max(1, factor);
}
