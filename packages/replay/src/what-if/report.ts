// The report of a comparison, from the results of its replays: base and cases side by side, each
// figure as the mean over the seeds with its interval. Plain data, for JSON and for showing.

import type { TrafficHead } from '@entrepot/traffic/request-columns';
import { assumedOf } from './assumed.ts';
import type { Case, RunResult, Stage } from './case.ts';
import { type Change, changeOf } from './change.ts';
import { type Figures, figuresOf, type Quantiles } from './figures.ts';
import { type Interval, intervalOf, meanOf } from './interval.ts';
import { stagesTo } from './runs.ts';

/** What an interval is given for; null with one seed. */
export interface Intervals {
  readonly costUsd: Interval | null;
  readonly ttftMs: Quantiles<Interval | null>;
  readonly totalMs: Quantiles<Interval | null>;
  readonly availability: Interval | null;
  readonly failovers: Interval | null;
  readonly throttled: Interval | null;
  readonly cacheSavingsUsd: Interval | null;
  readonly hhi: Interval | null;
  readonly hhiByVendor: Interval | null;
  readonly lockInShare: Interval | null;
}

export interface CaseReport extends Figures {
  readonly name: string;
  readonly title: string;
  /** Replays that it is made of. */
  readonly seeds: number;
  readonly intervals: Intervals;
}

export interface ScenarioReport extends CaseReport {
  /** Against the base, seed by seed. */
  readonly change: Change;
}

export interface Performance {
  readonly requestsPerSecond: number;
  readonly peakRssBytes: number;
}

export interface WhatIfReport {
  readonly traffic: {
    readonly name: string;
    readonly source: string;
    readonly requests: number;
    readonly spanSeconds: number;
  };
  /** It was broken off: fewer seeds than were asked for, or only the first of the traffic. */
  readonly isPartial: boolean;
  readonly base: CaseReport;
  readonly scenarios: readonly ScenarioReport[];
  readonly assumed: readonly string[];
  readonly performance: Performance;
}

export interface Comparison {
  readonly traffic: TrafficHead;
  readonly base: Case;
  readonly scenarios: readonly Case[];
  readonly results: readonly RunResult[];
  readonly isPartial: boolean;
  readonly performance: Performance;
}

const endless = Number.POSITIVE_INFINITY;
const mostHhi = 10_000;

/** Throws RangeError when no seed was replayed for the base and for a scenario as well. */
export function reportOf(comparison: Comparison): WhatIfReport {
  const { traffic, base, scenarios, results, isPartial, performance } = comparison;
  const bySeed = new Map<string, Map<Stage, RunResult['result']>>();
  for (const { caseName, stage, seed, result } of results) {
    const key = keyOf(caseName, seed);
    bySeed.set(key, (bySeed.get(key) ?? new Map()).set(stage, result));
  }
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  const baseOf = (seed: number) => bySeed.get(keyOf(base.name, seed))?.get('whole');
  const baseResults = seeds.map(baseOf).filter(result => result !== undefined);
  const first = baseResults[0];
  if (first === undefined) throw new RangeError(`nothing of ${base.name} was replayed`);
  return {
    traffic: {
      name: traffic.name,
      source: traffic.source,
      requests: first.requests,
      spanSeconds: ((first.lastMs ?? 0) - (first.firstMs ?? 0)) / 1000,
    },
    isPartial,
    base: caseReport(
      base,
      baseResults.map(result => figuresOf(result, base.world)),
    ),
    scenarios: scenarios.map((one, market) => {
      const wanted = stagesTo(base, one);
      const pairs = seeds.flatMap(seed => {
        const from = baseOf(seed);
        const byStage = bySeed.get(keyOf(one.name, seed));
        const isWhole = byStage !== undefined && wanted.every(stage => byStage.has(stage));
        return from !== undefined && isWhole ? [{ from, byStage }] : [];
      });
      if (pairs.length === 0) throw new RangeError(`nothing of ${one.name} was replayed`);
      const figures = pairs.map(({ byStage }) => figuresOf(byStage.get('whole')!, one.world));
      const change = changeOf(pairs, market, base.world, one.world);
      return { ...caseReport(one, figures), change };
    }),
    assumed: assumedOf(traffic, [base, ...scenarios]),
    performance,
  };
}

function keyOf(name: string, seed: number): string {
  return `${seed} ${name}`;
}

function caseReport({ name, title }: Case, all: readonly Figures[]): CaseReport {
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
  return {
    name,
    title,
    seeds: all.length,
    ...meanFigures(all),
    intervals: {
      costUsd: within(endless, f => f.costUsd),
      ttftMs: each(f => f.ttftMs),
      totalMs: each(f => f.totalMs),
      availability: within(1, f => f.availability),
      failovers: within(endless, f => f.failovers),
      throttled: within(endless, f => f.throttled),
      cacheSavingsUsd: interval(f => f.cacheSavingsUsd),
      hhi: within(mostHhi, f => f.hhi),
      hhiByVendor: within(mostHhi, f => f.hhiByVendor),
      lockInShare: within(1, f => f.lockIn.share),
    },
  };
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
