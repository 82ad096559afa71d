// Published training runs against the physics of a step, with the catalog's chips and parameters.

import type { Catalog } from '@entrepot/catalog/catalog';
import { chipOf } from '@entrepot/planner/chip';
import type { FitRun } from '@entrepot/planner/train/fit';
import type { Fitted } from '@entrepot/planner/train/fitted';
import { readFitted } from '@entrepot/planner/train/read-fitted';
import { readyRuns } from '@entrepot/planner/train/ready-runs';
import {
  accuracyOf,
  type JudgedRun,
  judgeRun,
  predictionOf,
} from '@entrepot/planner/train/run-errors';
import { readCatalogFile } from '../catalog-files.ts';
import { modelShapes } from './model-shapes.ts';
import type { ValidatedRun, Validation, Validator } from './validation.ts';

export function trainingValidator(catalog: Catalog): Validator {
  const fitted = readFitted(readCatalogFile('training-parameters.json'));
  const of = 'training step time';
  const chips = new Map(catalog.accelerators.map(a => [a.id, chipOf(a)]));
  return {
    of,
    accepts: row => isTrainingRow(row),
    published: () => fitted.accuracy,
    validate: (rows): Validation => {
      const ready = readyRuns(rows, chips, modelShapes());
      const judged: JudgedRun[] = [];
      const others: ValidatedRun[] = ready.unjudged.map(({ id, reason }) =>
        unjudgedRun(id, '', reason),
      );
      for (const run of ready.runs) {
        const found = run.run.outOfMemory ? unfitRun(run, fitted) : judgeRun(run, fitted);
        if ('id' in found) others.push(found);
        else if ('reason' in found) {
          others.push(unjudgedRun(run.run.id, run.run.accelerator, found.reason));
        } else judged.push(found);
      }
      return { of, groups: accuracyOf(judged), runs: [...judged.map(judgedRun), ...others] };
    },
  };
}

/** What a row of training has, and no row of serving. */
const own = ['global_batch', 'micro_batch', 'tokens_per_s_per_chip', 'step_time_s', 'recompute'];

function isTrainingRow(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || 'mode' in row) return false;
  const { measured } = row as { readonly measured?: unknown };
  const inside = typeof measured === 'object' && measured !== null ? measured : {};
  return own.some(name => name in row || name in inside);
}

/** A run that ran out of memory: whether it is predicted to. */
function unfitRun(run: FitRun, fitted: Fitted): ValidatedRun | { readonly reason: string } {
  const found = predictionOf(run, fitted);
  if ('reason' in found) return found;
  const { seconds, memory } = found.step;
  const { totalBytes: memoryBytes, fits } = memory;
  return {
    id: run.run.id,
    accelerator: run.run.accelerator,
    predicted: { stepSeconds: seconds, memoryBytes, fits },
    measured: { fits: false },
    error: null,
    planned: found.planned,
    reason: null,
  };
}

function unjudgedRun(id: string, accelerator: string, reason: string): ValidatedRun {
  const nothing = { predicted: null, measured: null, error: null, planned: false };
  return { id, accelerator, ...nothing, reason };
}

function judgedRun({ run, prediction, error }: JudgedRun): ValidatedRun {
  const { step, measured, predicted, planned } = prediction;
  const { memory } = step;
  const isStep = run.run.secondsMeasured !== null && run.run.job.globalBatch > 0;
  const memoryBytes = run.run.memoryBytesMeasured;
  // Where no step is published, it is tokens per second of a chip that were compared.
  const time = (seconds: number) =>
    isStep ? { stepSeconds: seconds } : { tokensPerSecond: 1 / seconds };
  return {
    id: run.run.id,
    accelerator: run.run.accelerator,
    predicted: { ...time(predicted), memoryBytes: memory.totalBytes, fits: memory.fits },
    measured: { ...time(measured), ...(memoryBytes === null ? {} : { memoryBytes }) },
    error,
    planned,
    reason: null,
  };
}
