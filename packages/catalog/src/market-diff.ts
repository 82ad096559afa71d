// What is different between two markets: what a scenario does on a day, or what a year did.

import type { Market } from './as-of.ts';
import type { Offer } from './offer.ts';

export interface MarketDiff {
  readonly added: readonly Offer[];
  readonly removed: readonly Offer[];
  readonly repriced: readonly Repriced[];
}

export interface Repriced {
  readonly before: Offer;
  readonly after: Offer;
}

/** Offers that only one of the markets has, and those that cost something else in the other. */
export function marketDiff(before: Market, after: Market): MarketDiff {
  const repriced = after.offers.flatMap(offer => {
    const old = before.offer(offer.id);
    if (old === undefined || samePrices(old, offer)) return [];
    return { before: old, after: offer };
  });
  return {
    added: after.offers.filter(({ id }) => before.offer(id) === undefined),
    removed: before.offers.filter(({ id }) => after.offer(id) === undefined),
    repriced,
  };
}

function samePrices(a: Offer, b: Offer): boolean {
  return a.prices === b.prices || JSON.stringify(a.prices) === JSON.stringify(b.prices);
}
