// One way to buy a model: model x service x region x term. The types that the whole project reads;
// `asOf` makes them from the dated records of catalog/.

export type Cloud = 'aws' | 'azure' | 'google' | 'openai' | 'anthropic' | 'self';
export type Term = 'on-demand' | 'provisioned' | 'batch';
export type Feature =
  | 'streaming'
  | 'tools'
  | 'vision'
  | 'documents'
  | 'audio'
  | 'json-schema'
  | 'reasoning'
  | 'prompt-caching'
  | 'candidates'
  | 'logprobs';

/**
 * Prices in integer pico-USD per token (1 USD per million tokens = 1,000,000 pico-USD per token).
 * null is unknown, never 0.
 */
export interface Prices {
  readonly inputPicoUsd: number | null;
  readonly outputPicoUsd: number | null;
  readonly cachedReadPicoUsd: number | null;
  readonly cacheWrite5mPicoUsd: number | null;
  readonly cacheWrite1hPicoUsd: number | null;
  /** Ascending. The last tier whose threshold the request's input exceeds prices all its tokens. */
  readonly tiers: readonly PriceTier[];
}
export interface PriceTier {
  readonly aboveInputTokens: number;
  readonly inputPicoUsd: number;
  readonly outputPicoUsd: number;
  readonly cachedReadPicoUsd: number | null;
  readonly cacheWrite5mPicoUsd: number | null;
  readonly cacheWrite1hPicoUsd: number | null;
}

/** Where a fact is from and when it was seen there (ISO date). */
export interface Provenance {
  readonly source: string;
  readonly seenOn: string;
}

/** What one source says where several disagree. USD per million tokens, as it says it. */
export interface Claim extends Provenance {
  readonly inputUsdPerMtok: number | null;
  readonly outputUsdPerMtok: number | null;
}

/** An offer as it stands on one day. */
export interface Offer extends Provenance {
  /** `service/region/vendor/name`, with `#batch` or `#provisioned` for those terms. */
  readonly id: string;
  /** Canonical id `vendor/name`. */
  readonly model: string;
  /** Who sells: a `Cloud` in the catalog; a configuration may name another vendor. */
  readonly cloud: string;
  readonly service: string;
  /** A region (`us-east-1`), a geography (`us`, `eu`) or `global`. */
  readonly region: string;
  readonly term: Term;
  /** What the service calls the model, in the body or in the path. */
  readonly serviceModelId: string;
  /** Other names that the service sells it by at the same price (dated snapshots). Absent: none. */
  readonly aliases?: readonly string[];
  /** Wire formats that it is sold in, most faithful first. */
  readonly dialects: readonly string[];
  readonly prices: Prices;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly features: readonly Feature[];
  /** Where data may be processed: `us`, `eu`, ... or `global`; null is unknown. */
  readonly residency: string | null;
  /** Monthly availability promised, as a fraction (0.999); null is unknown or none. */
  readonly slaAvailability: number | null;
  /** ISO dates, [from, until): `validUntil` is the first day it is no longer sold. null is open. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** Empty when the sources agree. */
  readonly conflicts: readonly Claim[];
}
