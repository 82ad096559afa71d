// What a case changes, against the base: both were replayed with the same random numbers, so that
// the difference of each pair is the change and little luck.

import type { World } from '@entrepot/catalog/world';
import { type Amount, toUsd } from '../result/amount.ts';
import type { ReplayResult } from '../result/replay-result.ts';
import type { Stage } from './case.ts';
import { figuresOf } from './figures.ts';
import { type Interval, intervalOf, meanOf } from './interval.ts';
import { type Effects, effectNames, effectsOf } from './why.ts';

/** Effects that add up to the change of cost. */
export interface Why<T> {
  readonly priceUsd: T;
  readonly routingUsd: T;
  readonly cacheUsd: T;
  readonly failureUsd: T;
  readonly capacityUsd: T;
  readonly trafficUsd: T;
}

export interface Change {
  readonly costUsd: number;
  /** Of the base's cost; null where that is 0. */
  readonly costShare: number | null;
  readonly availability: number | null;
  readonly hhi: number | null;
  /**
   * Of clouds that merge, by the Merger Guidelines of 2023, for spend by cloud as if it were a
   * market: the index is above 1,800 and has risen by more than 100. null where none merge.
   */
  readonly isConcentrating: boolean | null;
  readonly intervals: { readonly costUsd: Interval | null; readonly why: Why<Interval | null> };
  readonly why: Why<number>;
}

/** One seed: the base, and the case by how far it has gone. */
export interface Pair {
  readonly from: ReplayResult;
  readonly byStage: ReadonlyMap<Stage, ReplayResult>;
}

export function changeOf(pairs: readonly Pair[], market: number, toWorld: World): Change {
  const effects = pairs.map(({ from, byStage }) => usdOf(effectsOf(from, market, byStage)!));
  const costs = effects.map(one => effectNames.reduce((sum, name) => sum + one[name], 0));
  const bases = pairs.map(({ from }) => figuresOf(from));
  const cases = pairs.map(({ byStage }) => figuresOf(byStage.get('whole')!));
  const by = (of: 'availability' | 'hhi'): number | null => {
    const steps = cases.map((to, i) => minus(to[of], bases[i]![of])).filter(step => step !== null);
    return steps.length === 0 ? null : meanOf(steps);
  };
  const hhi = by('hhi');
  const after = cases.map(one => one.hhi).filter(one => one !== null);
  const costUsd = meanOf(costs);
  const baseUsd = meanOf(bases.map(one => one.costUsd));
  return {
    costUsd,
    costShare: baseUsd === 0 ? null : costUsd / baseUsd,
    availability: by('availability'),
    hhi,
    isConcentrating:
      toWorld.mergers.length === 0 ? null : hhi !== null && hhi > 100 && meanOf(after) > 1800,
    intervals: { costUsd: intervalOf(costs), why: whyOf(effects, intervalOf) },
    why: whyOf(effects, meanOf),
  };
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function usdOf(effects: Effects<Amount>): Effects<number> {
  const usd = effectNames.map(name => [name, toUsd(effects[name])] as const);
  return Object.fromEntries(usd) as unknown as Effects<number>;
}

function whyOf<T>(all: readonly Effects<number>[], of: (values: readonly number[]) => T): Why<T> {
  const from = (name: keyof Effects<number>): T => of(all.map(one => one[name]));
  return {
    priceUsd: from('price'),
    routingUsd: from('routing'),
    cacheUsd: from('cache'),
    failureUsd: from('failure'),
    capacityUsd: from('capacity'),
    trafficUsd: from('traffic'),
  };
}
