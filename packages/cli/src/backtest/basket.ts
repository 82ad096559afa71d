// Requests of one size, by which offers are compared.

import type { Offer } from '@entrepot/catalog/offer';
import { chargeOf } from '@entrepot/engine/charge';

export interface Basket {
  readonly name: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * The mean request of the Azure LLM inference trace of 2023, conversation: 19,366 requests with
 * 1,154.7 tokens of prompt and 211.1 of answer (AzurePublicDataset, CC-BY 4.0).
 */
export const conversation: Basket = {
  name: 'conversation',
  requests: 1000,
  inputTokens: 1155,
  outputTokens: 211,
};

/** null where a price is unknown or the request does not fit. */
export function costOfBasket(offer: Offer, basket: Basket): number | null {
  const { requests, inputTokens, outputTokens } = basket;
  const tooLong = offer.contextTokens !== null && inputTokens > offer.contextTokens;
  const none = { cachedReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };
  const { nanoUsd } = chargeOf(offer, { inputTokens, outputTokens, ...none });
  return nanoUsd === null || tooLong ? null : nanoUsd * requests;
}
