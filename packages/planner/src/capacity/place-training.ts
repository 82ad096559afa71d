// Ways to train within limits: on what is there now, on fewer chips than wished for, or later.

import { type CapacityLimit, spanDays, waitDays } from './capacity.ts';

export interface TrainingPlace {
  readonly limit: CapacityLimit;
  readonly chips: number;
  readonly waitDays: number;
  /** Until the capacity ends; null: no end. */
  readonly spanDays: number | null;
}

/**
 * Where a job that wants so many chips can be: each limit with the number halved until it fits in
 * it, so that layouts stay possible.
 */
export function trainingPlaces(
  limits: readonly CapacityLimit[],
  wanted: number,
  day: string,
): TrainingPlace[] {
  return limits
    .filter(limit => limit.until === null || limit.until > day)
    .map(limit => {
      let chips = wanted;
      while (chips > limit.chips) chips = Math.floor(chips / 2);
      return { limit, chips, waitDays: waitDays(limit, day), spanDays: spanDays(limit, day) };
    })
    .filter(place => place.chips > 0);
}

/** Regions of a cloud that have enough chips together, and none alone. */
export function splitRegions(limits: readonly CapacityLimit[], wanted: number): string[][] {
  const clouds = [...new Set(limits.map(limit => limit.cloud))];
  return clouds.flatMap(cloud => {
    const byRegion = new Map<string, number>();
    for (const { region, chips } of limits.filter(limit => limit.cloud === cloud)) {
      byRegion.set(region, (byRegion.get(region) ?? 0) + chips);
    }
    const counts = [...byRegion.values()];
    const sum = counts.reduce((total, chips) => total + chips, 0);
    const isSplit = counts.length > 1 && Math.max(...counts) < wanted && sum >= wanted;
    return isSplit ? [[...byRegion.keys()].map(region => `${cloud} ${region}`)] : [];
  });
}
