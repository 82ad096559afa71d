// The upstreams of a replay: for each deployment what is known of it, or what is assumed, as its
// seed draws it and as the world has it.

import type { Provisioned, World } from '@entrepot/catalog/world';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Ms } from '@entrepot/engine/engine';
import { Draws, hashOf, mixed } from '../draws.ts';
import type { ReplayOptions } from '../options.ts';
import { purposes } from '../purposes.ts';
import type { Bucket } from './bucket.ts';
import { conditionsOf, type Surroundings } from './conditions.ts';
import { defaultUpstream } from './default-model.ts';
import { drawn, parametersOf } from './drawn-parameters.ts';
import { PrefixCache } from './prefix-cache.ts';
import { UpstreamHost } from './upstream-host.ts';

/** In the order of the deployments. */
export function hostsOf(
  options: ReplayOptions,
  world: World,
  deployments: readonly Deployment[],
  lateMs: Ms,
): UpstreamHost[] {
  const { traffic, seed, parameters = 'drawn' } = options;
  const isDrawn = parameters === 'drawn';
  const surroundings: Surroundings = {
    world,
    startUnixMs: traffic.startUnixMs,
    seed: isDrawn ? mixed(seed, purposes.world) : null,
    shared: new Map<Provisioned, Bucket>(),
  };
  return deployments.map(deployment => {
    const { id, offer } = deployment;
    const model = options.upstreams?.[id] ?? defaultUpstream(deployment);
    const draws = isDrawn ? new Draws(mixed(mixed(seed, purposes.parameters), hashOf(id))) : null;
    const scale = options.tokenScales?.[offer.model];
    const { quota, capacity, cache } = model;
    const concurrentRequests = capacity?.concurrentRequests ?? null;
    const { blockTokens } = traffic;
    return new UpstreamHost({
      deployment,
      parameters: parametersOf(model, draws),
      conditions: conditionsOf(surroundings, offer, { ...quota, concurrentRequests }),
      quota,
      capacity,
      cache: cache === null || blockTokens === null ? null : new PrefixCache(cache, blockTokens),
      assumedReadShare: cache?.assumedReadShare ?? 0,
      bills: {
        cacheWrites: cache?.isMarked ?? false,
        leastTokens: cache?.leastTokens ?? 0,
      },
      tokensPerToken: scale === undefined ? 1 : drawn(scale.ratio, draws),
      seed: mixed(mixed(seed, purposes.upstream), hashOf(id)),
      lateMs,
    });
  });
}
