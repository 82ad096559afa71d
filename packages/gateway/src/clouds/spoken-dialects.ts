// In which dialects a cloud can be asked for an offer, and what it can be asked for by that.

import type { ModelKind } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';
import type { DialectName, Operation } from '@entrepot/dialects/dialect';
import { dialectOf } from '../dialects.ts';
import type { Cloud } from './cloud.ts';

/** In the cloud's order of preference. `kind` null: what the model makes is not known. */
export function spokenDialects(
  cloud: Cloud,
  offer: Offer,
  kind: ModelKind | null,
): readonly DialectName[] {
  return cloud.dialects.filter(name => {
    const { operation, partOf = name } = dialectOf(name);
    if (operation === madeByOthers(kind)) return false;
    return cloud.speaks?.(offer, name) ?? offer.dialects.includes(partOf);
  });
}

export function operationsOf(
  cloud: Cloud,
  offer: Offer,
  kind: ModelKind | null,
): readonly Operation[] {
  const names = spokenDialects(cloud, offer, kind);
  return [...new Set(names.map(name => dialectOf(name).operation))];
}

/** What a cloud is spoken to in, in the catalog's words. */
export function catalogWords(cloud: Cloud): readonly string[] {
  return [...new Set(cloud.dialects.map(name => dialectOf(name).partOf ?? name))];
}

/** An API that has both is sold with models of either kind. */
function madeByOthers(kind: ModelKind | null): Operation | null {
  if (kind === null) return null;
  return kind === 'embedding' ? 'generate' : 'embed';
}
