// One simulated upstream in virtual time. An attempt meets, in this order: outages, quotas,
// throughput that was bought in advance, errors that have no cause, and room among the servers.
// What passes them all is answered, after a time for its tokens.

import type { Deadlines } from '@entrepot/engine/choice';
import type { Deployment } from '@entrepot/engine/deployment';
import type { Ms } from '@entrepot/engine/engine';
import type { FailureKind } from '@entrepot/engine/outcome';
import { Draws, mixed } from '../draws.ts';
import type { Attempt, Flight } from '../flight.ts';
import type { Host } from '../host.ts';
import { type Bucket, waitFor } from './bucket.ts';
import { bucketOf, type Conditions, holds, strengthOf } from './conditions.ts';
import { loadFactor, type Parameters } from './drawn-parameters.ts';
import { failAfter } from './ending.ts';
import type { CapacityModel, QuotaModel } from './model.ts';
import type { PrefixCache } from './prefix-cache.ts';
import { Servers } from './servers.ts';

export interface UpstreamHostOptions {
  readonly deployment: Deployment;
  readonly parameters: Parameters;
  readonly conditions: Conditions;
  readonly quota: QuotaModel;
  readonly capacity: CapacityModel | null;
  /** null caches nothing; where prompts do not say how they begin, only `assumedReadShare` is. */
  readonly cache: PrefixCache | null;
  readonly assumedReadShare: number;
  readonly bills: { readonly cacheWrites: boolean; readonly leastTokens: number };
  /** Tokens of this model for one of the traffic. */
  readonly tokensPerToken: number;
  readonly seed: number;
  /** How late the gateway sees that a time has passed. */
  readonly lateMs: Ms;
}

/** A refused connection is told by the next packet. */
const refusedMs = 2;
const never = Number.POSITIVE_INFINITY;

export class UpstreamHost implements Host {
  readonly id: string;
  readonly #options: UpstreamHostOptions;
  readonly #draws = new Draws(0);
  readonly #servers: Servers | null;
  readonly #requests: Bucket | null;
  readonly #tokens: Bucket | null;
  readonly #isCalm: boolean;
  #served = 0;
  #slowFactor = 1;
  /** As drawn last: until the first token, and from there to the last. */
  #ttftMs: Ms = 0;
  #restMs: Ms = 0;

  constructor(options: UpstreamHostOptions) {
    this.id = options.deployment.id;
    this.#options = options;
    const { capacity, quota, conditions } = options;
    this.#servers =
      capacity?.whenFull === 'queue' ? new Servers(capacity.concurrentRequests) : null;
    this.#requests = bucketOf(quota.requestsPerMinute);
    this.#tokens = bucketOf(quota.tokensPerMinute);
    this.#isCalm = Object.values(conditions).every(spans => spans.length === 0);
  }

  begin(flight: Flight, deadlines: Deadlines, now: Ms): void {
    const { attempt } = flight;
    const draws = this.#draws;
    draws.restart(mixed(this.#options.seed, flight.tried.length), flight.number);
    this.#fillIn(flight);
    const errorDraw = draws.next();
    const kindDraw = draws.next();
    this.#slowFactor = 1;
    const isDown = !this.#isCalm && this.#meetsOutage(attempt, deadlines, now, kindDraw);
    if (isDown || this.#isOverQuota(attempt, now)) return;
    const waitMs = this.#isCalm ? 0 : this.#takeProvisioned(attempt, now);
    if (waitMs === null || this.#meetsError(flight, errorDraw, deadlines, now)) return;
    if (this.#isFull(attempt, now)) return;
    this.#serve(flight, deadlines, now, waitMs);
  }

  end({ attempt }: Flight, now: Ms): void {
    if (!attempt.isServed) return;
    this.#served -= 1;
    if (attempt.placeUntilMs > now) this.#servers?.leave(attempt.placeUntilMs, now);
  }

  #fillIn({ attempt, inputTokens, outputTokens, choice }: Flight): void {
    const { tokensPerToken, deployment } = this.#options;
    attempt.isServed = false;
    attempt.isCovered = false;
    attempt.cachedReadTokens = 0;
    attempt.cacheWrite5mTokens = 0;
    attempt.placeUntilMs = 0;
    const most = choice!.intent.maxOutputTokens ?? deployment.offer.maxOutputTokens ?? never;
    if (tokensPerToken === 1) {
      attempt.inputTokens = inputTokens;
      attempt.outputTokens = Math.min(outputTokens, most);
    } else {
      attempt.inputTokens = Math.round(inputTokens * tokensPerToken);
      attempt.outputTokens = Math.min(Math.round(outputTokens * tokensPerToken), most);
    }
  }

  #meetsOutage(attempt: Attempt, deadlines: Deadlines, now: Ms, kindDraw: number): boolean {
    const { outages } = this.#options.conditions;
    for (let i = 0; i < outages.length; i++) {
      const outage = outages[i]!;
      const strength = strengthOf(outage, now);
      if (strength === 0) continue;
      this.#slowFactor *= 1 + (outage.slowFactor - 1) * strength;
      if (this.#draws.next() >= outage.errorShare * strength) continue;
      const kind = outage.kinds[Math.floor(kindDraw * outage.kinds.length)]!;
      this.#fail(attempt, kind, null, deadlines, now);
      return true;
    }
    return false;
  }

  #isOverQuota(attempt: Attempt, now: Ms): boolean {
    const { limits } = this.#options.conditions;
    let requests = this.#requests;
    let tokens = this.#tokens;
    for (const limit of limits) {
      if (!holds(limit, now)) continue;
      requests = limit.requests ?? requests;
      tokens = limit.tokens ?? tokens;
    }
    if (requests === null && tokens === null) return false;
    const amount = attempt.inputTokens + attempt.outputTokens;
    const waitMs = Math.max(waitFor(requests, 1, now), waitFor(tokens, amount, now));
    if (waitMs > 0) {
      this.#refuse(attempt, 'rate-limit', Math.ceil(waitMs), now);
      return true;
    }
    requests?.take(1);
    tokens?.take(amount);
    return false;
  }

  /** How long it waits for its turn; null for an attempt that is refused. */
  #takeProvisioned(attempt: Attempt, now: Ms): Ms | null {
    for (const bought of this.#options.conditions.provisioned) {
      if (!holds(bought, now)) continue;
      const { tokens, outputTokenWeight, whenFull } = bought;
      const amount = attempt.inputTokens + attempt.outputTokens * outputTokenWeight;
      const waitMs = tokens.waitMs(amount, now);
      if (waitMs > 0 && whenFull === 'overflow') continue;
      if (waitMs > 0 && whenFull === 'refuse') {
        this.#refuse(attempt, 'rate-limit', Math.ceil(waitMs), now);
        return null;
      }
      tokens.take(amount);
      attempt.isCovered = true;
      return waitMs;
    }
    return 0;
  }

  #meetsError(flight: Flight, draw: number, deadlines: Deadlines, now: Ms): boolean {
    const { errors } = this.#options.parameters;
    for (let i = 0; i < errors.length; i++) {
      const { kind, upTo, retryAfterMs } = errors[i]!;
      if (draw >= upTo) continue;
      if (kind === 'stall' || kind === 'truncated') {
        this.#breakOff(flight, kind, deadlines, now);
      } else this.#fail(flight.attempt, kind, retryAfterMs, deadlines, now);
      return true;
    }
    return false;
  }

  #isFull(attempt: Attempt, now: Ms): boolean {
    const { capacity, conditions } = this.#options;
    let places = capacity?.whenFull === 'refuse' ? capacity.concurrentRequests : never;
    for (const limit of conditions.limits) {
      if (holds(limit, now)) places = limit.concurrentRequests ?? places;
    }
    if (this.#served < places) return false;
    this.#refuse(attempt, 'overloaded', null, now);
    return true;
  }

  #serve(flight: Flight, deadlines: Deadlines, now: Ms, waitMs: Ms): void {
    const { attempt } = flight;
    this.#drawTimes(flight, now);
    const queueMs = this.#servers === null ? 0 : Math.max(0, this.#servers.nextFreeMs - now);
    const contentMs = waitMs + queueMs + this.#ttftMs;
    const wholeMs = contentMs + this.#restMs;
    attempt.isServed = true;
    this.#served += 1;
    if (this.#servers !== null) {
      attempt.placeUntilMs = now + wholeMs - waitMs;
      this.#servers.take(attempt.placeUntilMs);
    }
    const headMs = flight.stream ? contentMs : wholeMs;
    if (headMs >= deadlines.firstEventMs) {
      this.#silence(attempt, deadlines.firstEventMs, now);
      return;
    }
    attempt.contentAtMs = now + headMs;
    attempt.retryAfterMs = null;
    if (wholeMs >= deadlines.totalMs) {
      attempt.failure = 'stall';
      attempt.totalMs = deadlines.totalMs;
      attempt.endsAtMs = now + deadlines.totalMs + this.#options.lateMs;
    } else {
      attempt.failure = null;
      attempt.totalMs = wholeMs;
      attempt.endsAtMs = now + wholeMs;
    }
  }

  #drawTimes(flight: Flight, now: Ms): void {
    const { parameters, conditions, capacity } = this.#options;
    const { attempt } = flight;
    const draws = this.#draws;
    this.#readCache(flight, now);
    const freshTokens = attempt.inputTokens - attempt.cachedReadTokens;
    const { baseMs, prefillMsPerToken, msPerOutputToken, ttftSigma, tokenSigma } = parameters;
    let ttftMs = (baseMs + freshTokens * prefillMsPerToken) * Math.exp(ttftSigma * draws.normal());
    let tokenMs = msPerOutputToken * Math.exp(tokenSigma * draws.spareNormal());
    const { ttftLoad, tokenLoad } = parameters;
    if (ttftLoad !== null) ttftMs *= loadFactor(ttftLoad, this.#served);
    if (tokenLoad !== null) tokenMs *= loadFactor(tokenLoad, this.#served);
    if (this.#slowFactor !== 1) {
      ttftMs *= this.#slowFactor;
      tokenMs *= this.#slowFactor;
    }
    for (const change of conditions.latency) {
      if (!holds(change, now)) continue;
      ttftMs *= change.ttftFactor;
      tokenMs *= change.tokenTimeFactor;
    }
    if (capacity !== null) {
      const busy = Math.min(1, this.#served / capacity.concurrentRequests);
      tokenMs *= 1 + (capacity.slowWhenFull - 1) * busy;
    }
    this.#ttftMs = ttftMs;
    this.#restMs = attempt.outputTokens * tokenMs;
  }

  #readCache({ attempt, columns, index, copy }: Flight, now: Ms): void {
    const { cache, assumedReadShare, bills } = this.#options;
    const prefix = columns?.prefix ?? null;
    if (cache !== null && prefix !== null) {
      attempt.cachedReadTokens = cache.use(prefix, index, copy, attempt.inputTokens, now);
    } else if (assumedReadShare > 0 && attempt.inputTokens >= bills.leastTokens) {
      attempt.cachedReadTokens = Math.floor(attempt.inputTokens * assumedReadShare);
    } else return;
    if (bills.cacheWrites && attempt.inputTokens >= bills.leastTokens) {
      attempt.cacheWrite5mTokens = attempt.inputTokens - attempt.cachedReadTokens;
    }
  }

  /** Content comes and then no end. What is not streamed shows nothing before its end. */
  #breakOff(flight: Flight, kind: 'stall' | 'truncated', deadlines: Deadlines, now: Ms): void {
    const { attempt } = flight;
    this.#drawTimes(flight, now);
    const ttftMs = this.#ttftMs;
    const lastMs = ttftMs + this.#restMs * this.#draws.next();
    if (!flight.stream || ttftMs >= deadlines.firstEventMs) {
      const resetMs = kind === 'stall' ? deadlines.firstEventMs : lastMs;
      if (resetMs >= deadlines.firstEventMs) this.#silence(attempt, deadlines.firstEventMs, now);
      else failAfter(attempt, 'reset', null, now, resetMs);
      return;
    }
    const noticedMs = kind === 'stall' ? deadlines.stallMs + this.#options.lateMs : 0;
    attempt.failure = kind;
    attempt.retryAfterMs = null;
    attempt.contentAtMs = now + ttftMs;
    attempt.totalMs = lastMs;
    attempt.endsAtMs = now + lastMs + noticedMs;
  }

  #fail(
    attempt: Attempt,
    kind: FailureKind,
    retryAfterMs: number | null,
    deadlines: Deadlines,
    now: Ms,
  ): void {
    if (kind === 'first-byte-timeout') this.#silence(attempt, deadlines.firstEventMs, now);
    else if (kind === 'connect-timeout') {
      failAfter(attempt, kind, null, now, deadlines.connectMs);
    } else if (kind === 'refused') failAfter(attempt, kind, null, now, refusedMs);
    else this.#refuse(attempt, kind, retryAfterMs, now);
  }

  #silence(attempt: Attempt, firstEventMs: Ms, now: Ms): void {
    failAfter(attempt, 'first-byte-timeout', null, now, firstEventMs + this.#options.lateMs);
  }

  #refuse(attempt: Attempt, kind: FailureKind, retryAfterMs: number | null, now: Ms): void {
    const afterMs = this.#options.parameters.errorMs * this.#slowFactor;
    failAfter(attempt, kind, retryAfterMs, now, afterMs);
  }
}
