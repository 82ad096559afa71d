// Fits the serving parameters on the published runs and writes catalog/serving-parameters.json,
// with what they were fitted on and the errors by cross-validation over whole pairs of model and
// accelerator. Usage: node tools/planner/fit-serving.ts [sweeps] [folds]

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServingParameters } from '@entrepot/planner/serve/parameters';
import type { ServingRun } from '@entrepot/planner/serve/serving-run';
import { summaryOf } from '@entrepot/planner/serve/validate';
import { root } from '../tidy/source-files.ts';
import { fitServing, ratios } from './serving-fit.ts';
import { readRows, readRuns } from './serving-runs.ts';

const sweeps = Number(process.argv[2] ?? 14);
const folds = Number(process.argv[3] ?? 6);
/** Runs of a pair that a fit sees. */
const mostOfPair = 30;

// Rows whose layout is not known say nothing of what a layout takes; speculative ones nothing of
// what a step does.
const known = (run: ServingRun): boolean => !(run.planned && run.load === 'concurrent');
const runs = readRuns(readRows()).filter(run => !run.speculative);
const { parameters, loss } = fitServing(thinned(runs.filter(known)), sweeps);
console.log(`fitted on ${runs.length} runs, loss ${loss.toFixed(4)}`);
report('in sample', errorsOf(runs, parameters));
const held = folds === 0 ? [] : crossValidate();
report('cross-validated', held);

if (folds === 0) process.exit();
const file = {
  fittedOn: new Date().toISOString().slice(0, 10),
  runs: runs.length,
  pairs: new Set(runs.map(run => run.pair)).size,
  loss: round(loss),
  crossValidation: crossValidation(held),
  accelerators: Object.fromEntries(
    [...new Set(runs.map(run => run.instance.chip.id))]
      .sort()
      .map(id => [id, runs.filter(run => run.instance.chip.id === id).length]),
  ),
  parameters: rounded(parameters),
};
writeFileSync(join(root, 'catalog/serving-parameters.json'), `${JSON.stringify(file, null, 2)}\n`);

interface RunError {
  readonly run: ServingRun;
  readonly kind: string;
  readonly error: number;
}

function errorsOf(list: readonly ServingRun[], fitted: ServingParameters): RunError[] {
  return list.flatMap(run =>
    ratios(run, fitted).map(({ kind, ratio }) => ({ run, kind, error: ratio - 1 })),
  );
}

/** Each run predicted by a fit that saw no run of its pair. */
function crossValidate(): RunError[] {
  const pairs = [...new Set(runs.map(run => run.pair))].sort();
  const fold = new Map(pairs.map((pair, i) => [pair, (i * 7) % folds]));
  const errors: RunError[] = [];
  for (let i = 0; i < folds; i++) {
    const seen = thinned(runs.filter(known).filter(run => fold.get(run.pair) !== i));
    const fitted = fitServing(seen, sweeps);
    errors.push(
      ...errorsOf(
        runs.filter(run => fold.get(run.pair) === i),
        fitted.parameters,
      ),
    );
    console.log(`fold ${i + 1} of ${folds}`);
  }
  return errors;
}

/** Some runs of each pair, evenly taken: more say little that is new, and outvote other pairs. */
function thinned(list: readonly ServingRun[]): ServingRun[] {
  const counts = new Map<string, number>();
  for (const { pair } of list) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const seen = new Map<string, number>();
  return list.filter(({ pair }) => {
    const index = seen.get(pair) ?? 0;
    seen.set(pair, index + 1);
    const every = Math.max(1, counts.get(pair)! / mostOfPair);
    return Math.floor((index + 1) / every) > Math.floor(index / every);
  });
}

function report(title: string, errors: readonly RunError[]): void {
  const line = (name: string, list: readonly RunError[]): void => {
    if (list.length === 0) return;
    const { runs: count, median, p90, bias } = summary(list);
    const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(9);
    console.log(
      `${name.padEnd(48)}${String(count).padStart(6)}${percent(median)}${percent(p90)}${percent(bias)}`,
    );
  };
  console.log(`${title}: runs, median, 90th percentile, bias`);
  for (const kind of ['tpot', 'ttft', 'throughput']) {
    const of = errors.filter(e => e.kind === kind);
    line(kind, of);
    for (const engine of new Set(of.map(e => e.run.instance.engine))) {
      line(
        `  ${kind} ${engine}`,
        of.filter(e => e.run.instance.engine === engine),
      );
    }
    for (const pair of [...new Set(of.map(e => e.run.pair))].sort()) {
      line(
        `    ${pair}`,
        of.filter(e => e.run.pair === pair),
      );
    }
  }
}

/** Errors of runs that a fit had not seen, all of a measure and by what they have in common. */
function crossValidation(errors: readonly RunError[]) {
  const of = (kind: string) => errors.filter(e => e.kind === kind);
  const groups = ['tpot', 'ttft', 'throughput'].flatMap(kind =>
    (['accelerator', 'engine', 'model'] as const).flatMap(by => {
      const names = [...new Set(of(kind).map(e => groupOf(e, by)))].sort();
      return names.map(name => ({
        by,
        name,
        measure: kind,
        ...summary(of(kind).filter(e => groupOf(e, by) === name)),
      }));
    }),
  );
  const [tpot, ttft, throughput] = ['tpot', 'ttft', 'throughput'].map(kind => summary(of(kind)));
  return { tpot, ttft, throughput, groups };
}

function groupOf({ run }: RunError, by: 'accelerator' | 'engine' | 'model'): string {
  if (by === 'accelerator') return run.instance.chip.id;
  return by === 'engine' ? run.instance.engine : run.entry.id;
}

function summary(list: readonly RunError[]) {
  const { median, p90, bias } = summaryOf(list.map(e => e.error));
  const pairs = new Set(list.map(e => e.run.pair)).size;
  return { runs: list.length, pairs, median: round(median), p90: round(p90), bias: round(bias) };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return round(value);
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => [key, rounded(inner)]),
  );
}
