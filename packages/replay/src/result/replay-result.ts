// What one replay found: sums and sketches as plain data, so that it can be sent and kept as JSON
// without loss.

import type { FailureKind } from '@entrepot/engine/outcome';
import type { Amount } from './amount.ts';
import type { Sketch } from './sketch.ts';

/** Requests by what their callers saw. */
export interface CallerSums {
  readonly requests: number;
  /** Got the whole answer. */
  readonly answered: number;
  /** Got part of an answer and an error. */
  readonly truncated: number;
  /** Got an error. */
  readonly failed: number;
  /** Were refused, since no offer may or can serve them; nothing was sent. */
  readonly refused: number;
}

/** Of one deployment. */
export interface DeploymentSums {
  readonly id: string;
  readonly offer: string;
  readonly cloud: string;
  readonly model: string;
  readonly attempts: number;
  readonly answered: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly cost: Amount;
  /** Input without what was read from the cache, output: as this model counts them. */
  readonly freshTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Spend that no offer of another cloud could have taken, under the policy. */
  readonly lockedCost: Amount;
  /** What the next best offers on other clouds would have cost more; may be below zero. */
  readonly leavingCost: Amount;
}

/** Of one key. */
export interface KeySums extends CallerSums {
  readonly name: string;
  readonly cost: Amount;
}

/** What is paid whether it is used or not, or taken off: capacity, commitments, egress. */
export interface FixedCost {
  readonly what: string;
  readonly cloud: string;
  readonly cost: Amount;
}

export interface Paid {
  readonly cost: Amount;
  /** What reading from caches saved, less what writing to them cost. */
  readonly cacheSavings: Amount;
}

export interface ReplayResult extends CallerSums {
  /** Of the arrivals; null without requests. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly attempts: number;
  /** Requests that went on to another deployment after a failure. */
  readonly failovers: number;
  /** Attempts that a rate limit or a quota refused. */
  readonly throttled: number;
  /** Requests for which every candidate was resting. */
  readonly panics: number;
  /** Answers of unknown cost: a price was missing, or the answer was cut. */
  readonly unpriced: number;
  /** Of the answers, by their charges; the fixed costs come on top. */
  readonly paid: Paid;
  /** What the same answers would have cost at the prices of each of the other markets. */
  readonly elsewhere: readonly Paid[];
  readonly fixedCosts: readonly FixedCost[];
  readonly deployments: readonly DeploymentSums[];
  readonly keys: readonly KeySums[];
  /** As callers saw them, of whole answers. */
  readonly ttft: Sketch;
  readonly total: Sketch;
}
