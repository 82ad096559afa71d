import type { Criteria } from './criteria.ts';
import type { Place } from './fields.ts';
import type { Prices, Provenance } from './offer.ts';
import type { PolicyEdits } from './policy-edit.ts';
import type { Prediction } from './prediction.ts';
import type { World } from './world.ts';

/** Days [from, until); null is open. */
export interface Span {
  readonly from: string | null;
  readonly until: string | null;
}

/** New prices, or the old ones changed by so many percent (-80, 10). */
export type PriceEdit =
  | { readonly type: 'set'; readonly prices: Prices }
  | { readonly type: 'percent'; readonly percent: number };

/** A service that the catalog does not have, of a cloud that it may not have either. */
export interface AddedService {
  readonly place: Place;
  readonly id: string;
  readonly cloud: string;
  readonly name: string;
  readonly slaAvailability: number | null;
}

/** An offer that the catalog does not have, described by how it differs from one that it has. */
export interface AddedOffer extends Span {
  readonly place: Place;
  readonly id: string;
  readonly like: string;
  readonly serviceModelId: string | null;
  readonly dialects: readonly string[] | null;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly prices: PriceEdit | null;
  /** How what-if takes it to behave; null: as any that nothing is known of. */
  readonly predicted: Prediction | null;
}

export interface RemovedOffers extends Span {
  readonly place: Place;
  readonly match: Criteria;
}

export interface ChangedOffers extends Span {
  readonly place: Place;
  readonly match: Criteria;
  readonly prices: PriceEdit;
}

/** Offers that only these clouds have: those of others are removed. */
export interface ExclusiveOffers extends RemovedOffers {
  readonly clouds: readonly string[];
}

/** A changed world: an overlay on the catalog, and on the policy and the world of a replay. */
export interface Scenario extends Provenance {
  readonly id: string;
  readonly title: string;
  readonly services: readonly AddedService[];
  readonly add: readonly AddedOffer[];
  readonly remove: readonly RemovedOffers[];
  readonly change: readonly ChangedOffers[];
  readonly exclusive: readonly ExclusiveOffers[];
  readonly policy: PolicyEdits;
  readonly world: World;
}
