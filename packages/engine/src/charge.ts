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
  return chargeFrom(offer, tier, {
    inputNanoUsd: nanoUsd(plainTokens(usage), row.inputPicoUsd),
    cachedReadNanoUsd: nanoUsd(usage.cachedReadTokens, row.cachedReadPicoUsd),
    cacheWriteNanoUsd: cacheWriteNanoUsd(row, usage),
    outputNanoUsd: nanoUsd(usage.outputTokens, row.outputPicoUsd),
  });
}

/** The total of the charge alone, for who asks of many offers what an answer would have cost. */
export function costOf(offer: Offer, usage: Usage): number | null {
  const row = tierOf(offer.prices, usage.inputTokens) ?? offer.prices;
  const input = sumNanoUsd(
    nanoUsd(plainTokens(usage), row.inputPicoUsd),
    nanoUsd(usage.cachedReadTokens, row.cachedReadPicoUsd),
  );
  const output = nanoUsd(usage.outputTokens, row.outputPicoUsd);
  return sumNanoUsd(input, sumNanoUsd(cacheWriteNanoUsd(row, usage), output));
}

function plainTokens(usage: Usage): number {
  const { inputTokens, cachedReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage;
  return inputTokens - cachedReadTokens - cacheWrite5mTokens - cacheWrite1hTokens;
}

function cacheWriteNanoUsd(row: Omit<Prices, 'tiers'> | PriceTier, usage: Usage): number | null {
  const { cacheWrite5mTokens, cacheWrite1hTokens } = usage;
  if (cacheWrite5mTokens === 0 && cacheWrite1hTokens === 0) return 0;
  return nanoUsdOfAll([
    { tokens: cacheWrite5mTokens, pricePicoUsd: row.cacheWrite5mPicoUsd },
    { tokens: cacheWrite1hTokens, pricePicoUsd: row.cacheWrite1hPicoUsd },
  ]);
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
