// Hosting against buying: what the same requests cost by every API offer of a model, and from which
// rate on the hosts are cheaper.

import type { Offer, Prices } from '@entrepot/catalog/offer';
import { modelKey } from '../model-entry.ts';
import type { Lengths } from './steady-state.ts';

export interface HostedCost {
  readonly usdPerHour: number;
  /** The most that the hosts serve within the promise. */
  readonly requestsPerSecond: number;
}

export interface ApiComparison {
  readonly offer: Offer;
  /** null: its price is not known. */
  readonly usdPerThousandRequests: number | null;
  /** API cost over hosted cost at the planned rate: above 1 hosting is cheaper. */
  readonly ratio: number | null;
  /** Rate at which both cost the same, with the hosts as planned; null: no rate they can serve. */
  readonly breakEvenRequestsPerSecond: number | null;
}

/** Offers on a model under any vendor's spelling of its name, without batch; the cheapest first. */
export function offersOf(offers: readonly Offer[], model: string): Offer[] {
  const key = modelKey(model);
  const price = ({ prices }: Offer): number =>
    (prices.inputPicoUsd ?? Number.POSITIVE_INFINITY) + (prices.outputPicoUsd ?? 0);
  return offers
    .filter(offer => offer.term === 'on-demand' && modelKey(offer.model) === key)
    .sort((a, b) => price(a) - price(b));
}

/** USD of one request by an offer; null where a price is not known. */
export function requestUsd(prices: Prices, { inputTokens, outputTokens }: Lengths): number | null {
  const tier = prices.tiers.findLast(t => inputTokens > t.aboveInputTokens) ?? prices;
  if (tier.inputPicoUsd === null || tier.outputPicoUsd === null) return null;
  return (tier.inputPicoUsd * inputTokens + tier.outputPicoUsd * outputTokens) / 1e12;
}

/** Each offer against the hosts, the cheapest first, those of unknown price last. */
export function compareOffers(
  offers: readonly Offer[],
  hosted: HostedCost,
  rate: number,
  lengths: Lengths,
): ApiComparison[] {
  const compared = offers.map((offer): ApiComparison => {
    const usd = requestUsd(offer.prices, lengths);
    if (usd === null || usd === 0) {
      const known = usd === null ? null : 0;
      return {
        offer,
        usdPerThousandRequests: known,
        ratio: known,
        breakEvenRequestsPerSecond: null,
      };
    }
    const even = hosted.usdPerHour / 3600 / usd;
    return {
      offer,
      usdPerThousandRequests: usd * 1000,
      ratio: (usd * rate * 3600) / hosted.usdPerHour,
      breakEvenRequestsPerSecond: even <= hosted.requestsPerSecond ? even : null,
    };
  });
  const key = (c: ApiComparison): number => c.usdPerThousandRequests ?? Number.POSITIVE_INFINITY;
  return compared.sort((a, b) => key(a) - key(b));
}
