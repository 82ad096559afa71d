// What a comparison takes for granted, in words: whoever reads the report must know it.

import { matches } from '@entrepot/catalog/criteria';
import { sinceStart } from '@entrepot/catalog/window';
import type { WorldEntry } from '@entrepot/catalog/world';
import type { Deployment } from '@entrepot/engine/deployment';
import type { TrafficHead } from '@entrepot/traffic/request-columns';
import { defaultUpstream } from '../upstream/default-model.ts';
import type { UpstreamModel } from '../upstream/model.ts';
import type { Case } from './case.ts';
import { stagesTo } from './runs.ts';

/** A sentence each, none twice. The first case is the base. */
export function assumedOf(traffic: TrafficHead, cases: readonly Case[]): string[] {
  return [
    ...new Set([
      ...cases.slice(1).flatMap(one => ofNoChange(cases[0]!, one)),
      ...traffic.assumed,
      'the same model is taken to answer as well on every cloud, and callers to ask the same of any',
      ...cases.flatMap(ofUpstreams),
      ...cases.flatMap(ofTokens),
      ...cases.flatMap(one => ofWorld(one, traffic)),
      ...ofCaches(traffic, cases),
    ]),
  ];
}

/** Prices that are so already, offers of other models: figures alone would not tell why. */
function ofNoChange(base: Case, one: Case): string[] {
  const isSame =
    stagesTo(base, one).length === 1 && JSON.stringify(base.routes) === JSON.stringify(one.routes);
  return isSame ? [`${one.name} changes nothing that this traffic meets on this day`] : [];
}

function deploymentsOf({ routes }: Case): Deployment[] {
  return routes.flatMap(route => route.deployments);
}

function modelOf({ upstreams }: Case, deployment: Deployment): UpstreamModel {
  return upstreams?.[deployment.id] ?? defaultUpstream(deployment);
}

function ofUpstreams(one: Case): string[] {
  return deploymentsOf(one).flatMap(deployment => modelOf(one, deployment).assumed);
}

function ofTokens(one: Case): string[] {
  const models = new Set(deploymentsOf(one).map(({ offer }) => offer.model));
  const unknown = [...models].filter(model => one.tokenScales?.[model] === undefined);
  if (unknown.length === 0) return [];
  return [`a token of the traffic is taken to be one token of ${unknown.sort().join(', ')}`];
}

/** What a scenario says and nothing in the replay can act on. */
function ofWorld(one: Case, { startUnixMs }: TrafficHead): string[] {
  const { world, title } = one;
  const meant = (entry: WorldEntry): Deployment[] =>
    deploymentsOf(one).filter(({ offer }) => matches(offer, entry.match));
  const said: string[] = [];
  const { outages, limits, latency, provisioned, commitments } = world;
  for (const entry of [...outages, ...limits, ...latency, ...provisioned, ...commitments]) {
    const place = `${title} (line ${entry.place.line})`;
    if (sinceStart(entry.window, startUnixMs) === null) {
      said.push(`${place} is on days of the calendar and the traffic has none: it has no effect`);
    } else if (meant(entry).length === 0) {
      said.push(`${place} means no offer of the routes: it has no effect`);
    }
  }
  for (const limit of limits.filter(({ factor }) => factor !== null)) {
    const without = meant(limit).filter(deployment => {
      const { quota, capacity } = modelOf(one, deployment);
      return quota.requestsPerMinute === null && quota.tokensPerMinute === null && !capacity;
    });
    for (const { offer } of without) {
      said.push(`${title}: ${offer.id} has no known quota, so no part of it is taken away`);
    }
  }
  return said;
}

function ofCaches({ blockTokens }: TrafficHead, cases: readonly Case[]): string[] {
  const caches = cases.flatMap(one =>
    deploymentsOf(one).flatMap(deployment => modelOf(one, deployment).cache ?? []),
  );
  if (caches.length === 0) return [];
  if (blockTokens !== null) {
    return caches.some(({ isMarked }) => isMarked)
      ? ['callers mark their prompts for caching where a cache asks for it']
      : [];
  }
  const shares = [...new Set(caches.map(cache => cache.assumedReadShare))].sort((a, b) => a - b);
  const shown = shares.map(share => `${Math.round(100 * share)} %`).join(' or ');
  return [`the traffic does not say which prompts begin alike: ${shown} is read from caches`];
}
