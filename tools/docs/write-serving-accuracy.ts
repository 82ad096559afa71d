// Predicts the published serving runs and writes docs/serving-accuracy.md with its plots:
// node tools/docs/write-serving-accuracy.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFittedServing, servingParametersFile } from '@entrepot/planner/serve/read-parameters';
import { type Measure, type ValidatedRun, validateServing } from '@entrepot/planner/serve/validate';
import { type Point, scatter } from '../planner/scatter.ts';
import { catalogChips, catalogModels, readRows } from '../planner/serving-runs.ts';
import { root } from '../tidy/source-files.ts';
import { servingAccuracyPage } from './serving-accuracy-page.ts';

const text = readFileSync(join(root, 'catalog', servingParametersFile), 'utf8');
const fitted = readFittedServing(text);
const kinds = ['dense', 'mixture of experts'];
const validation = validateServing(readRows(), catalogModels(), catalogChips(), fitted.parameters);
write('serving-accuracy.md', servingAccuracyPage(fitted, validation));
write('serving-tpot.svg', plot('Time per output token', 'ms', 'tpotMs'));
write('serving-ttft.svg', plot('Time to the first token', 'ms', 'ttftMs'));
write('serving-throughput.svg', plot('Throughput', 'tokens/s', 'tokensPerSecond'));

function write(name: string, content: string): void {
  writeFileSync(join(root, 'docs', name), content);
}

function plot(title: string, unit: string, measure: Measure): string {
  const points = validation.runs.map(run => pointOf(run, measure)).filter(p => p !== null);
  // Enough to see the shape; a page of all would be large.
  const every = Math.ceil(points.length / 700);
  return scatter(
    title,
    unit,
    kinds,
    points.filter((_, i) => i % every === 0),
  );
}

function pointOf(run: ValidatedRun, measure: Measure): Point | null {
  const measured = run.measured[measure];
  const predicted = run.predicted?.[measure] ?? null;
  if (measured === null || predicted === null) return null;
  return { measured, predicted, series: kinds.indexOf(run.groups!.kind) };
}
