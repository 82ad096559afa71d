// What can be bought in advance, on which offers, for how much. Plain data.

import type { Criteria } from './criteria.ts';
import type { Provenance } from './offer.ts';

/** Throughput of one model of a service, by the hour, for one length of contract. */
export interface ThroughputTerm extends Provenance {
  readonly type: 'throughput';
  readonly name: string;
  /** `1 month`, `1 year`. */
  readonly term: string;
  readonly match: Criteria;
  readonly leastUnits: number;
  readonly stepUnits: number;
  readonly nanoUsdPerUnitHour: number;
  readonly inputTokensPerMinutePerUnit: number;
}

/** Spend that is promised, for a lower price. */
export interface SpendTerm extends Provenance {
  readonly type: 'spend';
  readonly name: string;
  readonly term: string;
  readonly match: Criteria;
  readonly discountPercent: number;
  readonly leastNanoUsdPerHour: number;
}

export type CapacityTerm = ThroughputTerm | SpendTerm;
