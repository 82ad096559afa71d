// Published training runs ready to be fitted: read, with their chips and the layouts they may have
// had.

import { readFileSync } from 'node:fs';
import { readAccelerators } from '../../packages/catalog/src/read/accelerators.ts';
import { type Chip, chipOf } from '../../packages/planner/src/chip.ts';
import type { FitRun } from '../../packages/planner/src/train/fit.ts';
import { chipOfRun, layoutsOfRun } from '../../packages/planner/src/train/predict-run.ts';
import { readRun } from '../../packages/planner/src/train/published-run.ts';
import type { RunRow } from '../../packages/planner/src/train/run-row.ts';

export interface ReadRuns {
  readonly runs: readonly FitRun[];
  readonly unjudged: readonly { readonly id: string; readonly reason: string }[];
}

/** Chips of the catalog by id. */
export function catalogChips(): ReadonlyMap<string, Chip> {
  const path = new URL('../../catalog/accelerators.json', import.meta.url);
  const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);
  return new Map(accelerators.map(a => [a.id, chipOf(a)]));
}

export function readTrainingRuns(path: string): ReadRuns {
  const chips = catalogChips();
  const rows = JSON.parse(readFileSync(path, 'utf8')) as readonly RunRow[];
  const unjudged: { id: string; reason: string }[] = [];
  const found: Omit<FitRun, 'weight'>[] = [];
  for (const row of rows) {
    const run = readRun(row);
    const chip = chips.get(row.accelerator);
    if ('reason' in run) unjudged.push({ id: row.id, reason: run.reason });
    else if (chip === undefined)
      unjudged.push({ id: row.id, reason: `no figures of ${row.accelerator}` });
    else {
      const own = chipOfRun(run, chip);
      const layouts = layoutsOfRun(run);
      if (layouts.length === 0) {
        unjudged.push({ id: row.id, reason: 'no layout agrees with what is published of it' });
        continue;
      }
      const { framework, date } = run;
      found.push({
        run,
        chip: own,
        layouts,
        setting: { chip: own, framework, date, format: run.precisionName },
        pair: `${row.accelerator} ${row.model.name}`,
      });
    }
  }
  const sizes = new Map<string, number>();
  for (const { pair } of found) sizes.set(pair, (sizes.get(pair) ?? 0) + 1);
  // Many rows of one pair say less than as many of different ones.
  const runs = found.map(run => ({ ...run, weight: sizes.get(run.pair)! ** -0.4 }));
  return { runs, unjudged };
}
