// Plans a deployment on each accelerator: the layout with the fewest chips that keeps the promise
// under the simulated traffic, or why there is none.

import type { Chip } from '../chip.ts';
import { type ArrivalMeans, type Arrivals, arrivalMeans } from './arrivals.ts';
import { type Candidate, candidatesOf, type InstanceWish, whyNotJoined } from './candidates.ts';
import { instancesNeeded, type Slo, type Sustained, sustained } from './capacity.ts';
import { atConcurrency } from './closed-loop.ts';
import { medianError, unvalidatedError } from './fit-error.ts';
import { instanceChips, type ServingInstance } from './instance.ts';
import { type MemoryRule, type MemoryUse, memoryUse } from './memory.ts';
import type { FittedServing } from './read-parameters.ts';
import type { SimulatedLoad } from './simulate.ts';

export interface ServingWish extends InstanceWish {
  readonly arrivals: Arrivals;
  readonly slo: Slo;
  readonly fitted: FittedServing;
}

export interface ServingPlan {
  readonly acceleratorId: string;
  readonly instance: ServingInstance;
  /** Hosts of one instance. */
  readonly hosts: number;
  readonly memory: MemoryUse;
  readonly load: SimulatedLoad;
  readonly sustained: Sustained;
  readonly means: ArrivalMeans;
  readonly chips: number;
  /** Chips at the low and the high end of the physics' error. */
  readonly chipsLow: number;
  readonly chipsHigh: number;
  /** Published runs that the parameters were fitted on: of this accelerator, within a host. */
  readonly runs: number;
}

export interface ServingRefusal {
  readonly acceleratorId: string;
  /** What stands against it, and the nearest thing that would work. */
  readonly why: string;
}

/** The plan for one accelerator, or why there is none. */
export function planServing(wish: ServingWish, chip: Chip): ServingPlan | ServingRefusal {
  const refuse = (why: string): ServingRefusal => ({ acceleratorId: chip.id, why });
  if (chip.bf16 === null) return refuse('its peak in bf16 is not known');
  if (chip.hbmBytes === null || chip.hbmBytesPerSecond === null) {
    return refuse('its memory or memory bandwidth is not known');
  }
  const means = arrivalMeans(wish.arrivals);
  const candidates = candidatesOf(wish, chip);
  const usable = wish.fitted.parameters.shared;
  const fitting = candidates.filter(({ instance }) => memoryUse(instance, usable)!.cacheBytes > 0);
  if (fitting.length === 0) return refuse(tooLarge(candidates, usable, whyNotJoined(wish, chip)));
  const able = fitting
    .map(candidate => ({
      ...candidate,
      can: sustained(candidate.instance, means, wish.slo, wish.fitted.parameters),
    }))
    .filter((c): c is Able => c.can !== null);
  if (able.length === 0) return refuse(tooSlow(fitting, means, wish));
  return (
    bestPlan(wish, able, means) ??
    refuse('no number of instances keeps the percentiles: single requests are too long')
  );
}

/** A candidate, and what it sustains within the promise. */
interface Able extends Candidate {
  readonly can: Sustained;
}

/** Those of the best estimates are simulated. */
const mostSimulated = 3;
/** Chips of a plan over hosts, against one within a host, from which on it is worth the hosts. */
const worthJoining = 0.9;

/** Within a host, or over several where that takes clearly fewer chips or is the only way. */
function bestPlan(
  wish: ServingWish,
  able: readonly Able[],
  means: ArrivalMeans,
): ServingPlan | null {
  const single = able
    .filter(({ hosts }) => hosts === 1)
    .sort((a, b) => perChip(b) - perChip(a))
    .slice(0, mostSimulated);
  const alone = fewest(single.map(one => planOf(wish, one, means)));
  const limit = alone === null ? Number.POSITIVE_INFINITY : alone.chips * worthJoining;
  const estimate = ({ instance, can }: Able): number =>
    Math.ceil(means.requestsPerSecond / can.requestsPerSecond) * instanceChips(instance.layout);
  const joined = able
    .filter(one => one.hosts > 1 && estimate(one) <= limit)
    .sort((a, b) => estimate(a) - estimate(b) || a.hosts - b.hosts || perChip(b) - perChip(a))
    .slice(0, mostSimulated);
  const over = fewest(joined.map(one => planOf(wish, one, means)));
  return over !== null && over.chips <= limit ? over : alone;
}

function fewest(plans: readonly (ServingPlan | null)[]): ServingPlan | null {
  const found = plans.filter(plan => plan !== null);
  return found.reduce<ServingPlan | null>(
    (best, plan) => (best === null || plan.chips < best.chips ? plan : best),
    null,
  );
}

function perChip({ instance, can }: Able): number {
  return can.requestsPerSecond / instanceChips(instance.layout);
}

function planOf(
  wish: ServingWish,
  { instance, hosts, can }: Able,
  means: ArrivalMeans,
): ServingPlan | null {
  const { arrivals, slo, fitted } = wish;
  const estimate = means.requestsPerSecond / can.requestsPerSecond;
  const load = instancesNeeded(arrivals, instance, slo, estimate, fitted.parameters);
  if (load === null) return null;
  const { chip, layout } = instance;
  const each = instanceChips(layout);
  const runs = hosts === 1 ? (fitted.accelerators[chip.id] ?? 0) : 0;
  const error = runs === 0 ? unvalidatedError : 1.5 * medianError(fitted, chip.id, 'throughput');
  const chips = load.instances * each;
  const round = (value: number): number => Math.max(each, Math.ceil(value / each) * each);
  return {
    acceleratorId: chip.id,
    instance,
    hosts,
    memory: memoryUse(instance, fitted.parameters.shared)!,
    load,
    sustained: can,
    means,
    chips,
    chipsLow: round(chips / (1 + error)),
    chipsHigh: round(chips * (1 + error)),
    runs,
  };
}

function tooLarge(
  candidates: readonly Candidate[],
  usable: MemoryRule,
  notJoined: string | null,
): string {
  const [least] = candidates
    .map(candidate => ({ ...candidate, memory: memoryUse(candidate.instance, usable)! }))
    .sort((a, b) => a.memory.weightBytes - b.memory.weightBytes);
  if (least === undefined) return 'no layout of its chips divides the attention heads';
  const chips = instanceChips(least.instance.layout);
  const { weightBytes, capacityBytes } = least.memory;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(0)} GB`;
  const narrower = { bf16: 'fp8', fp8: 'fp4', int8: 'int4', fp4: null, int4: null } as const;
  const next = narrower[least.instance.precision];
  const most = notJoined === null ? `${least.hosts} hosts` : `one host (${notJoined})`;
  return (
    `the weights take ${gigabytes(weightBytes)} of each of ${chips} chips' ` +
    `${gigabytes(capacityBytes)}, the most of ${most}; ` +
    `${next === null ? '' : `--precision ${next} or `}a larger chip`
  );
}

function tooSlow(
  fitting: readonly Candidate[],
  means: ArrivalMeans,
  { slo, fitted }: ServingWish,
): string {
  const alone = fitting.map(({ instance }) => atConcurrency(instance, means, 1, fitted.parameters));
  const ttft = Math.min(...alone.map(state => state.ttftSeconds));
  const tpot = Math.min(...alone.map(state => state.tpotSeconds));
  const parts: string[] = [];
  const ms = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
  if (ttft > slo.ttftSeconds) parts.push(`a request alone waits ${ms(ttft)} for its first token`);
  if (tpot > slo.tpotSeconds) parts.push(`a request alone takes ${ms(tpot)} a token`);
  if (parts.length === 0) parts.push('no layout keeps both limits at once');
  const ask = [`--ttft-p95 ${ms(1.2 * ttft)}`, `--tpot-p95 ${ms(1.2 * tpot)}`];
  return `${parts.join(' and ')}; ${ask.join(' ').replaceAll(' ms', 'ms')} would work`;
}
