// What answers cost, and what the same answers would have cost at the prices of another market.

import type { Offer } from '@entrepot/catalog/offer';
import { costOf } from '@entrepot/engine/charge';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Usage } from '@entrepot/engine/intent';
import { Purse } from './amount.ts';
import type { Paid } from './replay-result.ts';

export class PaidTally {
  readonly #cost = new Purse();
  readonly #cacheSavings = new Purse();

  add(nanoUsd: number, savedNanoUsd: number): void {
    this.#cost.add(nanoUsd);
    if (savedNanoUsd !== 0) this.#cacheSavings.add(savedNanoUsd);
  }

  sums(): Paid {
    return { cost: this.#cost.amount, cacheSavings: this.#cacheSavings.amount };
  }
}

/** Another market. What it does not sell keeps its price: to leave an offer is no price effect. */
export class Elsewhere {
  readonly paid: PaidTally = new PaidTally();
  /** By deployment; null where the price is the same, or there is none. */
  readonly #offers: readonly (Offer | null)[];

  constructor(deployments: readonly Deployment[], offers: readonly Offer[]) {
    const byId = new Map(offers.map(offer => [offer.id, offer]));
    this.#offers = deployments.map(({ offer }) => {
      const there = byId.get(offer.id);
      if (there === undefined) return null;
      return JSON.stringify(there.prices) === JSON.stringify(offer.prices) ? null : there;
    });
  }

  /** An answer that cost and saved so much here. */
  add(deployment: number, usage: Usage, nanoUsd: number, savedNanoUsd: number): void {
    const offer = this.#offers[deployment] ?? null;
    // What was bought in advance costs nothing more there either.
    const there = offer === null || nanoUsd === 0 ? null : costOf(offer, usage);
    if (offer === null || there === null) this.paid.add(nanoUsd, savedNanoUsd);
    else this.paid.add(there, savedByCache(offer, usage, there));
  }
}

/** What an answer would have cost with all input plain, less what it cost. */
export function savedByCache(offer: Offer, usage: Usage, nanoUsd: number): number {
  if (usage.cachedReadTokens + usage.cacheWrite5mTokens === 0 || nanoUsd === 0) return 0;
  const plain = { ...usage, cachedReadTokens: 0, cacheWrite5mTokens: 0 };
  return (costOf(offer, plain) ?? nanoUsd) - nanoUsd;
}
