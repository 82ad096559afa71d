// The report of one case: each figure as the mean over the seeds, with its interval.

import type { Case } from './case.ts';
import type { Figures, Quantiles, UsdByName } from './figures.ts';
import { type Interval, intervalOf, meanOf } from './interval.ts';

type IntervalByName = Readonly<Record<string, Interval | null>>;

/** What an interval is given for; null with one seed. */
export interface Intervals {
  readonly costUsd: Interval | null;
  readonly costByCloud: IntervalByName;
  readonly costByVendor: IntervalByName;
  readonly costByModel: IntervalByName;
  readonly costByKey: IntervalByName;
  readonly fixedUsd: Interval | null;
  readonly ttftMs: Quantiles<Interval | null>;
  readonly totalMs: Quantiles<Interval | null>;
  readonly availability: Interval | null;
  readonly failovers: Interval | null;
  readonly throttled: Interval | null;
  readonly cacheSavingsUsd: Interval | null;
  readonly hhi: Interval | null;
  readonly hhiByVendor: Interval | null;
  readonly lockInShare: Interval | null;
  /** By cloud, as in `lockIn`; what is paid once to switch is no matter of luck. */
  readonly leaving: Readonly<
    Record<string, Readonly<Record<'extraUsd' | 'withoutSubstituteUsd', Interval | null>>>
  >;
}

export interface CaseReport extends Figures {
  readonly name: string;
  readonly title: string;
  /** Replays that it is made of. */
  readonly seeds: number;
  readonly intervals: Intervals;
}

const endless = Number.POSITIVE_INFINITY;
const mostHhi = 10_000;

/** `all` has the figures of each seed: at least one. */
export function caseReport({ name, title }: Case, all: readonly Figures[]): CaseReport {
  const interval = (of: (figures: Figures) => number | null): Interval | null => {
    const values = all.map(of).filter(value => value !== null);
    return intervalOf(values);
  };
  /** Where a figure can be at all, whatever Student's t says. */
  const within = (most: number, of: (figures: Figures) => number | null): Interval | null => {
    const found = interval(of);
    return found && [Math.max(0, found[0]), Math.min(most, found[1])];
  };
  const each = (of: (figures: Figures) => Quantiles<number | null>) => ({
    p50: within(endless, figures => of(figures).p50),
    p95: within(endless, figures => of(figures).p95),
    p99: within(endless, figures => of(figures).p99),
  });
  const byName = (of: (figures: Figures) => UsdByName): IntervalByName =>
    eachName(of(all[0]!), who => {
      // Only what a commitment takes off can leave a cloud below zero.
      const isCredited = all.some(figures => (of(figures)[who] ?? 0) < 0);
      const usd = (figures: Figures): number | null => of(figures)[who] ?? null;
      return isCredited ? interval(usd) : within(endless, usd);
    });
  return {
    name,
    title,
    seeds: all.length,
    ...meanFigures(all),
    intervals: {
      costUsd: within(endless, f => f.costUsd),
      costByCloud: byName(f => f.costByCloud),
      costByVendor: byName(f => f.costByVendor),
      costByModel: byName(f => f.costByModel),
      costByKey: byName(f => f.costByKey),
      fixedUsd: interval(f => f.fixedUsd),
      ttftMs: each(f => f.ttftMs),
      totalMs: each(f => f.totalMs),
      availability: within(1, f => f.availability),
      failovers: within(endless, f => f.failovers),
      throttled: within(endless, f => f.throttled),
      cacheSavingsUsd: interval(f => f.cacheSavingsUsd),
      hhi: within(mostHhi, f => f.hhi),
      hhiByVendor: within(mostHhi, f => f.hhiByVendor),
      lockInShare: within(1, f => f.lockIn.share),
      leaving: eachName(all[0]!.lockIn.leaving, cloud => ({
        extraUsd: interval(f => f.lockIn.leaving[cloud]?.extraUsd ?? null),
        withoutSubstituteUsd: interval(f => f.lockIn.leaving[cloud]?.withoutSubstituteUsd ?? null),
      })),
    },
  };
}

function eachName<T>(
  names: Readonly<Record<string, unknown>>,
  of: (name: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.keys(names).map(name => [name, of(name)]));
}

/** Member by member: results of one case have the same members with every seed. */
function meanFigures(all: readonly Figures[]): Figures {
  return meanValue(all) as Figures;
}

/** What is unknown with one seed is the mean of the others. */
function meanValue(values: readonly unknown[]): unknown {
  const known = values.filter(value => value !== null);
  const first = known[0];
  if (first === undefined) return null;
  if (typeof first === 'number') return meanOf(known as number[]);
  const records = known as Readonly<Record<string, unknown>>[];
  const names = Object.keys(first as object);
  return Object.fromEntries(names.map(name => [name, meanValue(records.map(r => r[name]))]));
}
