// Published training runs against the physics of a step, with the catalog's chips and parameters.

import type { Catalog } from '@entrepot/catalog/catalog';
import { chipOf } from '@entrepot/planner/chip';
import { readFitted } from '@entrepot/planner/train/read-fitted';
import { readyRuns } from '@entrepot/planner/train/ready-runs';
import { accuracyOf, type JudgedRun, judgeRun } from '@entrepot/planner/train/run-errors';
import type { RunRow } from '@entrepot/planner/train/run-row';
import { readCatalogFile } from '../catalog-files.ts';
import type { ValidatedRun, Validation, Validator } from './validation.ts';

export function trainingValidator(catalog: Catalog): Validator {
  const fitted = readFitted(readCatalogFile('training-parameters.json'));
  const of = 'training step time';
  const chips = new Map(catalog.accelerators.map(a => [a.id, chipOf(a)]));
  return {
    of,
    accepts: row => typeof row === 'object' && row !== null && 'global_batch' in row,
    published: () => fitted.accuracy,
    validate: (rows): Validation => {
      const given = rows as readonly RunRow[];
      const ready = readyRuns(given, chips);
      const accelerators = new Map(given.map(row => [row.id, row.accelerator]));
      const judged: JudgedRun[] = [];
      const unjudged: ValidatedRun[] = ready.unjudged.map(({ id, reason }) =>
        unjudgedRun(id, accelerators.get(id) ?? '', reason),
      );
      for (const run of ready.runs) {
        const found = judgeRun(run, fitted);
        if ('reason' in found) {
          unjudged.push(unjudgedRun(run.run.id, run.run.accelerator, found.reason));
        } else judged.push(found);
      }
      return { of, groups: accuracyOf(judged), runs: [...judged.map(judgedRun), ...unjudged] };
    },
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
