// What a comparison takes for granted, in words: whoever reads the report must know it.

import type { TrafficHead } from '@entrepot/traffic/request-columns';
import { type Case, deploymentsOf, upstreamOf } from './case.ts';

/** A sentence each, none twice. */
export function assumedOf(traffic: TrafficHead, cases: readonly Case[]): string[] {
  return [
    ...new Set([
      ...traffic.assumed,
      'the same model is taken to answer as well on every cloud, and callers to ask the same of any',
      ...cases.flatMap(ofUpstreams),
      ...cases.flatMap(ofTokens),
      ...ofCaches(traffic, cases),
    ]),
  ];
}

function ofUpstreams(one: Case): string[] {
  return deploymentsOf(one).flatMap(deployment => upstreamOf(one, deployment).assumed);
}

function ofTokens(one: Case): string[] {
  const models = new Set(deploymentsOf(one).map(({ offer }) => offer.model));
  const unknown = [...models].filter(model => one.tokenScales?.[model] === undefined);
  if (unknown.length === 0) return [];
  return [`a token of the traffic is taken to be one token of ${unknown.sort().join(', ')}`];
}

function ofCaches({ blockTokens }: TrafficHead, cases: readonly Case[]): string[] {
  const caches = cases.flatMap(one =>
    deploymentsOf(one).flatMap(deployment => upstreamOf(one, deployment).cache ?? []),
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
