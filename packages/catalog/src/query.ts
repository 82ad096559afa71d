// Questions to the catalog that more than one part of the project asks.

import type { Market } from './as-of.ts';
import type { Catalog, Model } from './catalog.ts';
import { type Criteria, matches } from './criteria.ts';
import type { Offer } from './offer.ts';

/** The offers of a market that meet all criteria, in the order of the catalog. */
export function findOffers(market: Market, criteria: Criteria): readonly Offer[] {
  return market.offers.filter(offer => matches(offer, criteria));
}

/**
 * The model that a name means: its id (`openai/o3`), or its bare name (`o3`) or a name that a
 * service sells it by (`o3-2025-04-16`), when that means one model only. null otherwise.
 */
export function findModel(catalog: Catalog, name: string): Model | null {
  const exact = catalog.models.get(name);
  if (exact !== undefined) return exact;
  const ids = new Set<string>();
  for (const model of catalog.models.values()) if (model.name === name) ids.add(model.id);
  if (ids.size === 0) {
    for (const offer of catalog.offers) {
      if (offer.serviceModelId === name || offer.aliases.includes(name)) ids.add(offer.model);
    }
  }
  const [only] = ids;
  return ids.size === 1 && only !== undefined ? (catalog.models.get(only) ?? null) : null;
}

/**
 * Other offers of the same model and term that have every feature of this one: what could stand in
 * for it without the caller's noticing.
 */
export function substitutes(market: Market, offer: Offer): readonly Offer[] {
  const { model, term, features } = offer;
  return findOffers(market, { model, term, features }).filter(other => other.id !== offer.id);
}
