// Every instance that is worth a look on a chip: within a host, and over several hosts, one replica
// on each 2, 4, 8 or 16 of them. Tensor parallel stays within a scale-up domain; hosts are joined
// by stages of layers, or by experts with attention replicas around them, as engines do it.

import type { Chip } from '../chip.ts';
import type { ServedShape } from '../served-shape.ts';
import {
  type Engine,
  type ServingInstance,
  type ServingLayout,
  servingLayoutProblems,
} from './instance.ts';
import { usualLaunch } from './launch.ts';
import { siliconOf } from './parameters.ts';
import { quantizationOf, type ServingPrecision } from './quantization.ts';

/** A draft as it is asked for, before it is on any chip. */
export interface WishedSpeculation {
  readonly proposed: number;
  readonly acceptance: number;
  readonly draft: ServedShape | null;
}

/** Hosts of a chip that can be rented. */
export interface HostChips {
  /** Chips of the largest. */
  readonly largest: number;
  /** Chips of the largest that has a network to others of its kind; null: none has. */
  readonly joined: number | null;
}

export interface InstanceWish {
  readonly shape: ServedShape;
  /** null: eight bits where the chip's engine serves them as a rule, else bf16. */
  readonly precision: ServingPrecision | null;
  /** null: the engine that is usual on the chip. */
  readonly engine: Engine | null;
  readonly speculation: WishedSpeculation | null;
  /** By accelerator; else those of its usual host. */
  readonly hostChips: ReadonlyMap<string, HostChips>;
}

export interface Candidate {
  readonly instance: ServingInstance;
  /** Hosts of one replica. */
  readonly hosts: number;
}

const mostHosts = 16;
/** Chips that a tensor parallel group has at most: in a host, and in a rack or a slice. */
const widestInHost = 16;
const widestInDomain = 64;

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

/** What hosts of a chip hold; its usual host where none is known to be rented. */
export function hostChipsOf({ hostChips }: InstanceWish, chip: Chip): HostChips {
  const usual = chip.chipsPerHost ?? 8;
  return hostChips.get(chip.id) ?? { largest: usual, joined: chip.chipsPerHost };
}

/** Every instance that is worth a look, those of the fewest hosts first. */
export function candidatesOf(wish: InstanceWish, chip: Chip): Candidate[] {
  const { shape } = wish;
  const engine = wish.engine ?? usualEngine(chip.id);
  const make = maker(wish, chip, engine);
  const { largest, joined } = hostChipsOf(wish, chip);
  const inHost = Math.min(chip.scaleUpChips, largest, widestInHost);
  const list = layoutsInHost(shape, inHost).map(layout => ({ instance: make(layout), hosts: 1 }));
  if (whyNotJoined(wish, chip) !== null) return list;
  for (let hosts = 2; hosts <= mostHosts; hosts *= 2) {
    const layouts = layoutsOver(shape, chip, hosts, joined!).filter(
      // vLLM on TPUs is told of several hosts by Ray, as one tensor parallel group.
      ({ pp, attentionDp }) => engine !== 'tpu' || (pp === 1 && attentionDp === 1),
    );
    list.push(...layouts.map(layout => ({ instance: make(layout), hosts })));
  }
  return list;
}

/** Why a replica is not laid over several hosts; null: it is. */
export function whyNotJoined(wish: InstanceWish, chip: Chip): string | null {
  const engine = wish.engine ?? usualEngine(chip.id);
  // vllm-project/vllm-neuron@a5ef7c8 has no launch over several hosts.
  if (engine === 'neuron') return 'vLLM Neuron serves on one host';
  const { joined } = hostChipsOf(wish, chip);
  if (joined === null) return 'no host of it that is rented has a network to others';
  const isRack = chip.scaleUpChips >= 2 * joined;
  if (!isRack && chip.scaleOutBytesPerSecond === null) {
    return 'the network between its hosts is not known';
  }
  return null;
}

function maker(
  { shape, precision: asked, speculation }: InstanceWish,
  chip: Chip,
  engine: Engine,
): (layout: ServingLayout) => ServingInstance {
  const precision = asked ?? usualPrecision(chip);
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
    launch: usualLaunch(engine, chip),
  });
  return layout => {
    const instance = make(layout);
    if (speculation === null) return instance;
    const { draft, ...rest } = speculation;
    const drafting = draft === null ? null : make({ ...layout, ep: 1 }, draft);
    return { ...instance, speculation: { ...rest, draft: drafting } };
  };
}

/** Tensor parallel, and attention replicas with experts. */
function layoutsInHost(shape: ServedShape, most: number): ServingLayout[] {
  const list: ServingLayout[] = [];
  for (let tp = 1; tp <= most; tp *= 2) {
    const plain = { tp, ep: 1, attentionDp: 1, pp: 1 };
    if (servingLayoutProblems(shape, plain).length > 0) continue;
    list.push(plain);
    if (shape.experts === null || tp === 1) continue;
    list.push({ tp, ep: tp, attentionDp: 1, pp: 1 });
    list.push({ tp: 1, ep: tp, attentionDp: tp, pp: 1 });
  }
  return list;
}

/** Layouts of one replica over so many hosts of `each` chips. */
function layoutsOver(shape: ServedShape, chip: Chip, hosts: number, each: number): ServingLayout[] {
  const chips = hosts * each;
  const list: ServingLayout[] = [];
  // Stages of one host, or of several in one rack or slice.
  const widest = Math.min(chips, chip.scaleUpChips, widestInDomain);
  for (let tp = Math.min(each, chip.scaleUpChips); tp <= widest; tp *= 2) {
    const pp = chips / tp;
    if (pp > 1 && isUnknown(chip, chips)) continue;
    list.push({ tp, ep: 1, attentionDp: 1, pp });
    if (shape.experts !== null) list.push({ tp, ep: tp, attentionDp: 1, pp });
  }
  // Attention replicas of a part of a host, experts over all hosts.
  for (let tp = 1; tp <= each && shape.experts !== null; tp *= 2) {
    if (isUnknown(chip, chips)) continue;
    list.push({ tp, ep: chips, attentionDp: chips / tp, pp: 1 });
  }
  return list.filter(layout => servingLayoutProblems(shape, layout).length === 0);
}

function isUnknown(chip: Chip, chips: number): boolean {
  return chips > chip.scaleUpChips && chip.scaleOutBytesPerSecond === null;
}
