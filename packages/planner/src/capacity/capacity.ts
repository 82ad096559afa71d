// What can be had, where and when, as a user knows it and no catalog does: quotas and reservations.

import type { Cloud } from '@entrepot/catalog/offer';

export interface CapacityLimit {
  readonly acceleratorId: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly chips: number;
  /** First day on which it is there; null: it is there. */
  readonly from: string | null;
  /** First day on which it is not there any more; null: no end. */
  readonly until: string | null;
  /** What a host costs in this capacity; null: the catalog's price. */
  readonly usdPerHour: number | null;
}

const millisecondsPerDay = 86_400_000;

/** Days from one day to another, both as YYYY-MM-DD. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / millisecondsPerDay;
}

/** Days from `day` until the capacity is there; 0 when it is. */
export function waitDays(limit: CapacityLimit, day: string): number {
  return limit.from === null ? 0 : Math.max(0, daysBetween(day, limit.from));
}

/** Days that are left of it once it is there; null: no end. */
export function spanDays(limit: CapacityLimit, day: string): number | null {
  if (limit.until === null) return null;
  const start = limit.from === null || limit.from < day ? day : limit.from;
  return Math.max(0, daysBetween(start, limit.until));
}
