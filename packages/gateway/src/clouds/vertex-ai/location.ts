// Where Vertex AI is called: a region, a multi-region, or anywhere (`global`).

import type { Target } from '../../config/target.ts';

/** Multi-regions keep a request within their bounds. (@google/genai 3.1.0, seen 2026-11-24) */
const multiRegions: readonly string[] = ['us', 'eu'];

/** The operator's own, else where the offer is sold. */
export function locationOf({ region, deployment }: Target): string {
  return region ?? deployment.offer.region;
}

/** The public origin of a location. */
export function originOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (multiRegions.includes(location)) return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

/** An offer of a multi-region is only that when it is called there; null when all is well. */
export function locationProblem({ region, deployment }: Target): string | null {
  const { offer } = deployment;
  if (region === null || region === offer.region || !multiRegions.includes(offer.region)) {
    return null;
  }
  return `must be ${offer.region}, where ${offer.id} is sold`;
}
