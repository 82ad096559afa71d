// The most a request can cost on an offer, as far as it can be told before it is sent. It is held
// for the request until its charge is known.

import type { Offer, Prices, PriceTier } from '@entrepot/catalog/offer';
import { type Charge, chargeFrom, tierOf } from './charge.ts';
import type { Intent } from './intent.ts';
import { nanoUsd, sumNanoUsd } from './money.ts';

/** A charge rounds plain, read and written input apart: up to this much above one rounding. */
const roundingNanoUsd = 2;

/** No vendor bills the counting of tokens. */
const free: Charge['parts'] = {
  inputNanoUsd: 0,
  cachedReadNanoUsd: 0,
  cacheWriteNanoUsd: 0,
  outputNanoUsd: 0,
};

/**
 * Input at the dearest price that it can be billed at, output up to what caller and model allow.
 * null where no bound is known: a price is unknown, neither caller nor catalog limits the output,
 * or several answers are asked for. As good as `intent.inputTokens`, which is itself an estimate.
 */
export function estimateOf(offer: Offer, intent: Intent): Charge {
  if (intent.operation === 'count') return chargeFrom(offer, null, free);
  const tier = tierOf(offer.prices, intent.inputTokens);
  const row = tier ?? offer.prices;
  const price = dearestInput(row);
  const outputTokens = mostOutputTokens(offer, intent);
  const rounding = price === 0 || intent.inputTokens === 0 ? 0 : roundingNanoUsd;
  return chargeFrom(offer, tier, {
    inputNanoUsd: sumNanoUsd(nanoUsd(intent.inputTokens, price), rounding),
    cachedReadNanoUsd: 0,
    cacheWriteNanoUsd: 0,
    outputNanoUsd: outputTokens === null ? null : nanoUsd(outputTokens, row.outputPicoUsd),
  });
}

/** An offer that states no price for cache writes is taken to bill none apart. */
function dearestInput(row: Omit<Prices, 'tiers'> | PriceTier): number | null {
  if (row.inputPicoUsd === null) return null;
  return Math.max(
    row.inputPicoUsd,
    row.cachedReadPicoUsd ?? 0,
    row.cacheWrite5mPicoUsd ?? 0,
    row.cacheWrite1hPicoUsd ?? 0,
  );
}

/** null is unlimited, as far as is known. */
function mostOutputTokens(offer: Offer, intent: Intent): number | null {
  // How many answers is not part of an intent.
  if (intent.features.includes('candidates')) return null;
  const { maxOutputTokens, contextTokens } = offer;
  const room = contextTokens === null ? null : Math.max(0, contextTokens - intent.inputTokens);
  const limits = [intent.maxOutputTokens, maxOutputTokens, room].filter(limit => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}
