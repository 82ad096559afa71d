// Published runs against what the physics says of them, and the errors of groups of runs.

import type { FitRun } from './fit.ts';
import { type Accuracy, type Fitted, parametersFor } from './fitted.ts';
import { predictRun, type RunPrediction } from './predict-run.ts';

/** A run with what was predicted of it. */
export interface JudgedRun {
  readonly run: FitRun;
  readonly prediction: RunPrediction;
  /** Predicted over measured, less 1. */
  readonly error: number;
  /** The same of memory, where it was measured. */
  readonly memoryError: number | null;
}

/** What is predicted of a run, with the parameters of its setting. */
export function predictionOf(
  run: FitRun,
  fitted: Fitted,
): RunPrediction | { readonly reason: string } {
  return predictRun(run.run, run.chip, parametersFor(fitted, run.setting), run.layouts);
}

/** Judges a run that was timed; or says why it cannot be. */
export function judgeRun(run: FitRun, fitted: Fitted): JudgedRun | { readonly reason: string } {
  const prediction = predictionOf(run, fitted);
  if ('reason' in prediction) return prediction;
  if (!Number.isFinite(prediction.predicted / prediction.measured)) {
    return { reason: 'its figures give no time that could be compared' };
  }
  const memory = run.run.memoryBytesMeasured;
  const predictedBytes = prediction.step.memory.totalBytes;
  return {
    run,
    prediction,
    error: prediction.predicted / prediction.measured - 1,
    memoryError: memory === null ? null : predictedBytes / memory - 1,
  };
}

const groupings: Readonly<Record<Accuracy['by'], (judged: JudgedRun) => string>> = {
  all: () => 'all',
  kind: judged => (judged.run.run.job.model.experts === null ? 'dense' : 'experts'),
  accelerator: judged => judged.run.run.accelerator,
  framework: judged => judged.run.run.framework,
  chips: judged => chipsGroup(judged.run.run.chips),
};

function chipsGroup(chips: number): string {
  if (chips <= 8) return '1-8';
  if (chips <= 64) return '9-64';
  if (chips <= 512) return '65-512';
  return chips <= 2048 ? '513-2048' : 'over 2048';
}

/** The errors of all runs, and by kind of model, accelerator, framework and number of chips. */
export function accuracyOf(judged: readonly JudgedRun[]): Accuracy[] {
  return (Object.keys(groupings) as Accuracy['by'][]).flatMap(by => {
    const groups = new Map<string, JudgedRun[]>();
    for (const run of judged) {
      const name = groupings[by](run);
      groups.set(name, [...(groups.get(name) ?? []), run]);
    }
    return [...groups.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, runs]) => accuracy(by, name, runs));
  });
}

function accuracy(by: Accuracy['by'], name: string, runs: readonly JudgedRun[]): Accuracy {
  const sizes = runs.map(run => Math.abs(run.error)).sort((a, b) => a - b);
  const signed = runs.map(run => run.error).sort((a, b) => a - b);
  return {
    by,
    name,
    runs: runs.length,
    pairs: new Set(runs.map(run => run.run.pair)).size,
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: quantile(signed, 0.5),
    failures: runs.filter(run => !run.prediction.step.memory.fits).length,
  };
}

/** Of values in order; between two of them in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}
