// How often a job of many chips is interrupted. A synchronous job stops when any of its chips,
// hosts, links or switches does, so that rates add up: a job of n chips is stopped n times as
// often.
//
// One record is public with chips, days and counts: Llama 3 405B (arXiv 2407.21783, section 3.3.4):
// 466 interruptions in 54 days on 16,384 H100, of them 47 planned and 419 not. Chips without a
// record are given its rate with the range that the literature spans; nothing better is known of
// them.

import type { Interval } from '../interval.ts';

export interface FailureRate {
  /** Interruptions nobody planned, per chip and day. */
  readonly unplannedPerChipDay: Interval;
  /** Maintenance: the job saves, stops and starts again. */
  readonly plannedPerChipDay: number;
  readonly source: string;
  /** Whether it was counted on this kind of chip. */
  readonly measured: boolean;
}

const llama3 = { chips: 16_384, days: 54, unplanned: 419, planned: 47 };
const chipDays = llama3.chips * llama3.days;
/** Two standard deviations of a count, as of any Poisson process. */
const spread = 1.96 * Math.sqrt(llama3.unplanned);

const counted: FailureRate = {
  unplannedPerChipDay: {
    low: (llama3.unplanned - spread) / chipDays,
    likely: llama3.unplanned / chipDays,
    high: (llama3.unplanned + spread) / chipDays,
  },
  plannedPerChipDay: llama3.planned / chipDays,
  source: 'Llama 3 405B, 419 unplanned and 47 planned in 54 days on 16,384 H100',
  measured: true,
};

/** From the best to the worst fleets that were written about; taken for chips without a record. */
const unmeasured: FailureRate = {
  unplannedPerChipDay: { low: 2e-4, likely: llama3.unplanned / chipDays, high: 1e-3 },
  plannedPerChipDay: llama3.planned / chipDays,
  source: 'no public record of this chip: the rate of H100, with a wider range',
  measured: false,
};

/** The rate of a chip by its id in the catalog. */
export function failureRateOf(acceleratorId: string): FailureRate {
  return acceleratorId === 'H100-SXM' ? counted : unmeasured;
}

/** Seconds between interruptions of a job, on average. */
export function meanSecondsBetween(perChipDay: number, chips: number): number {
  return 86_400 / (perChipDay * chips);
}
