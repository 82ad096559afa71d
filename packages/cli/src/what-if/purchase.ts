// Something bought in advance, as a case: the offers that it is for are tried first, then the
// others by price.

import type { CapacityTerm } from '@entrepot/catalog/capacity-term';
import { matches } from '@entrepot/catalog/criteria';
import type { Offer } from '@entrepot/catalog/offer';
import { wholeTraffic } from '@entrepot/catalog/window';
import type { World } from '@entrepot/catalog/world';
import type { Route } from '@entrepot/engine/deployment';
import type { Case } from '@entrepot/replay/what-if/case';

/** Plain data: it goes to the threads that replay. */
export interface Purchase {
  readonly name: string;
  readonly term: CapacityTerm;
  /** Of throughput; 0 for a promise of spend. */
  readonly units: number;
  readonly nanoUsdPerHour: number;
}

export function purchaseCase(base: Case, purchase: Purchase): Case {
  const { name, term, units } = purchase;
  const what = units > 0 ? `${units} units` : `${purchase.nanoUsdPerHour / 1e9} USD an hour`;
  return {
    ...base,
    name,
    title: `${what} of ${term.name} for ${term.term}, tried first`,
    routes: base.routes.map(route => preferring(route, term)),
    world: withPurchase(base.world, purchase),
  };
}

function withPurchase(world: World, { term, units, nanoUsdPerHour }: Purchase): World {
  const entry = { place: { file: term.source, line: 1 }, match: term.match, window: wholeTraffic };
  if (term.type === 'spend') {
    const { discountPercent } = term;
    const commitment = { ...entry, nanoUsdPerHour, discountPercent };
    return { ...world, commitments: [...world.commitments, commitment] };
  }
  const { nanoUsdPerUnitHour, inputTokensPerMinutePerUnit } = term;
  const bought = { units, nanoUsdPerUnitHour, inputTokensPerMinutePerUnit };
  return {
    ...world,
    provisioned: [
      ...world.provisioned,
      { ...entry, ...bought, outputTokenWeight: null, whenFull: 'overflow' },
    ],
  };
}

function preferring(route: Route, { match }: CapacityTerm): Route {
  if (!route.deployments.some(({ offer }) => matches(offer, match))) return route;
  const ranked = route.deployments.toSorted((a, b) => roughPrice(a.offer) - roughPrice(b.offer));
  return {
    ...route,
    policy: { ...route.policy, objective: 'priority' },
    deployments: ranked.map((deployment, i) => ({
      ...deployment,
      priority: matches(deployment.offer, match) ? 0 : 1 + i,
    })),
  };
}

/** Three tokens of input to one of output; unknown prices last. */
function roughPrice({ prices }: Offer): number {
  const { inputPicoUsd, outputPicoUsd } = prices;
  if (inputPicoUsd === null || outputPicoUsd === null) return Number.POSITIVE_INFINITY;
  return 3 * inputPicoUsd + outputPicoUsd;
}
