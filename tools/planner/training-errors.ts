// What cross-validation found, run by run, kept for the page on accuracy.

import { readFileSync, writeFileSync } from 'node:fs';
import type { Unjudged } from '../../packages/planner/src/train/ready-runs.ts';
import type { JudgedRun } from '../../packages/planner/src/train/run-errors.ts';

export const trainingErrorsFile: URL = new URL(
  '../../catalog/training-errors.jsonl',
  import.meta.url,
);

/** A run as it is kept: measured and predicted seconds of a step, or chip-seconds of a token. */
export interface KeptError {
  readonly id: string;
  readonly accelerator: string;
  readonly model: string;
  readonly kind: 'dense' | 'experts';
  readonly measured: number;
  readonly predicted: number;
  readonly planned: boolean;
  readonly fits: boolean;
  readonly memoryError: number | null;
}

export interface KeptErrors {
  readonly runs: readonly KeptError[];
  readonly unjudged: readonly Unjudged[];
}

export function writeTrainingErrors(
  judged: readonly JudgedRun[],
  unjudged: readonly Unjudged[],
): void {
  const round = (value: number) => Number(value.toPrecision(4));
  const runs = judged.map(
    ({ run, prediction, memoryError }): KeptError => ({
      id: run.run.id,
      accelerator: run.run.accelerator,
      model: run.run.job.model.name,
      kind: run.run.job.model.experts === null ? 'dense' : 'experts',
      measured: round(prediction.measured),
      predicted: round(prediction.predicted),
      planned: prediction.planned,
      fits: prediction.step.memory.fits,
      memoryError: memoryError === null ? null : round(memoryError),
    }),
  );
  const lines = [...runs, ...unjudged].map(one => JSON.stringify(one));
  writeFileSync(trainingErrorsFile, `${lines.join('\n')}\n`);
}

/** What is kept, read again. */
export function readTrainingErrors(): KeptErrors {
  const lines = readFileSync(trainingErrorsFile, 'utf8').trim().split('\n');
  const all = lines.map(line => JSON.parse(line) as KeptError | Unjudged);
  return {
    runs: all.filter((one): one is KeptError => 'measured' in one),
    unjudged: all.filter((one): one is Unjudged => 'reason' in one),
  };
}
