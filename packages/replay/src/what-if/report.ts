// The report of a comparison, from the results of its replays: base and cases side by side, each
// figure as the mean over the seeds with its interval. Plain data, for JSON and for showing.

import type { TrafficHead } from '@entrepot/traffic/request-columns';
import { assumedOf } from './assumed.ts';
import type { Case, RunResult, Stage } from './case.ts';
import { type CaseReport, caseReport } from './case-report.ts';
import { type Change, changeOf } from './change.ts';
import { type Figures, figuresOf } from './figures.ts';
import { stagesTo } from './runs.ts';
import { switchingAfter } from './switching.ts';
import { withoutEffect } from './without-effect.ts';

export interface ScenarioReport extends CaseReport {
  /** Against the base, seed by seed. */
  readonly change: Change;
  /** With every seed each figure is that of the base. */
  readonly changesNothing: boolean;
  /** Sentences on the steps of it that this traffic never meets. */
  readonly withoutEffect: readonly string[];
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

/** Throws RangeError when no seed was replayed for the base and for a scenario as well. */
export function reportOf(comparison: Comparison): WhatIfReport {
  const { traffic, base, scenarios, results, isPartial, performance } = comparison;
  const bySeed = new Map<string, Map<Stage, RunResult['result']>>();
  for (const { caseName, stage, seed, result } of results) {
    const key = keyOf(caseName, seed);
    bySeed.set(key, (bySeed.get(key) ?? new Map()).set(stage, result));
  }
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  const figures = (result: RunResult['result'], { world }: Case): Figures =>
    figuresOf(result, switchingAfter(result, world, traffic.startUnixMs));
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
      baseResults.map(result => figures(result, base)),
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
      const all = pairs.map(({ byStage }) => figures(byStage.get('whole')!, one));
      const before = pairs.map(({ from }) => figures(from, base));
      const sides = pairs.map(({ from, byStage }) => ({ from, to: byStage.get('whole')! }));
      return {
        ...caseReport(one, all),
        change: changeOf(pairs, market, one.world),
        changesNothing: asText(before) === asText(all),
        withoutEffect: withoutEffect(base, one, sides, traffic.startUnixMs),
      };
    }),
    assumed: assumedOf(traffic, [base, ...scenarios]),
    performance,
  };
}

/** What costs nothing is as what is not there. */
function asText(figures: readonly Figures[]): string {
  return JSON.stringify(figures, (_, value) => (value === 0 ? undefined : value));
}

function keyOf(name: string, seed: number): string {
  return `${seed} ${name}`;
}
