// Fits the planner's training parameters to published runs: catalog/planner/training.json.
//   node tools/planner/fit.ts RUNS.json [--cross N] [--write] [--sweeps N]
// --cross N: leaves out whole pairs of chip and model, N groups of them, and reports the error on
// those left out.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Dial, type FitRun, fit } from '../../packages/planner/src/train/fit.ts';
import { type Fitted, parametersFor } from '../../packages/planner/src/train/fitted.ts';
import { predictRun } from '../../packages/planner/src/train/predict-run.ts';
import { usualParameters } from '../../packages/planner/src/train/step-parameters.ts';
import { dialsFor, fitBounds } from './dials.ts';
import { readTrainingRuns } from './runs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cross: { type: 'string' },
    write: { type: 'boolean' },
    sweeps: { type: 'string', default: '40' },
    penalty: { type: 'string', default: '0.002' },
    fresh: { type: 'boolean' },
    residuals: { type: 'boolean' },
  },
});
const target = new URL('../../catalog/planner/training.json', import.meta.url);
const { runs, unjudged } = readTrainingRuns(positionals[0]!);
const dials = dialsFor(runs);
const options = {
  sweeps: Number(values.sweeps),
  penalty: Number(values.penalty),
  bounds: fitBounds,
};
const usual: Fitted = {
  fittedOn: '',
  source: '',
  rows: 0,
  loss: 0,
  base: usualParameters,
  factors: [
    { level: 'framework', of: 'megatron-unfused', parameter: 'scoreBytes', factor: 500 },
    { level: 'framework', of: 'torchtitan', parameter: 'selective', factor: 8 },
    { level: 'framework', of: 'torchtitan', parameter: 'selectiveKept', factor: 0.72 },
    { level: 'framework', of: 'torchtitan', parameter: 'logitBytes', factor: 1.5 },
    { level: 'framework', of: 'torchtitan', parameter: 'narrowKept', factor: 2 },
    { level: 'framework', of: 'foundry', parameter: 'narrowKept', factor: 2 },
    { level: 'framework', of: 'foundry', parameter: 'logitBytes', factor: 0.5 },
    { level: 'framework', of: 'nemo', parameter: 'latentLayerSeconds', factor: 8 },
    { level: 'framework', of: 'megatron', parameter: 'logitBytes', factor: 0.75 },
    { level: 'framework', of: 'nemo', parameter: 'logitBytes', factor: 0.75 },
    // A loss in parts, no working copy of the weights, little of the memory taken by the runtime.
    { level: 'family', of: 'tpu', parameter: 'logitTokens', factor: 8192e-9 },
    { level: 'family', of: 'tpu', parameter: 'reservedBytes', factor: 0.2 },
    { level: 'framework', of: 'maxtext', parameter: 'weightBytes', factor: 0.02 },
  ],
};
const start: Fitted =
  existsSync(target) && values.fresh !== true
    ? { ...(JSON.parse(readFileSync(target, 'utf8')) as Fitted) }
    : usual;

interface Scored {
  readonly run: FitRun;
  readonly error: number;
  readonly fits: boolean;
  readonly memoryError: number | null;
}

function score(run: FitRun, fitted: Fitted): Scored | null {
  const found = predictRun(run.run, run.chip, parametersFor(fitted, run.setting), run.layouts);
  if ('reason' in found) return null;
  const memory = run.run.memoryBytesMeasured;
  return {
    run,
    error: found.predicted / found.measured - 1,
    fits: found.step.memory.fits,
    memoryError: memory === null ? null : found.step.memory.totalBytes / memory - 1,
  };
}

function report(title: string, scored: readonly Scored[]): void {
  if (scored.length === 0) return;
  const errors = scored.map(s => Math.abs(s.error)).sort((a, b) => a - b);
  const at = (q: number) =>
    `${(100 * errors[Math.min(errors.length - 1, Math.floor(q * errors.length))]!).toFixed(1)}%`;
  const signed = scored.map(s => s.error).sort((a, b) => a - b);
  const bias = signed[Math.floor(signed.length / 2)]!;
  const fits = scored.filter(s => s.fits).length;
  console.log(
    `${title.padEnd(34)} ${String(scored.length).padStart(4)} median ${at(0.5).padStart(6)} p90 ${at(0.9).padStart(6)} bias ${(100 * bias).toFixed(1).padStart(6)}% fits ${fits}`,
  );
}

function reports(scored: readonly Scored[]): void {
  const by = (name: (s: Scored) => string) => {
    const groups = new Map<string, Scored[]>();
    for (const s of scored) groups.set(name(s), [...(groups.get(name(s)) ?? []), s]);
    for (const key of [...groups.keys()].sort()) report(key, groups.get(key)!);
  };
  report('all', scored);
  by(s => (s.run.run.job.model.experts === null ? 'dense' : 'experts'));
  by(s => s.run.run.accelerator);
  by(s => `${s.run.run.framework} ${s.run.run.job.model.experts === null ? 'dense' : 'experts'}`);
  const memory = scored.filter(s => s.memoryError !== null);
  console.log('memory', memory.map(s => `${(100 * s.memoryError!).toFixed(0)}%`).join(' '));
}

function residuals(scored: readonly Scored[]): void {
  for (const s of [...scored].sort((a, b) => Math.abs(b.error) - Math.abs(a.error))) {
    const { run, error } = s;
    console.log(
      `${(100 * error).toFixed(1).padStart(7)}% ${s.fits ? ' ' : 'X'} ${run.run.id} ${run.run.chips} ${run.run.precisionName}`,
    );
  }
}

function crossValidate(folds: number): Scored[] {
  const pairs = [...new Set(runs.map(run => run.pair))].sort();
  // Neighbours in the sorted list share a chip: dealt out, each group has pairs of most chips.
  const scored: Scored[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const out = new Set(pairs.filter((_, i) => i % folds === fold));
    const inside = runs.filter(run => !out.has(run.pair));
    const fitted = fit(usual, inside, dialsOf(inside), options);
    for (const run of runs.filter(r => out.has(r.pair))) {
      const found = score(run, fitted);
      if (found !== null) scored.push(found);
    }
  }
  return scored;
}

function dialsOf(inside: readonly FitRun[]): Dial[] {
  return dialsFor(inside);
}

/** Four digits are more than the data give; a factor of 1 says nothing. */
function written(fitted: Fitted): Fitted {
  const round = (value: number) => Number(value.toPrecision(4));
  const base = Object.entries(fitted.base).map(([name, value]) => [name, round(value)]);
  return {
    ...fitted,
    fittedOn: new Date().toISOString().slice(0, 10),
    source: 'training_runs.json: published runs, compiled 2026-11-23',
    loss: round(fitted.loss),
    base: Object.fromEntries(base) as Fitted['base'],
    factors: fitted.factors
      .map(factor => ({ ...factor, factor: round(factor.factor) }))
      .filter(factor => factor.factor !== 1),
  };
}

console.log(`${runs.length} runs, ${unjudged.length} not judged, ${dials.length} dials`);
if (values.cross !== undefined) {
  const scored = crossValidate(Number(values.cross));
  reports(scored);
  if (values.residuals) residuals(scored);
} else {
  const from = performance.now();
  const fitted = fit(start, runs, dials, options);
  console.log(
    `loss ${fitted.loss.toFixed(4)} in ${((performance.now() - from) / 1000).toFixed(1)} s`,
  );
  const scored = runs.map(run => score(run, fitted)).filter(s => s !== null);
  reports(scored);
  if (values.residuals) residuals(scored);
  console.log(JSON.stringify(fitted.base));
  console.log(
    fitted.factors
      .filter(f => f.factor !== 1)
      .map(f => `${f.level}/${f.of}/${f.parameter}=${f.factor.toFixed(2)}`)
      .join(' '),
  );
  if (values.write) {
    mkdirSync(new URL('.', target), { recursive: true });
    writeFileSync(target, `${JSON.stringify(written(fitted), null, 2)}\n`);
  }
}
