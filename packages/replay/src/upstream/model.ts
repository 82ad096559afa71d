// What is known of how an upstream behaves, and how well it is known: plain data, fitted to a
// ledger or assumed. A replay draws one behaviour from it for each seed, so that what is not known
// well shows in the interval of the result.

import type { FailureKind } from '@entrepot/engine/outcome';

/** A positive number: its logarithm is normal around that of the median. 0 is known exactly. */
export interface Uncertain {
  readonly median: number;
  readonly logSd: number;
}

/** A share of attempts: Beta-distributed, as after so many that did and so many that did not. */
export interface UncertainShare {
  readonly yes: number;
  readonly no: number;
}

export interface LatencyModel {
  /** First token of an empty prompt. */
  readonly baseMs: Uncertain;
  /** For each token of input that is not read from a cache. */
  readonly prefillMsPerToken: Uncertain;
  readonly msPerOutputToken: Uncertain;
  /** Between what is not known of the two before: the one may be less where the other is more. */
  readonly ttftCorrelation: number;
  /** Deviation of the logarithm from one answer to the next. */
  readonly ttftSigma: number;
  readonly tokenSigma: number;
  /** How both grow with load; absent is not at all, or as is not known. */
  readonly ttftLoad?: LoadModel;
  readonly tokenLoad?: LoadModel;
}

/** Times grow with the requests under way, straight: the medians are those with `usual` many. */
export interface LoadModel {
  /** So many times the time of an idle upstream comes on top for each of them. */
  readonly perRequest: Uncertain;
  readonly usual: number;
}

/** How often attempts fail in one way while nothing else is the matter. */
export interface ErrorModel {
  readonly kind: FailureKind;
  readonly share: UncertainShare;
  /** What the refusal asks for; null is nothing. */
  readonly retryAfterMs: number | null;
}

/** Of one deployment. null is no limit. */
export interface QuotaModel {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

/** An upstream that serves so many at a time. */
export interface CapacityModel {
  readonly concurrentRequests: number;
  readonly whenFull: 'queue' | 'refuse';
  /** The time per token at full use, times that of an idle one. */
  readonly slowWhenFull: number;
}

export interface CacheModel {
  /** How long a prefix stays after it was used last. */
  readonly ttlMs: number;
  /** Shorter prompts are not cached, and what is read counts in whole steps. */
  readonly leastTokens: number;
  readonly stepTokens: number;
  /** Caches only what the caller marks, and bills the writing. */
  readonly isMarked: boolean;
  /** Share of input that is read where the traffic does not say which prompts begin alike. */
  readonly assumedReadShare: number;
}

export interface UpstreamModel {
  readonly latency: LatencyModel;
  readonly errors: readonly ErrorModel[];
  /** Until an error other than a silence is told. */
  readonly errorMs: Uncertain;
  readonly quota: QuotaModel;
  /** null is as much as is asked for. */
  readonly capacity: CapacityModel | null;
  /** null caches nothing. */
  readonly cache: CacheModel | null;
  /** What is not measured, a sentence each, for the report. */
  readonly assumed: readonly string[];
}
