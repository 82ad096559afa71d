import type { Offer } from '@entrepot/catalog/offer';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Cloud } from './cloud.ts';

/** The dialects in which a cloud can be asked for an offer, in the cloud's order of preference. */
export function spokenDialects(cloud: Cloud, offer: Offer): readonly DialectName[] {
  return cloud.dialects.filter(
    dialect => cloud.speaks?.(offer, dialect) ?? offer.dialects.includes(dialect),
  );
}
