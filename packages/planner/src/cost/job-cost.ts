// What a job costs: hosts and spare hosts, by the hour, for as long as it takes.

import type { Interval } from '../interval.ts';
import { type HostOffer, type HostTerm, hostTerms } from './host-offer.ts';

/** USD on each term; null where the price of an hour is unknown. */
export type JobCost = Readonly<Record<HostTerm, Interval | null>>;

export interface Rented {
  readonly hosts: number;
  readonly spareHosts: number;
  /** By term: spot capacity is taken back, so that a job on it takes longer; null: too often. */
  readonly days: Readonly<Record<HostTerm, Interval | null>>;
}

/** The cost of a job on hosts of an offer, on each term. */
export function jobCost(offer: HostOffer, rented: Rented): JobCost {
  const of = (term: HostTerm): Interval | null => {
    const usd = offer.usdPerHour[term];
    const days = rented.days[term];
    if (usd === null || days === null) return null;
    const perDay = usd * 24 * (rented.hosts + rented.spareHosts);
    const { low, likely, high } = days;
    return { low: low * perDay, likely: likely * perDay, high: high * perDay };
  };
  return Object.fromEntries(hostTerms.map(term => [term, of(term)])) as JobCost;
}

/**
 * The term on which the job likely costs least, of those on which that many hosts are sold; another
 * where no price of these is known; null where none is.
 */
export function cheapestTerm(
  cost: JobCost,
  sold: readonly HostTerm[] = hostTerms,
): HostTerm | null {
  const priced = hostTerms.filter(term => cost[term] !== null);
  const able = priced.filter(term => sold.includes(term));
  const known = able.length > 0 ? able : priced;
  if (known.length === 0) return null;
  return known.reduce((best, term) => (cost[term]!.likely < cost[best]!.likely ? term : best));
}

/**
 * The price of an hour of a host at which a job on it costs as much as `usd`: what an unknown price
 * must stay under.
 */
export function breakEvenUsdPerHour(
  usd: number,
  { hosts, spareHosts }: { readonly hosts: number; readonly spareHosts: number },
  days: number,
): number {
  return usd / (days * 24 * (hosts + spareHosts));
}
