// The service tier that an answer tells, in the words that openai's schema has.

import type { JsonObject } from '../json.ts';

const serviceTiers = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast']);

/** Another vendor's tier has no name here; `standard` is what others call the default. */
export function encodeTier(tier: string | null): JsonObject {
  const known = tier === 'standard' ? 'default' : tier;
  return known !== null && serviceTiers.has(known) ? { service_tier: known } : {};
}
