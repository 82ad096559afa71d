// Plans a deployment on each accelerator: the layout with the fewest chips that keeps the promise
// under the simulated traffic, or why there is none.

import type { Chip } from '../chip.ts';
import type { ServedShape } from '../served-shape.ts';
import { type ArrivalMeans, type Arrivals, arrivalMeans } from './arrivals.ts';
import { instancesNeeded, type Slo, type Sustained, sustained } from './capacity.ts';
import {
  type Engine,
  instanceChips,
  type ServingInstance,
  type ServingLayout,
  servingLayoutProblems,
} from './instance.ts';
import { type MemoryRule, type MemoryUse, memoryUse } from './memory.ts';
import { siliconOf } from './parameters.ts';
import { quantizationOf, type ServingPrecision } from './quantization.ts';
import type { FittedServing } from './read-parameters.ts';
import type { SimulatedLoad } from './simulate.ts';
import { atConcurrency } from './steady-state.ts';

/** A draft as it is asked for, before it is on any chip. */
export interface WishedSpeculation {
  readonly proposed: number;
  readonly acceptance: number;
  readonly draft: ServedShape | null;
}

export interface ServingWish {
  readonly shape: ServedShape;
  readonly arrivals: Arrivals;
  readonly slo: Slo;
  /** null: eight bits where the chip's engine serves them as a rule, else bf16. */
  readonly precision: ServingPrecision | null;
  /** null: the engine that is usual on the chip. */
  readonly engine: Engine | null;
  readonly speculation: WishedSpeculation | null;
  readonly fitted: FittedServing;
  /** Chips of the largest host that can be rented, by accelerator; else those of its usual host. */
  readonly hostChips: ReadonlyMap<string, number>;
}

export interface ServingPlan {
  readonly acceleratorId: string;
  readonly instance: ServingInstance;
  readonly memory: MemoryUse;
  readonly load: SimulatedLoad;
  readonly sustained: Sustained;
  readonly means: ArrivalMeans;
  readonly chips: number;
  /** Chips at the low and the high end of the physics' error. */
  readonly chipsLow: number;
  readonly chipsHigh: number;
  /** Published runs of this accelerator that the parameters were fitted on. */
  readonly runs: number;
}

export interface ServingRefusal {
  readonly acceleratorId: string;
  /** What stands against it, and the nearest thing that would work. */
  readonly why: string;
}

/** Error of a plan on a chip without published runs, as a share: twice what was ever measured. */
const unvalidatedError = 0.6;

/** The engine that is usual on a chip. */
export function usualEngine(chipId: string): Engine {
  const silicon = siliconOf(chipId);
  if (silicon === 'tpu') return 'tpu';
  return silicon.startsWith('neuron') ? 'neuron' : 'vllm';
}

/** The precision that a chip's usual engine serves in, where none is asked for. */
export function usualPrecision(chip: Chip): ServingPrecision {
  const wide = ['tpu', 'neuron'].includes(usualEngine(chip.id));
  return !wide && chip.fp8 !== null ? 'fp8' : 'bf16';
}

/** The plan for one accelerator, or why there is none. */
export function planServing(wish: ServingWish, chip: Chip): ServingPlan | ServingRefusal {
  const refuse = (why: string): ServingRefusal => ({ acceleratorId: chip.id, why });
  if (chip.bf16 === null) return refuse('its peak in bf16 is not known');
  if (chip.hbmBytes === null || chip.hbmBytesPerSecond === null) {
    return refuse('its memory or memory bandwidth is not known');
  }
  const means = arrivalMeans(wish.arrivals);
  const candidates = instancesOf(wish, chip);
  const usable = wish.fitted.parameters.shared;
  const fitting = candidates.filter(instance => memoryUse(instance, usable)!.cacheBytes > 0);
  if (fitting.length === 0) return refuse(tooLarge(candidates, usable));
  const able = fitting
    .map(instance => ({
      instance,
      can: sustained(instance, means, wish.slo, wish.fitted.parameters),
    }))
    .filter((c): c is { instance: ServingInstance; can: Sustained } => c.can !== null)
    .sort((a, b) => perChip(b) - perChip(a));
  if (able.length === 0) return refuse(tooSlow(fitting, means, wish));
  let best: ServingPlan | null = null;
  for (const { instance, can } of able.slice(0, 3)) {
    const plan = planOf(wish, instance, can, means);
    if (plan !== null && (best === null || plan.chips < best.chips)) best = plan;
  }
  return (
    best ?? refuse('no number of instances keeps the percentiles: single requests are too long')
  );
}

function perChip({ instance, can }: { instance: ServingInstance; can: Sustained }): number {
  return can.requestsPerSecond / instanceChips(instance.layout);
}

function planOf(
  wish: ServingWish,
  instance: ServingInstance,
  can: Sustained,
  means: ArrivalMeans,
): ServingPlan | null {
  const { arrivals, slo, fitted } = wish;
  const estimate = means.requestsPerSecond / can.requestsPerSecond;
  const load = instancesNeeded(arrivals, instance, slo, estimate, fitted.parameters);
  if (load === null) return null;
  const { chip, layout } = instance;
  const each = instanceChips(layout);
  const runs = fitted.accelerators[chip.id] ?? 0;
  const error = runs === 0 ? unvalidatedError : errorOf(chip.id, fitted);
  const chips = load.instances * each;
  const round = (value: number): number => Math.max(each, Math.ceil(value / each) * each);
  return {
    acceleratorId: chip.id,
    instance,
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

/** Error of runs that no fit had seen, of this accelerator where it is worse than of all. */
function errorOf(chipId: string, { crossValidation }: FittedServing): number {
  const own = crossValidation.groups.find(
    group => group.name === chipId && group.measure === 'throughput',
  );
  return 1.5 * Math.max(crossValidation.throughput.median, own?.median ?? 0);
}

/** Every instance that is worth a look: tensor parallel, and attention replicas with experts. */
export function instancesOf(
  wish: Omit<ServingWish, 'arrivals' | 'slo'>,
  chip: Chip,
): ServingInstance[] {
  const { shape } = wish;
  const engine = wish.engine ?? usualEngine(chip.id);
  const precision = wish.precision ?? usualPrecision(chip);
  const narrow =
    precision !== 'bf16' && (engine === 'trtllm' || siliconOf(chip.id) === 'blackwell');
  const make = (layout: ServingLayout, of = shape): ServingInstance => ({
    shape: of,
    chip,
    layout,
    precision,
    quantization: quantizationOf(of, chip, precision),
    cacheBytes: narrow ? 1 : 2,
    engine,
    softwareAgeYears: 0,
    speculation: null,
    pollSteps: 1,
  });
  const speculating = (layout: ServingLayout): ServingInstance => {
    const instance = make(layout);
    if (wish.speculation === null) return instance;
    const { draft, ...rest } = wish.speculation;
    const drafting = draft === null ? null : make({ ...layout, ep: 1 }, draft);
    return { ...instance, speculation: { ...rest, draft: drafting } };
  };
  const host = wish.hostChips.get(chip.id) ?? chip.chipsPerHost ?? 8;
  const most = Math.min(chip.scaleUpChips, host, 16);
  const list: ServingInstance[] = [];
  for (let tp = 1; tp <= most; tp *= 2) {
    const plain = { tp, ep: 1, attentionDp: 1, pp: 1 };
    if (servingLayoutProblems(shape, plain).length > 0) continue;
    list.push(speculating(plain));
    if (shape.experts === null || tp === 1) continue;
    list.push(speculating({ tp, ep: tp, attentionDp: 1, pp: 1 }));
    list.push(speculating({ tp: 1, ep: tp, attentionDp: tp, pp: 1 }));
  }
  return list;
}

function tooLarge(candidates: readonly ServingInstance[], usable: MemoryRule): string {
  const largest = candidates.at(-1);
  if (largest === undefined) return 'no layout of its chips divides the attention heads';
  const chips = instanceChips(largest.layout);
  const { weightBytes, capacityBytes } = memoryUse(largest, usable)!;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(0)} GB`;
  const next = largest.precision === 'bf16' ? '--precision fp8' : '--precision fp4';
  return (
    `the weights take ${gigabytes(weightBytes)} of each of ${chips} chips' ` +
    `${gigabytes(capacityBytes)}, the most of one host; ${next} or a larger chip`
  );
}

function tooSlow(
  fitting: readonly ServingInstance[],
  means: ArrivalMeans,
  { slo, fitted }: ServingWish,
): string {
  const alone = fitting.map(instance => atConcurrency(instance, means, 1, fitted.parameters));
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
