// The same traffic replayed in the market as it was, as a scenario predicted it and as it came:
// what the decisions of a gateway make of the prices.

import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import { reportOf, type WhatIfReport } from '@entrepot/replay/what-if/report';
import type { Output } from '../command.ts';
import { compare } from '../what-if/compare.ts';
import { figure, percent, usd, whole } from '../what-if/figure-text.ts';
import { withTrafficFile } from '../what-if/traffic-file.ts';
import { readSpec, type WhatIfSpec } from '../what-if/what-if-spec.ts';

export interface MarketsOptions {
  /** As `what-if` takes it: a file, or ledger; with the other options on traffic. */
  readonly values: Readonly<Record<string, string | boolean | string[] | undefined>>;
  readonly scenarios: readonly string[];
  /** What all of it asks for, and what took its place. */
  readonly model: string;
  readonly successor: string;
  readonly predictedAsOf: string;
  readonly actualAsOf: string;
}

export interface ReplayedMarkets {
  readonly model: string;
  readonly successor: string;
  readonly unchanged: CaseReport;
  readonly predicted: CaseReport;
  readonly actual: CaseReport;
  /** Of the cost: predicted over actual, less 1. */
  readonly error: number;
  /** Of the forecast that nothing changes. */
  readonly unchangedError: number;
}

const usualSeeds = 5;

export type Replay = (spec: WhatIfSpec) => Promise<WhatIfReport>;

/** In a pool of threads, with the progress shown. */
export function replayInThreads(output: Output): Replay {
  return async spec => {
    const seeds = Array.from({ length: spec.seeds }, (_, i) => i + 1);
    const found = await withTrafficFile(spec, file => compare(spec, file, seeds, null, output));
    return reportOf({ ...found.compared, ...found });
  };
}

/** Throws UsageError. */
export async function replayMarkets(
  options: MarketsOptions,
  replay: Replay,
): Promise<ReplayedMarkets> {
  const { values, scenarios, model, successor, predictedAsOf, actualAsOf } = options;
  const spec = (route: string, asOf: string, scenario: string[]): WhatIfSpec =>
    readSpec(
      { positionals: [], values: { ...values, route, 'as-of': asOf, scenario } },
      usualSeeds,
    );
  const together = scenarios.length === 0 ? [] : [scenarios.join('+')];
  const before = await replay(spec(model, predictedAsOf, together));
  const after = await replay(spec(successor, actualAsOf, []));
  const predicted = before.scenarios[0] ?? before.base;
  const [unchanged, actual] = [before.base, after.base];
  const errorOf = (one: CaseReport): number => one.costUsd / actual.costUsd - 1;
  return {
    ...{ model, successor, unchanged, predicted, actual },
    error: errorOf(predicted),
    unchangedError: errorOf(unchanged),
  };
}

/** Rows for a table: a figure in each of the three markets. */
export function marketRows(markets: ReplayedMarkets): readonly (readonly string[])[] {
  const cases = [markets.unchanged, markets.predicted, markets.actual];
  const row = (name: string, of: (one: CaseReport) => string): string[] => [name, ...cases.map(of)];
  return [
    row('cost', one => figure(one.costUsd, one.intervals.costUsd, usd)),
    row('availability', one => figure(one.availability, one.intervals.availability, percent)),
    row('HHI by cloud', one => figure(one.hhi, one.intervals.hhi, whole)),
    row('spend without a substitute', one =>
      figure(one.lockIn.share, one.intervals.lockInShare, percent),
    ),
  ];
}
