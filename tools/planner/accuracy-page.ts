// The page on the accuracy of plans, from what cross-validation kept in the catalog.

import { readFileSync } from 'node:fs';
import type { Accuracy, Fitted } from '../../packages/planner/src/train/fitted.ts';
import { scatter } from './scatter.ts';
import { type KeptErrors, readTrainingErrors } from './training-errors.ts';

/** The files of the page, by their names under docs/. */
export function accuracyPage(): readonly (readonly [string, string])[] {
  const path = new URL('../../catalog/training-parameters.json', import.meta.url);
  const fitted = JSON.parse(readFileSync(path, 'utf8')) as Fitted;
  const errors = readTrainingErrors();
  return [
    ['accuracy.md', page(fitted, errors)],
    ['accuracy-training.svg', plot(errors)],
  ];
}

function page(fitted: Fitted, errors: KeptErrors): string {
  const memory = errors.runs.filter(run => run.memoryError !== null);
  const parts = [
    '# How accurate plans are',
    '',
    'Made by `node tools/planner/write-accuracy.ts` from what the last fit kept; `entrepot plan validate`',
    'shows the same table, and `entrepot plan validate --runs FILE` judges the runs of a file one by one.',
    '',
    'Plans of serving have a page of their own, also with what they miss: [serving-accuracy.md](serving-accuracy.md).',
    '',
    '## Training: the time of a step',
    '',
    `Fitted on ${fitted.fittedOn} to ${fitted.rows} published runs. The errors below are of runs whose`,
    'whole pair of accelerator and model was left out of the fit that predicted them: what a plan for a',
    'new pair has to expect. Runs with the same layout, model and chip differ by 1 to 4 % between releases',
    'of the software for dense models, and by 20 to 45 % for mixtures of experts. The form of the physics was',
    'chosen by such errors, of twenty-seven for this fit, and held against the share of the peak that Llama 3',
    '405B reached on 8,192 and 16,384 H100: on runs that nobody has seen expect a little more.',
    '',
    '![Predicted over measured seconds of a step](accuracy-training.svg)',
    '',
    ...tables(fitted.accuracy),
    '',
    'An accelerator that is not in the table has no published run that could be judged: plans for it say',
    '`unvalidated`, and their intervals are wider.',
    '',
    '## Training: memory',
    '',
    `${share(errors.runs.filter(run => run.fits).length, errors.runs.length)} of the runs are predicted to`,
    `fit in memory, as they did. Where memory was measured (${memory.length} runs), predicted is off by`,
    `${percent(medianOf(memory.map(run => Math.abs(run.memoryError!))))} in the median.`,
    '',
    '## What the physics does not explain',
    '',
    `Pairs whose median error is over ${percent(offBy)}, most of them mixtures of experts and stacks of which few`,
    'runs are public. Nothing of them is corrected run by run.',
    '',
    '| accelerator | model | runs | median error | bias |',
    '|---|---|---:|---:|---:|',
    ...offPairs(errors),
    '',
    '## Runs that were not judged',
    '',
    'Listed, with the reason:',
    '',
    ...errors.unjudged.map(({ id, reason }) => `- \`${id}\`: ${reason}`),
    '',
    '## Runs whose layout is not published whole',
    '',
    'Predicted in the best layout that agrees with what is published:',
    '',
    ...errors.runs.filter(run => run.planned).map(run => `- \`${run.id}\``),
    '',
  ];
  return parts.join('\n');
}

const offBy = 0.15;

/** Rows of the pairs that are off most, the worst first. */
function offPairs({ runs }: KeptErrors): string[] {
  const pairs = new Map<string, number[]>();
  for (const { accelerator, model, measured, predicted } of runs) {
    const name = `${accelerator} | ${model}`;
    pairs.set(name, [...(pairs.get(name) ?? []), predicted / measured - 1]);
  }
  return [...pairs]
    .map(([name, errors]) => ({ name, errors, median: medianOf(errors.map(Math.abs)) }))
    .filter(({ median }) => median > offBy)
    .sort((a, b) => b.median - a.median)
    .map(({ name, errors, median }) => {
      return `| ${name} | ${errors.length} | ${percent(median)} | ${percent(medianOf(errors))} |`;
    });
}

const titles: Readonly<Record<Accuracy['by'], string>> = {
  all: '',
  kind: 'Kind of model',
  accelerator: 'Accelerator',
  framework: 'Framework',
  chips: 'Chips',
};

function tables(accuracy: readonly Accuracy[]): string[] {
  const lines = [
    '| by | group | runs | pairs | median error | p90 | bias | predicted not to fit |',
    '|---|---|---:|---:|---:|---:|---:|---:|',
  ];
  for (const group of accuracy) {
    const errors = [group.median, group.p90, group.bias].map(percent).join(' | ');
    const counts = `${group.runs} | ${group.pairs}`;
    lines.push(
      `| ${titles[group.by]} | ${group.name} | ${counts} | ${errors} | ${group.failures} |`,
    );
  }
  return lines;
}

/** Steps alone: runs of which only a rate of tokens is published have no seconds to plot. */
const shortestStep = 0.01;

function plot(errors: KeptErrors): string {
  const kinds = ['dense', 'experts'];
  const points = errors.runs
    .filter(run => run.measured > shortestStep)
    .map(run => ({ ...run, series: kinds.indexOf(run.kind) }));
  return scatter('Seconds of a training step, by cross-validation', 's', kinds, points);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${percent(part / whole)})`;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
