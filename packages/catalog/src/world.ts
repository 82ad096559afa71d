// What is changed around the market while traffic is replayed: how upstreams fail and slow down,
// what they let through, what was bought in advance, how clouds count and how much traffic there
// is. Plain data: replay acts on it. `match` says which offers are meant, as in all of a scenario.

import type { Criteria } from './criteria.ts';
import type { Place } from './fields.ts';
import type { Window } from './window.ts';

/** What is not known better than so; equal ends are a known number. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * How a call fails during an outage, in the engine's words for failures. `first-byte-timeout`:
 * nothing comes, until whoever calls gives up.
 */
export type OutageKind = (typeof outageKinds)[number];
export const outageKinds = [
  'refused',
  'connect-timeout',
  'reset',
  'first-byte-timeout',
  'rate-limit',
  'quota',
  'overloaded',
  'server-error',
  'auth',
  'not-found',
  'invalid-request',
] as const;

/** A place in the scenario's file and the offers that are meant. */
export interface WorldEntry {
  readonly place: Place;
  readonly match: Criteria;
  readonly window: Window;
}

/** Where several hold at once, a call must pass all of them. */
export interface Outage extends WorldEntry {
  /** Share of calls that fail; a range is drawn from once for each replay. */
  readonly errorShare: Range;
  /** Equally likely. */
  readonly kinds: readonly OutageKind[];
  /** Answers that still come take so many times as long. */
  readonly slowFactor: Range;
  /** After its end both effects fade away within this time, linearly. */
  readonly recoveryMs: number;
  readonly cause: string | null;
}

/** Quotas and capacity. What is null stays as it is. */
export interface LimitChange extends WorldEntry {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** Calls that are served at the same time; one more is told that the upstream is overloaded. */
  readonly concurrentRequests: number | null;
  /** Every limit that the upstream has, times this. Not beside the others. */
  readonly factor: number | null;
}

/** Answers take so many times as long. */
export interface LatencyChange extends WorldEntry {
  readonly ttftFactor: number;
  readonly tokenTimeFactor: number;
}

/** Throughput that is paid by the hour, used or not; requests that it serves cost nothing more. */
export interface Provisioned extends WorldEntry {
  readonly units: number;
  readonly nanoUsdPerUnitHour: number;
  readonly inputTokensPerMinutePerUnit: number;
  /** A token of output takes as much as so many of input; null: as their prices stand. */
  readonly outputTokenWeight: number | null;
  /** What becomes of a request that it has no room for; `overflow` pays the offer's own price. */
  readonly whenFull: 'overflow' | 'queue' | 'refuse';
}

/** Spend that is promised, and paid whether it comes to that or not, for a lower price. */
export interface Commitment extends WorldEntry {
  readonly nanoUsdPerHour: number;
  /** Taken off every price of the offers that are meant, up to the promised spend. */
  readonly discountPercent: number;
}

/** What a cloud charges for bytes of answers that leave it. */
export interface EgressCost {
  readonly place: Place;
  readonly cloud: string;
  readonly window: Window;
  readonly nanoUsdPerGib: number;
}

/** What it takes to move what is stored at a cloud when leaving it at the end of the traffic. */
export interface SwitchingCost extends EgressCost {
  readonly storedGib: number;
}

/** Clouds that count as one in concentration and in `maxShare`. */
export interface Merger {
  readonly place: Place;
  readonly clouds: readonly string[];
}

export interface TrafficChange {
  readonly place: Place;
  /** So many times the requests, and tokens of each; 1 is no change. */
  readonly requestsFactor: number;
  readonly inputTokensFactor: number;
  readonly outputTokensFactor: number;
  /** Share of the requests by route, adding up to 1; null leaves the mix as it is. */
  readonly mix: ReadonlyMap<string, number> | null;
}

export interface World {
  readonly outages: readonly Outage[];
  readonly limits: readonly LimitChange[];
  readonly latency: readonly LatencyChange[];
  readonly provisioned: readonly Provisioned[];
  readonly commitments: readonly Commitment[];
  readonly switching: readonly SwitchingCost[];
  readonly egress: readonly EgressCost[];
  readonly mergers: readonly Merger[];
  /** Several multiply. */
  readonly traffic: readonly TrafficChange[];
}

/** Everything as it is. */
export const usualWorld: World = {
  outages: [],
  limits: [],
  latency: [],
  provisioned: [],
  commitments: [],
  switching: [],
  egress: [],
  mergers: [],
  traffic: [],
};
