// A floor of quality, taken before a route is used: which of its deployments are good enough. As
// with every limit, what is unknown does not pass, and of an interval its lower end counts.

import { type Quality, qualityOf } from '@entrepot/catalog/quality';
import type { RuledOut } from './choice.ts';
import type { Deployment, Route } from './deployment.ts';

export interface Sifted {
  readonly route: Route;
  readonly ruledOut: readonly RuledOut[];
}

/** The route without the deployments whose models are not known to be at least that good. */
export function withMinQuality(route: Route, quality: Quality, minQuality: number): Sifted {
  const kept: Deployment[] = [];
  const ruledOut: RuledOut[] = [];
  for (const deployment of route.deployments) {
    const score = qualityOf(quality, route.name, deployment.offer.model);
    if (score !== null && score.least >= minQuality) kept.push(deployment);
    else {
      const found = score === null ? 'unknown' : `at least ${score.least}`;
      ruledOut.push({ deployment, reason: `quality ${found}, must be ${minQuality}` });
    }
  }
  return { route: { ...route, deployments: kept }, ruledOut };
}
