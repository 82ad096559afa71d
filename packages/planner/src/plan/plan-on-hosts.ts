// A plan for one layout on the hosts of one offer: how long, how much of it is progress, what it
// costs.

import type { TrainingPlace } from '../capacity/place-training.ts';
import { type HostOffer, type HostTerm, hostTerms } from '../cost/host-offer.ts';
import { cheapestTerm, jobCost } from '../cost/job-cost.ts';
import { reclaimedPerHostDay } from '../cost/spot.ts';
import { failureRateOf } from '../goodput/failure-rate.ts';
import { type Goodput, goodput } from '../goodput/goodput.ts';
import { extraStragglerFactor, hostSpread } from '../goodput/straggler.ts';
import type { Interval } from '../interval.ts';
import type { Layout } from '../layout.ts';
import { countParameters } from '../model-shape.ts';
import type { StepPrediction } from '../train/step.ts';
import type { PlannedStack } from './stack-for.ts';
import type { StepFigures, TrainingPlan } from './training-plan.ts';
import type { TrainingRequest } from './training-request.ts';

export interface LaidOut {
  readonly acceleratorId: string;
  readonly chips: number;
  readonly stack: PlannedStack;
  readonly validated: boolean;
  /** The step with the range that it is likely in. */
  readonly stepSeconds: Interval;
  readonly layout: Layout;
  readonly step: StepPrediction;
  /** Figures of the chip that were assumed. */
  readonly unknown: readonly string[];
  /** Within limits of capacity: where and when. */
  readonly place: TrainingPlace | null;
}

/** Hosts of the largest published runs: what jitter was fitted on. */
const largestPublishedHosts = 1_452;
/** Less than this share of progress is no plan. */
const leastGoodput = 0.05;
const secondsPerDay = 86_400;

/** The plan; `isPareto` is left to whoever has all plans. */
export function planOnHosts(
  request: TrainingRequest,
  laid: LaidOut,
  offer: HostOffer,
): TrainingPlan {
  const hosts = laid.chips / offer.chips;
  const step = stepFigures(request, laid, hosts);
  const steps = Math.ceil(request.tokens / (request.globalBatch * request.sequence));
  const at = (term: HostTerm): Goodput => goodputOn(request, laid, hosts, term);
  const usual = at('on-demand');
  const days = Object.fromEntries(
    hostTerms.map(term => [term, daysOf(steps, step.seconds, at(term))]),
  ) as TrainingPlan['days'];
  const cost = jobCost(offer, { hosts, spareHosts: usual.spareHosts, days });
  const tooMuch = beyondCommitted(offer, hosts + usual.spareHosts, days.committed);
  return {
    id: idOf(laid, offer),
    acceleratorId: laid.acceleratorId,
    family: laid.stack.chip.family,
    unvalidated: !laid.validated,
    framework: laid.stack.launch ?? laid.stack.framework,
    chips: laid.chips,
    host: {
      cloud: offer.cloud,
      region: offer.region,
      instance: offer.instance,
      count: hosts,
      spares: usual.spareHosts,
      chips: offer.chips,
      ranksPerChip: laid.stack.ranks,
      usdPerHour: offer.usdPerHour,
      priceSource: offer.source,
      priceSeenOn: offer.seenOn,
      committedSource: offer.committed?.source ?? null,
    },
    layout: laid.layout,
    memory: laid.step.memory,
    step,
    steps,
    goodput: usual,
    checkpointEverySteps: Math.max(1, Math.round(usual.checkpointEverySeconds / laid.step.seconds)),
    waitDays: laid.place?.waitDays ?? 0,
    days,
    cost,
    cheapestTerm: cheapestTerm(cost, tooMuch === null ? hostTerms : ['on-demand', 'spot']),
    isPareto: false,
    notes: [...notesOf(laid, usual), ...(tooMuch === null ? [] : [tooMuch])],
  };
}

/** What stands against the committed price: more hosts or days than are sold at it; or null. */
function beyondCommitted(
  { committed }: HostOffer,
  hosts: number,
  days: Interval | null,
): string | null {
  if (committed === null || days === null) return null;
  const { product, mostHosts, mostDays } = committed;
  if (hosts <= (mostHosts ?? hosts) && days.likely <= (mostDays ?? days.likely)) return null;
  return (
    `committed is at the price of ${product}, sold for ${mostHosts} hosts and ${mostDays} days ` +
    `at most: ${hosts} hosts for ${Math.ceil(days.likely)} days take an agreement`
  );
}

function idOf({ acceleratorId, chips, place }: LaidOut, { cloud }: HostOffer): string {
  if (place === null) return `${acceleratorId}/${cloud}/${chips}`;
  const { region, from } = place.limit;
  const later = place.waitDays > 0 ? `/${from}` : '';
  return `${acceleratorId}/${cloud}/${region}/${chips}${later}`;
}

function goodputOn(
  request: TrainingRequest,
  laid: LaidOut,
  hosts: number,
  term: HostTerm,
): Goodput {
  return goodput({
    parameters: countParameters(request.model).total,
    chips: laid.chips,
    hosts,
    rate: failureRateOf(laid.acceleratorId),
    ...(term === 'spot' ? { reclaimedPerHostDay } : {}),
  });
}

function daysOf(steps: number, seconds: Interval, { share }: Goodput): Interval | null {
  if (share.likely < leastGoodput) return null;
  const days = (step: number, progress: number): number =>
    (steps * step) / Math.max(progress, leastGoodput) / secondsPerDay;
  return {
    low: days(seconds.low, share.high),
    likely: days(seconds.likely, share.likely),
    high: days(seconds.high, share.low),
  };
}

function stepFigures(request: TrainingRequest, laid: LaidOut, hosts: number): StepFigures {
  const { step, validated } = laid;
  const plain = laid.stepSeconds;
  const measured = validated ? largestPublishedHosts : 1;
  const extra = extraStragglerFactor(hosts, measured, hostSpread.high);
  const seconds = { ...plain, high: plain.high * extra };
  const tokens = request.globalBatch * request.sequence;
  const per = (of: number): Interval => ({
    low: of / seconds.high,
    likely: of / seconds.likely,
    high: of / seconds.low,
  });
  return {
    seconds,
    parts: step.parts,
    mfu: per(step.mfu * step.seconds),
    tokensPerSecond: per(tokens),
  };
}

function notesOf(laid: LaidOut, { rate }: Goodput): string[] {
  const notes: string[] = [];
  if (!laid.validated) {
    notes.push(`unvalidated: no training run of ${laid.acceleratorId} is public`);
  }
  if (!rate.measured) notes.push(`failures: ${rate.source}`);
  for (const figure of laid.unknown) notes.push(`${figure} is unknown and was assumed`);
  return notes;
}
