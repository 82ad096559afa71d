// How an upstream is taken to behave before anything of it was measured: plausible middles with
// wide intervals, and words for the report that say so.

import type { PublishedQuota } from '@entrepot/catalog/load-quotas';
import type { Offer } from '@entrepot/catalog/offer';
import type { Deployment } from '@entrepot/engine/deployment';
import type { CacheModel, ErrorModel, LatencyModel, Uncertain, UpstreamModel } from './model.ts';

/** Nine in ten within a factor of 2.3. */
const wide = 0.5;
/** Nine in ten within a factor of 1.5: what an operator expects. */
const expected = 0.25;

const latency: LatencyModel = {
  baseMs: { median: 600, logSd: wide },
  prefillMsPerToken: { median: 0.1, logSd: wide },
  msPerOutputToken: { median: 15, logSd: wide },
  ttftCorrelation: 0,
  ttftSigma: 0.4,
  tokenSigma: 0.15,
};

/** 99.8 % of attempts do well, from seven failures in 3,500: services promise 99.5 to 99.9 %. */
const errors: readonly ErrorModel[] = [
  { kind: 'server-error', share: { yes: 3, no: 3497 }, retryAfterMs: null },
  { kind: 'overloaded', share: { yes: 3, no: 3497 }, retryAfterMs: null },
  { kind: 'first-byte-timeout', share: { yes: 1, no: 3499 }, retryAfterMs: null },
];

/** As the services' guides to prompt caching have it: from 1,024 tokens on, kept for minutes. */
const cache: Omit<CacheModel, 'isMarked'> = {
  ttlMs: 300_000,
  leastTokens: 1024,
  stepTokens: 128,
  assumedReadShare: 0,
};

/** `published` is the quota that its vendor gives; null takes none. */
export function defaultUpstream(
  { offer, expectedTtftMs }: Deployment,
  published: PublishedQuota | null = null,
): UpstreamModel {
  const baseMs: Uncertain =
    expectedTtftMs === null ? latency.baseMs : { median: expectedTtftMs, logSd: expected };
  return {
    latency: { ...latency, baseMs },
    errors,
    errorMs: { median: 100, logSd: wide },
    quota: {
      requestsPerMinute: published?.requestsPerMinute ?? null,
      tokensPerMinute: published?.tokensPerMinute ?? null,
    },
    capacity: null,
    cache: cacheOf(offer),
    assumed: assumedOf(offer, baseMs, published),
  };
}

/** A cache is there where reading from it has a price; it is marked where writing has one. */
function cacheOf({ prices }: Offer): CacheModel | null {
  if (prices.cachedReadPicoUsd === null) return null;
  return { ...cache, isMarked: prices.cacheWrite5mPicoUsd !== null };
}

function assumedOf({ id }: Offer, baseMs: Uncertain, published: PublishedQuota | null): string[] {
  const { msPerOutputToken } = latency;
  return [
    `${id}: first token after ${shown(baseMs)} and 0.1 ms for each token of input, then ` +
      `${shown(msPerOutputToken)} for each token of output; nothing of it is measured`,
    published === null
      ? `${id}: 0.2 % of attempts fail, and it has no quota`
      : `${id}: 0.2 % of attempts fail, and its quota is ${quotaText(published)}`,
  ];
}

function quotaText(published: PublishedQuota): string {
  const { requestsPerMinute, tokensPerMinute, tier, source } = published;
  const parts = [
    ...(requestsPerMinute === null ? [] : [`${requestsPerMinute} requests`]),
    ...(tokensPerMinute === null ? [] : [`${tokensPerMinute} tokens`]),
  ];
  return `${parts.join(' and ')} a minute, as published for ${tier} (${source})`;
}

/** Its median, and between what nine in ten lie. */
function shown({ median, logSd }: Uncertain): string {
  const factor = Math.exp(1.645 * logSd);
  const [least, most] = [median / factor, median * factor].map(ms => Number(ms.toPrecision(2)));
  return `${median} ms (${least} to ${most})`;
}
