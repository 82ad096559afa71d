import type { Feature, Offer } from './offer.ts';

type One<T> = T | readonly T[];

/** Which offers are meant: all that is given must hold; of a list, one entry must. */
export interface Criteria {
  readonly id?: One<string>;
  readonly model?: One<string>;
  /** The part of the model's id before the slash. */
  readonly vendor?: One<string>;
  readonly cloud?: One<string>;
  readonly service?: One<string>;
  readonly region?: One<string>;
  readonly term?: One<string>;
  /** The offer must have all of them. */
  readonly features?: readonly Feature[];
}

/** What the criteria look at: an offer on a day, or a record of one. */
export type Described = Pick<
  Offer,
  'id' | 'model' | 'cloud' | 'service' | 'region' | 'term' | 'features'
>;

export function matches(offer: Described, criteria: Criteria): boolean {
  return (
    isOne(offer.id, criteria.id) &&
    isOne(offer.model, criteria.model) &&
    isOne(offer.model.slice(0, offer.model.indexOf('/')), criteria.vendor) &&
    isOne(offer.cloud, criteria.cloud) &&
    isOne(offer.service, criteria.service) &&
    isOne(offer.region, criteria.region) &&
    isOne(offer.term, criteria.term) &&
    (criteria.features ?? []).every(feature => offer.features.includes(feature))
  );
}

function isOne(value: string, wanted: One<string> | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? value === wanted : wanted.includes(value);
}
