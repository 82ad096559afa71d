// What the world does to one upstream, in times since the traffic's start: the entries that mean
// its offer, with ranges drawn once.

import { matches } from '@entrepot/catalog/criteria';
import type { Offer } from '@entrepot/catalog/offer';
import { sinceStart } from '@entrepot/catalog/window';
import type { OutageKind, Provisioned, Range, World, WorldEntry } from '@entrepot/catalog/world';
import type { Ms } from '@entrepot/engine/engine';
import { hashOf, mixed } from '../draws.ts';
import { Bucket } from './bucket.ts';

/** [fromMs, untilMs). */
interface Span {
  readonly fromMs: Ms;
  readonly untilMs: Ms;
}

export interface OutageSpan extends Span {
  readonly errorShare: number;
  readonly kinds: readonly OutageKind[];
  readonly slowFactor: number;
  readonly recoveryMs: number;
}

export interface LatencySpan extends Span {
  readonly ttftFactor: number;
  readonly tokenTimeFactor: number;
}

export interface LimitSpan extends Span {
  readonly requests: Bucket | null;
  readonly tokens: Bucket | null;
  readonly concurrentRequests: number | null;
}

export interface ProvisionedSpan extends Span {
  readonly tokens: Bucket;
  readonly outputTokenWeight: number;
  readonly whenFull: 'overflow' | 'queue' | 'refuse';
}

export interface Conditions {
  readonly outages: readonly OutageSpan[];
  readonly latency: readonly LatencySpan[];
  readonly limits: readonly LimitSpan[];
  readonly provisioned: readonly ProvisionedSpan[];
}

/** Limits that the upstream has of itself; null is none. */
export interface OwnLimits {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly concurrentRequests: number | null;
}

/** What is the same for every upstream of a replay. */
export interface Surroundings {
  readonly world: World;
  readonly startUnixMs: number | null;
  /** null takes the middle of each range. */
  readonly seed: number | null;
  /** Of throughput that several deployments draw on: filled in as they are met. */
  readonly shared: Map<Provisioned, Bucket>;
}

export function conditionsOf(
  { world, startUnixMs, seed, shared }: Surroundings,
  offer: Offer,
  own: OwnLimits,
): Conditions {
  const found = <T extends WorldEntry>(entries: readonly T[]): (readonly [T, Span])[] =>
    entries.flatMap(entry => {
      const window = matches(offer, entry.match) ? sinceStart(entry.window, startUnixMs) : null;
      return window === null ? [] : [[entry, window] as const];
    });
  return {
    outages: found(world.outages).map(([outage, { fromMs, untilMs }]) => {
      const { kinds, recoveryMs, errorShare, slowFactor } = outage;
      const drawnShare = within(errorShare, outage, seed);
      const drawnFactor = within(slowFactor, outage, seed);
      const shares = { errorShare: drawnShare, slowFactor: drawnFactor };
      return { fromMs, untilMs, kinds, recoveryMs, ...shares };
    }),
    latency: found(world.latency).map(([{ ttftFactor, tokenTimeFactor }, { fromMs, untilMs }]) => {
      return { fromMs, untilMs, ttftFactor, tokenTimeFactor };
    }),
    limits: found(world.limits).map(([limit, { fromMs, untilMs }]) => {
      const of = (given: number | null, ours: number | null): number | null =>
        given ?? (limit.factor === null || ours === null ? null : ours * limit.factor);
      const concurrent = of(limit.concurrentRequests, own.concurrentRequests);
      return {
        fromMs,
        untilMs,
        requests: bucketOf(of(limit.requestsPerMinute, own.requestsPerMinute)),
        tokens: bucketOf(of(limit.tokensPerMinute, own.tokensPerMinute)),
        concurrentRequests: concurrent === null ? null : Math.max(1, Math.floor(concurrent)),
      };
    }),
    provisioned: found(world.provisioned).map(([bought, { fromMs, untilMs }]) => {
      const { units, inputTokensPerMinutePerUnit, whenFull } = bought;
      const outputTokenWeight = bought.outputTokenWeight ?? priceRatio(offer);
      const tokens = shared.get(bought) ?? new Bucket(units * inputTokensPerMinutePerUnit);
      shared.set(bought, tokens);
      return { fromMs, untilMs, tokens, outputTokenWeight, whenFull };
    }),
  };
}

export function bucketOf(perMinute: number | null): Bucket | null {
  return perMinute === null ? null : new Bucket(perMinute);
}

/** The same for every upstream that an entry means: they share its cause. */
function within({ least, most }: Range, { place }: WorldEntry, seed: number | null): number {
  const share = seed === null ? 0.5 : mixed(seed, hashOf(JSON.stringify(place))) / 2 ** 32;
  return least + (most - least) * share;
}

function priceRatio({ prices }: Offer): number {
  const { inputPicoUsd, outputPicoUsd } = prices;
  return inputPicoUsd === null || outputPicoUsd === null || inputPicoUsd === 0
    ? 1
    : outputPicoUsd / inputPicoUsd;
}

/** Of an outage at a moment: 1 while it lasts, falling to 0 within its recovery. */
export function strengthOf({ fromMs, untilMs, recoveryMs }: OutageSpan, now: Ms): number {
  if (now < fromMs || now >= untilMs + recoveryMs) return 0;
  return now < untilMs ? 1 : 1 - (now - untilMs) / recoveryMs;
}

export function holds({ fromMs, untilMs }: Span, now: Ms): boolean {
  return now >= fromMs && now < untilMs;
}
