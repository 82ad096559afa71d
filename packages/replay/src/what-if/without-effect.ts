// What a scenario says and this traffic never meets: offers that nobody asks, quotas that nobody
// knows, times that the traffic does not have. Figures alone would look as if it did no harm.

import { type Criteria, matches } from '@entrepot/catalog/criteria';
import type { Place } from '@entrepot/catalog/fields';
import { sinceStart, type Window, windowsMeet } from '@entrepot/catalog/window';
import type { LimitChange, World, WorldEntry } from '@entrepot/catalog/world';
import type { Deployment } from '@entrepot/engine/deployment';
import type { ReplayResult } from '../result/replay-result.ts';
import { type Case, deploymentsOf, upstreamOf } from './case.ts';

/** Results of base and case with the same seed. */
export interface Sides {
  readonly from: ReplayResult;
  readonly to: ReplayResult;
}

/** A sentence for the steps of a case that have no effect for the same reason. */
export function withoutEffect(
  base: Case,
  one: Case,
  all: readonly Sides[],
  startUnixMs: number | null,
): string[] {
  const met = new Met(base, one, all, startUnixMs);
  const { outages, limits, latency, provisioned, commitments } = one.world;
  const said = (place: Place, because: string | null): Remark[] =>
    because === null ? [] : [{ place, predicate: `no effect: ${because}` }];
  return sentencesOf([
    ...(one.steps ?? []).flatMap(({ place, match }) =>
      said(place, match === null ? ofPolicy(base, one) : met.ofOffers(match)),
    ),
    ...[...outages, ...latency].flatMap(entry => said(entry.place, met.ofAttempts(entry))),
    ...limits.flatMap(entry => {
      const because = met.ofAttempts(entry);
      return because === null ? ofQuotas(one, entry) : said(entry.place, because);
    }),
    // These are paid whether anything is asked of their offers or not.
    ...[...provisioned, ...commitments].flatMap(entry => said(entry.place, met.ofEntry(entry))),
    ...ofClouds(one.world, met).flatMap(([place, because]) => said(place, because)),
  ]);
}

/** What a place in a scenario has: no effect, or one in part, and why. */
interface Remark {
  readonly place: Place;
  readonly predicate: string;
}

function sentencesOf(remarks: readonly Remark[]): string[] {
  const alike = Map.groupBy(remarks, ({ place, predicate }) => `${place.file} ${predicate}`);
  return [...alike.values()].map(group => {
    const { place, predicate } = group[0]!;
    const lines = [...new Set(group.map(remark => remark.place.line))];
    if (lines.length === 1) return `line ${lines[0]} of ${place.file} has ${predicate}`;
    return `lines ${lines.join(', ')} of ${place.file} have ${predicate}`;
  });
}

function ofPolicy(base: Case, one: Case): string | null {
  const policies = (of: Case): string => JSON.stringify(of.routes.map(route => route.policy));
  return policies(base) === policies(one) ? 'every policy of this traffic is so already' : null;
}

/** What is scaled has to be known: a sentence where it is not. */
function ofQuotas(one: Case, { place, match, factor }: LimitChange): Remark[] {
  if (factor === null) return [];
  const meant = deploymentsOf(one).filter(({ offer }) => matches(offer, match));
  const unknown = meant.filter(deployment => {
    const { quota, capacity } = upstreamOf(one, deployment);
    return quota.requestsPerMinute === null && quota.tokensPerMinute === null && capacity === null;
  });
  if (unknown.length === 0) return [];
  const names = unknown.map(({ offer }) => offer.id).join(', ');
  const what =
    unknown.length === meant.length
      ? 'no effect: no offer of this traffic'
      : 'an effect in part: not every offer';
  return [{ place, predicate: `${what} has a known quota (unknown: ${names})` }];
}

function ofClouds(world: World, met: Met): (readonly [Place, string | null])[] {
  const ofCloud = (cloud: string, window: Window): string | null =>
    met.ofTime(window) ?? (met.has(cloud) ? null : `this traffic has no offer of ${cloud}`);
  const costs = [...world.switching, ...world.egress];
  return [
    ...costs.map(({ place, cloud, window }) => [place, ofCloud(cloud, window)] as const),
    ...world.mergers.map(({ place, clouds }) => {
      const few = clouds.filter(cloud => met.has(cloud)).length < 2;
      return [
        place,
        few ? 'this traffic has offers of less than two of its clouds' : null,
      ] as const;
    }),
  ];
}

/** What the traffic meets, in the base or in the case. */
class Met {
  readonly #here: readonly Deployment[];
  readonly #there: readonly Deployment[];
  readonly #attempts = new Map<string, number>();
  readonly #startUnixMs: number | null;
  readonly #times: Window;

  constructor(base: Case, one: Case, all: readonly Sides[], startUnixMs: number | null) {
    this.#here = deploymentsOf(base);
    this.#there = deploymentsOf(one);
    this.#startUnixMs = startUnixMs;
    const results = all.flatMap(({ from, to }) => [from, to]);
    for (const { offer, attempts } of results.flatMap(result => result.deployments)) {
      this.#attempts.set(offer, (this.#attempts.get(offer) ?? 0) + attempts);
    }
    const lastMs = Math.max(0, ...results.map(result => result.lastMs ?? 0));
    this.#times = { clock: 'since-start', fromMs: 0, untilMs: lastMs + 1 };
  }

  /** A cloud that merged with another is named with it. */
  has(cloud: string): boolean {
    const all = [...this.#here, ...this.#there];
    return all.some(({ offer }) => offer.cloud.split('+').includes(cloud));
  }

  ofTime(window: Window): string | null {
    const own = sinceStart(window, this.#startUnixMs);
    if (own === null) return 'it is on days of the calendar, and the traffic has none';
    if (windowsMeet(own, this.#times)) return null;
    return own.fromMs >= this.#times.untilMs
      ? 'it begins after the traffic has ended'
      : 'it ends before the traffic begins';
  }

  ofEntry({ match, window }: WorldEntry): string | null {
    const isMeant = this.#meant(this.#there, match).length > 0;
    return this.ofTime(window) ?? (isMeant ? null : unmeant);
  }

  ofAttempts(entry: WorldEntry): string | null {
    const attempts = this.#meant(this.#there, entry.match).map(
      ({ offer }) => this.#attempts.get(offer.id) ?? 0,
    );
    const isAsked = attempts.some(count => count > 0);
    return this.ofEntry(entry) ?? (isAsked ? null : 'this traffic asks nothing of what it means');
  }

  /** Offers that are removed, changed or added. */
  ofOffers(match: Criteria): string | null {
    const [before, after] = [this.#here, this.#there].map(all => this.#meant(all, match));
    if (before!.length + after!.length === 0) return unmeant;
    const shown = (all: readonly Deployment[]): string => JSON.stringify(all.map(d => d.offer));
    return shown(before!) === shown(after!)
      ? 'on this day it changes no offer of this traffic'
      : null;
  }

  #meant(all: readonly Deployment[], match: Criteria): Deployment[] {
    return all.filter(({ offer }) => matches(offer, match));
  }
}

const unmeant = 'no route of this traffic has an offer that it means';
