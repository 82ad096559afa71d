// Clouds that have become one: they count together in concentration and under the lock-in cap.

import type { Merger } from '@entrepot/catalog/world';
import type { Route } from '@entrepot/engine/deployment';

export function withMergers(
  routes: readonly Route[],
  mergers: readonly Merger[],
): readonly Route[] {
  if (mergers.length === 0) return routes;
  const merged = new Map<string, string>();
  for (const { clouds } of mergers) {
    for (const cloud of clouds) merged.set(cloud, clouds.join('+'));
  }
  return routes.map(route => ({
    ...route,
    deployments: route.deployments.map(deployment => {
      const cloud = merged.get(deployment.offer.cloud);
      const { offer } = deployment;
      return cloud === undefined ? deployment : { ...deployment, offer: { ...offer, cloud } };
    }),
  }));
}
