// Rows of a file of published runs made ready: read, with their chips and the layouts they may have
// had. A row that cannot be judged keeps its reason.

import type { Chip } from '../chip.ts';
import type { ModelEntry } from '../model-entry.ts';
import type { FitRun } from './fit.ts';
import { chipOfRun, layoutsOfRun } from './predict-run.ts';
import { readRun } from './published-run.ts';
import { readRow } from './read-row.ts';
import type { RunRow } from './run-row.ts';

export interface Unjudged {
  readonly id: string;
  readonly reason: string;
}

export interface ReadyRuns {
  readonly runs: readonly FitRun[];
  readonly unjudged: readonly Unjudged[];
}

/** Many rows of one pair say less than as many of different ones: a run's weight in the fit. */
const crowding = 0.4;

/** Makes rows ready, with the chips of the catalog by their ids and the shapes of its models. */
export function readyRuns(
  rows: readonly unknown[],
  chips: ReadonlyMap<string, Chip>,
  models: readonly ModelEntry[],
): ReadyRuns {
  const unjudged: Unjudged[] = [];
  const found: FitRun[] = [];
  rows.forEach((value, i) => {
    const row = readRow(value, `row ${i + 1}`);
    const ready = 'reason' in row ? row : readyRun(row, chips, models);
    if ('reason' in ready) unjudged.push({ id: row.id, reason: ready.reason });
    else found.push(ready);
  });
  const sizes = new Map<string, number>();
  for (const { pair } of found) sizes.set(pair, (sizes.get(pair) ?? 0) + 1);
  return {
    runs: found.map(run => ({ ...run, weight: sizes.get(run.pair)! ** -crowding })),
    unjudged,
  };
}

function readyRun(
  row: RunRow,
  chips: ReadonlyMap<string, Chip>,
  models: readonly ModelEntry[],
): FitRun | { readonly reason: string } {
  const run = readRun(row, models);
  if ('reason' in run) return run;
  const chip = chips.get(row.accelerator);
  if (chip === undefined) return { reason: `the catalog has no accelerator ${row.accelerator}` };
  const own = chipOfRun(run, chip);
  const layouts = layoutsOfRun(run);
  if (layouts.length === 0) return { reason: 'no layout agrees with what is published of it' };
  const { framework, date } = run;
  return {
    run,
    chip: own,
    layouts,
    setting: { chip: own, framework, date, format: run.precisionName },
    pair: `${row.accelerator} ${row.model.name}`,
    weight: 1,
  };
}
