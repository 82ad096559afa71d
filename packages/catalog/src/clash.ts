// What conflicts of scenarios are made of.

import type { OfferRecord } from './catalog.ts';
import { type Criteria, matches } from './criteria.ts';
import type { Place } from './fields.ts';
import type { Problem } from './problem.ts';

/** Both, so that each can be found; the problem stands where the later one says it. */
export function conflictOf(earlier: Place, later: Place, field: string, what: string): Problem {
  return { ...later, field, message: `conflicts with ${earlier.file}:${earlier.line}: ${what}` };
}

/** An offer that both mean; null is none. */
export function metBy(
  offers: readonly OfferRecord[],
  a: Criteria,
  b: Criteria,
): OfferRecord | null {
  return offers.find(offer => matches(offer, a) && matches(offer, b)) ?? null;
}
