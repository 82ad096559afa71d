// What an answer cost, by the prices of its offer. Input that was read from or written to a cache
// has prices of its own; an offer that states none for a kind of token that was used leaves the
// charge unknown, because billing it as plain input would be a guess.

import type { Offer, Prices, PriceTier } from '@entrepot/catalog/offer';
import type { Usage } from './intent.ts';
import { nanoUsd, nanoUsdOfAll, sumNanoUsd } from './money.ts';

/** What an answer cost. null where a price that was needed is unknown: never 0, never a guess. */
export interface Charge {
  readonly nanoUsd: number | null;
  /** Which price rows made it. */
  readonly offerId: string;
  readonly tierAboveInputTokens: number | null;
  readonly parts: {
    readonly inputNanoUsd: number | null;
    readonly cachedReadNanoUsd: number | null;
    readonly cacheWriteNanoUsd: number | null;
    readonly outputNanoUsd: number | null;
  };
}

/** The last tier whose threshold the input exceeds prices all tokens; null is the base prices. */
export function tierOf(prices: Prices, inputTokens: number): PriceTier | null {
  for (let i = prices.tiers.length - 1; i >= 0; i--) {
    const tier = prices.tiers[i]!;
    if (inputTokens > tier.aboveInputTokens) return tier;
  }
  return null;
}

/**
 * The charge of an answer. Parts are rounded half up to whole nano-USD, each once, and add up to
 * the total. null where a needed price is unknown or the usage contradicts itself (more tokens from
 * the cache than there were).
 */
export function chargeOf(offer: Offer, usage: Usage): Charge {
  const tier = tierOf(offer.prices, usage.inputTokens);
  const row = tier ?? offer.prices;
  const { cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage;
  const writes = [
    { tokens: cacheWrite5mTokens, pricePicoUsd: row.cacheWrite5mPicoUsd },
    { tokens: cacheWrite1hTokens, pricePicoUsd: row.cacheWrite1hPicoUsd },
  ];
  const plainTokens =
    usage.inputTokens - cachedReadTokens - cacheWrite5mTokens - cacheWrite1hTokens;
  return chargeFrom(offer, tier, {
    inputNanoUsd: nanoUsd(plainTokens, row.inputPicoUsd),
    cachedReadNanoUsd: nanoUsd(cachedReadTokens, row.cachedReadPicoUsd),
    cacheWriteNanoUsd: nanoUsdOfAll(writes),
    outputNanoUsd: nanoUsd(usage.outputTokens, row.outputPicoUsd),
  });
}

/** Parts with their total. */
export function chargeFrom(offer: Offer, tier: PriceTier | null, parts: Charge['parts']): Charge {
  const input = sumNanoUsd(parts.inputNanoUsd, parts.cachedReadNanoUsd);
  const rest = sumNanoUsd(parts.cacheWriteNanoUsd, parts.outputNanoUsd);
  return {
    nanoUsd: sumNanoUsd(input, rest),
    offerId: offer.id,
    tierAboveInputTokens: tier?.aboveInputTokens ?? null,
    parts,
  };
}
