// Offers, deployments, routes and requests for the tests of the engine: plain ones, of which each
// test changes what it is about. And a seeded source of random numbers.

import type { Cloud, Offer, Prices } from '@entrepot/catalog/offer';
import type { Constraints, Deployment, Objective, Route } from '../src/deployment.ts';
import type { Random } from '../src/engine.ts';
import type { Intent, Usage } from '../src/intent.ts';
import type { AttemptOutcome, FailureKind } from '../src/outcome.ts';

/** 2.50 USD in, 10 USD out per million tokens; no cache prices, no tiers. */
export function prices(changes: Partial<Prices> = {}): Prices {
  return {
    inputPicoUsd: 2_500_000,
    outputPicoUsd: 10_000_000,
    cachedReadPicoUsd: null,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
    tiers: [],
    ...changes,
  };
}

export function offer(changes: Partial<Offer> = {}): Offer {
  return {
    id: 'openai-api/global/openai/gpt-4o',
    model: 'openai/gpt-4o',
    cloud: 'openai',
    service: 'openai-api',
    region: 'global',
    term: 'on-demand',
    serviceModelId: 'gpt-4o',
    dialects: ['openai-chat'],
    prices: prices(),
    contextTokens: 128_000,
    maxOutputTokens: 16_384,
    features: ['streaming', 'tools', 'vision'],
    residency: 'us',
    slaAvailability: null,
    validFrom: null,
    validUntil: null,
    conflicts: [],
    source: 'made for this test',
    seenOn: '2026-11-24',
    ...changes,
  };
}

/** A deployment called `id`, of the cloud of that name unless another is given. */
export function deployment(
  id: string,
  offerChanges: Partial<Offer> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  const own = offer({ id: `offer-of-${id}`, cloud: id as Cloud, ...offerChanges });
  return { id, offer: own, priority: 0, expectedTtftMs: null, ...changes };
}

export function route(
  deployments: readonly Deployment[],
  objective: Objective = 'priority',
  constraints: Partial<Constraints> = {},
): Route {
  const none = {
    maxTtftMs: null,
    residency: null,
    maxInputPicoUsd: null,
    maxOutputPicoUsd: null,
    maxShare: null,
  };
  return {
    name: 'chat',
    policy: { objective, constraints: { ...none, ...constraints } },
    deployments,
  };
}

export function intent(changes: Partial<Intent> = {}): Intent {
  return {
    route: 'chat',
    dialect: 'openai-chat',
    operation: 'generate',
    stream: true,
    features: [],
    inputTokens: 1000,
    maxOutputTokens: 500,
    key: 'key-1',
    ...changes,
  };
}

export function usage(changes: Partial<Usage> = {}): Usage {
  return {
    inputTokens: 1000,
    cachedReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 200,
    ...changes,
  };
}

export function succeeded(id: string, changes: Partial<AttemptOutcome> = {}): AttemptOutcome {
  const usual = { ttftMs: 300, totalMs: 2_000, outputTokens: 100 };
  return { deployment: id, failure: null, ...usual, ...changes };
}

export function failed(
  id: string,
  kind: FailureKind,
  changes: { readonly retryAfterMs?: number | null; readonly totalMs?: number } = {},
): AttemptOutcome {
  const { retryAfterMs = null, totalMs = 10 } = changes;
  const failure = { kind, retryAfterMs };
  return { deployment: id, failure, ttftMs: null, totalMs, outputTokens: null };
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Always the same number: for decisions in which chance plays no part. */
export function constant(value: number): Random {
  return () => value;
}
