// The share of a job's time that makes progress. Failures are Poisson; each one costs the work
// since the last checkpoint and a restart. Time for T seconds of work, saves of d, restarts of R
// and a mean time between failures M: M e^(R/M) (e^((T+d)/M) - 1) (Daly 2006, the complete
// model), which holds up where failures are as frequent as checkpoints.

import type { Interval } from '../interval.ts';
import { type CheckpointCost, checkpointCost, dalySeconds } from './checkpoint.ts';
import { type FailureRate, meanSecondsBetween } from './failure-rate.ts';
import { spareHosts } from './spares.ts';

export interface GoodputInput {
  readonly parameters: number;
  readonly chips: number;
  readonly hosts: number;
  readonly rate: FailureRate;
  /** Interruptions by a seller that takes spot capacity back, per host and day; 0 elsewhere. */
  readonly reclaimedPerHostDay?: Interval;
  /** From a failure until the job works again: found, replaced, loaded, compiled. */
  readonly restartSeconds?: Interval;
  readonly repairDays?: number;
}

/** Where a job's time goes; the shares and `useful` add up to 1. */
export interface GoodputParts {
  readonly useful: number;
  readonly saving: number;
  readonly lostWork: number;
  readonly restarting: number;
  readonly maintenance: number;
}

export interface Goodput {
  /** `useful` at the best, the likely and the worst rates and restarts. */
  readonly share: Interval;
  readonly parts: GoodputParts;
  readonly meanSecondsBetweenFailures: number;
  readonly checkpoint: CheckpointCost;
  readonly checkpointEverySeconds: number;
  readonly spareHosts: number;
  readonly rate: FailureRate;
}

/**
 * With a spare host at hand and a scheduler that restarts by itself: 3 minutes at best; 10 likely,
 * as of jobs of thousands of chips that have to find the fault, load and warm up; 20 by hand.
 */
export const usualRestartSeconds: Interval = { low: 180, likely: 600, high: 1200 };
/** Until a broken host is back or another one was delivered. */
const usualRepairDays = 1;
const never: Interval = { low: 0, likely: 0, high: 0 };

/** The goodput of a job at its best checkpoint interval. */
export function goodput(input: GoodputInput): Goodput {
  const { chips, hosts, rate, reclaimedPerHostDay = never } = input;
  const restart = input.restartSeconds ?? usualRestartSeconds;
  const checkpoint = checkpointCost(input.parameters, chips, hosts);
  const perChip = (end: keyof Interval): number =>
    rate.unplannedPerChipDay[end] + (reclaimedPerHostDay[end] * hosts) / chips;
  const mtbf = (end: keyof Interval): number => meanSecondsBetween(perChip(end), chips);
  const planned = meanSecondsBetween(rate.plannedPerChipDay, chips);
  const every = intervalSeconds(checkpoint, mtbf('likely'));
  const at = (end: keyof Interval): GoodputParts =>
    shares(every, checkpoint.holdSeconds, restart[end], mtbf(end), planned);
  const brokenPerHostDay = (rate.unplannedPerChipDay.likely * chips) / hosts;
  return {
    // The lowest rates give the highest share.
    share: { low: at('high').useful, likely: at('likely').useful, high: at('low').useful },
    parts: at('likely'),
    meanSecondsBetweenFailures: mtbf('likely'),
    checkpoint,
    checkpointEverySeconds: every,
    spareHosts: spareHosts(hosts, brokenPerHostDay, input.repairDays ?? usualRepairDays),
    rate,
  };
}

function intervalSeconds(checkpoint: CheckpointCost, mtbfSeconds: number): number {
  return Math.max(dalySeconds(checkpoint.holdSeconds, mtbfSeconds), checkpoint.writeSeconds);
}

function shares(
  every: number,
  hold: number,
  restart: number,
  mtbf: number,
  planned: number,
): GoodputParts {
  const whole = mtbf * Math.exp(restart / mtbf) * Math.expm1((every + hold) / mtbf);
  const maintenance = Math.min(1, (restart + hold) / planned);
  const running = 1 - maintenance;
  const useful = (running * every) / whole;
  const saving = (running * hold) / whole;
  const lost = running - useful - saving;
  // Of what failures cost, restarts take their part of restart + half an interval.
  const restarting = (lost * restart) / (restart + (every + hold) / 2);
  return { useful, saving, lostWork: lost - restarting, restarting, maintenance };
}
