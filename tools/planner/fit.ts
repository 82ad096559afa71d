// Fits the planner's training parameters to published runs: catalog/training-parameters.json.
//   node tools/planner/fit.ts RUNS.json [--cross N] [--sweeps N] [--residuals]
// --cross N: also leaves out whole pairs of chip and model, in N groups, and reports and keeps the
// error on those left out. --dry: writes nothing.

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type FitOptions, type FitRun, fit } from '../../packages/planner/src/train/fit.ts';
import {
  type Accuracy,
  type Fitted,
  parametersFor,
} from '../../packages/planner/src/train/fitted.ts';
import { bestLayouts } from '../../packages/planner/src/train/predict-run.ts';
import {
  accuracyOf,
  type JudgedRun,
  judgeRun,
} from '../../packages/planner/src/train/run-errors.ts';
import { broadLevels, dialsFor, fitBounds, fitPenalty, fitStiffness } from './dials.ts';
import { readTrainingRuns } from './runs.ts';
import { startOfFit } from './start-of-fit.ts';
import { writeTrainingErrors } from './training-errors.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cross: { type: 'string' },
    sweeps: { type: 'string', default: '20' },
    residuals: { type: 'boolean' },
    dry: { type: 'boolean' },
  },
});
const target = new URL('../../catalog/training-parameters.json', import.meta.url);
const { runs, unjudged } = readTrainingRuns(positionals[0]!);
const options: FitOptions = {
  sweeps: Number(values.sweeps),
  penalty: fitPenalty,
  stiffness: fitStiffness,
  known: startOfFit.factors,
  bounds: fitBounds,
};
console.log(`${runs.length} runs, ${unjudged.length} not judged`);

const fitted = fitInTwo(runs);
console.log(`loss ${fitted.loss.toFixed(4)}`);
report('in sample', judgeAll(runs, fitted));
let accuracy = (JSON.parse(readFileSync(target, 'utf8')) as Fitted).accuracy;
if (values.cross !== undefined) {
  const held = crossValidate(Number(values.cross));
  report('cross-validated', held);
  accuracy = accuracyOf(held);
  if (values.dry !== true) writeTrainingErrors(held, unjudged);
}
if (values.dry !== true) {
  writeFileSync(target, `${JSON.stringify(written(fitted, accuracy), null, 2)}\n`);
}

/** What many runs share first, then all. */
function fitInTwo(list: readonly FitRun[]): Fitted {
  const dials = dialsFor(list);
  const broad = dials.filter(dial => broadLevels.has(dial.level));
  const few = fewLayouts(list, startOfFit);
  const first = fit(startOfFit, few, broad, { ...options, sweeps: options.sweeps / 2 });
  return fit(first, fewLayouts(list, first), dials, options);
}

/** Runs of which the layout is open, with the best few of those they may have had. */
function fewLayouts(list: readonly FitRun[], by: Fitted): FitRun[] {
  return list.map(run => ({
    ...run,
    layouts: bestLayouts(run.run, run.chip, parametersFor(by, run.setting), run.layouts, 4),
  }));
}

function judgeAll(list: readonly FitRun[], by: Fitted): JudgedRun[] {
  return list.flatMap(run => {
    const judged = judgeRun(run, by);
    return 'reason' in judged ? [] : [judged];
  });
}

/** Each run judged by a fit that saw no run of its pair of chip and model. */
function crossValidate(folds: number): JudgedRun[] {
  // Neighbours in the sorted list share a chip: dealt out, each group has pairs of most chips.
  const pairs = [...new Set(runs.map(run => run.pair))].sort();
  return Array.from({ length: folds }, (_, fold) => fold).flatMap(fold => {
    const out = new Set(pairs.filter((_, i) => i % folds === fold));
    const inside = runs.filter(run => !out.has(run.pair));
    const without = fitInTwo(inside);
    return judgeAll(
      runs.filter(run => out.has(run.pair)),
      without,
    );
  });
}

function report(title: string, judged: readonly JudgedRun[]): void {
  console.log(title);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`.padStart(7);
  for (const group of accuracyOf(judged)) {
    const { by, name, median, p90, bias, failures } = group;
    const counts = `${group.runs} runs ${group.pairs} pairs`.padEnd(20);
    const errors = `median ${percent(median)} p90 ${percent(p90)} bias ${percent(bias)}`;
    console.log(`  ${`${by} ${name}`.padEnd(34)} ${counts} ${errors} failures ${failures}`);
  }
  const memory = judged.filter(run => run.memoryError !== null);
  console.log(`  memory ${memory.map(run => percent(run.memoryError!)).join(' ')}`);
  if (values.residuals !== true) return;
  for (const run of [...judged].sort((a, b) => Math.abs(b.error) - Math.abs(a.error))) {
    console.log(`  ${percent(run.error)} ${run.run.run.id} (${run.run.run.framework})`);
  }
}

/** Four digits are more than the data give; a factor of 1 says nothing. */
function written(from: Fitted, accuracy: readonly Accuracy[]): Fitted {
  const round = (value: number) => Number(value.toPrecision(4));
  const base = Object.entries(from.base).map(([name, value]) => [name, round(value)]);
  return {
    ...from,
    fittedOn: new Date().toISOString().slice(0, 10),
    source: 'training_runs.json: published runs, compiled 2026-11-23',
    loss: round(from.loss),
    base: Object.fromEntries(base) as Fitted['base'],
    factors: from.factors
      .map(factor => ({ ...factor, factor: round(factor.factor) }))
      .filter(factor => factor.factor !== 1),
    accuracy: accuracy.map(group => ({
      ...group,
      median: round(group.median),
      p90: round(group.p90),
      bias: round(group.bias),
    })),
  };
}
