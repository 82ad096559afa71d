// The replayed half of docs/backtest.md: what the requests of examples/trace.csv cost in the market
// as it was, as a scenario predicted it and as it came, through the decisions of the gateway.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import { reportOf, type WhatIfReport } from '@entrepot/replay/what-if/report';
import { runsOf } from '@entrepot/replay/what-if/runs';
import type { Backtest } from '../../packages/cli/src/backtest/backtest.ts';
import {
  type Replay,
  type ReplayedMarkets,
  replayMarkets,
} from '../../packages/cli/src/backtest/replay-markets.ts';
import { Board } from '../../packages/cli/src/what-if/board.ts';
import { openComparison } from '../../packages/cli/src/what-if/comparison.ts';
import { figure, usd, whole } from '../../packages/cli/src/what-if/figure-text.ts';
import { replaySeed } from '../../packages/cli/src/what-if/replay-seed.ts';
import type { WhatIfSpec } from '../../packages/cli/src/what-if/what-if-spec.ts';

const traffic = join(import.meta.dirname, '../../examples/trace.csv');

export const replayTitles: readonly string[] = [
  'model',
  'accounts',
  'unchanged',
  'predicted',
  'came',
  'error',
  'error of unchanged',
  'HHI predicted',
  'HHI came',
];

/** For each model of the backtest, with accounts everywhere and with its vendor alone. */
export async function replayRows(
  result: Backtest,
  scenarios: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for (const { predictedModel: model, actualModel: successor } of result.models) {
    const { predictedAsOf, actualAsOf } = result;
    const days = { predictedAsOf, actualAsOf };
    const options = { values: { traffic }, scenarios, model, successor, ...days };
    rows.push(rowOf('everywhere', await replayMarkets(options, kept(replayHere))));
    rows.push(rowOf('its vendor', await replayMarkets(options, kept(replayAtVendor))));
  }
  return rows;
}

const reports = new Map<string, Promise<WhatIfReport>>();

/** One prediction is compared with several days. */
function kept(replay: Replay): Replay {
  return spec => {
    const key = `${replay.name} ${JSON.stringify(spec)}`;
    const report = reports.get(key) ?? replay(spec);
    reports.set(key, report);
    return report;
  };
}

/** In this process: a pool of threads takes longer to start than the replays of a short trace. */
async function replayHere(spec: WhatIfSpec): Promise<WhatIfReport> {
  const comparison = await openComparison(spec, spec.traffic);
  const { traffic: head, base, scenarios, batches } = comparison;
  const seeds = Array.from({ length: spec.seeds }, (_, i) => i + 1);
  const runs = runsOf(head, base, scenarios, spec.seeds);
  const found = [];
  for (const seed of seeds) {
    const own = runs.filter(run => run.seed === seed);
    found.push(await replaySeed(own, { head, batches }, new Board()));
  }
  comparison.close();
  const results = found.flatMap(one => one.runs);
  const performance = { requestsPerSecond: 0, peakRssBytes: 0 };
  return reportOf({ traffic: head, base, scenarios, results, isPartial: false, performance });
}

/** By a gateway that has an account with the vendor of the model, and no other. */
async function replayAtVendor(spec: WhatIfSpec): Promise<WhatIfReport> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-backtest-'));
  const config = join(folder, 'entrepot.yaml');
  const model = spec.route!;
  const offer = `${model.split('/')[0]}-api/global/${model}`;
  const deployment = `{ name: alone, offer: ${offer}, credential: { apiKey: unused } }`;
  const route = `{ name: ${model}, deployments: [alone] }`;
  try {
    writeFileSync(config, `auth: none\ndeployments: [${deployment}]\nroutes: [${route}]\n`);
    return await replayHere({ ...spec, config });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowOf(accounts: string, markets: ReplayedMarkets): readonly string[] {
  const { model, successor, unchanged, predicted, actual, error, unchangedError } = markets;
  const cost = (one: CaseReport): string => figure(one.costUsd, one.intervals.costUsd, usd);
  const hhi = (one: CaseReport): string => figure(one.hhi, one.intervals.hhi, whole);
  return [
    model === successor ? model : `${model} -> ${successor}`,
    accounts,
    ...[unchanged, predicted, actual].map(cost),
    ...[error, unchangedError].map(signed),
    ...[predicted, actual].map(hhi),
  ];
}

function signed(share: number): string {
  const value = Math.round(share * 1000) / 10;
  return `${value > 0 ? '+' : ''}${value === 0 ? 0 : value}%`;
}
