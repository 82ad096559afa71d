// Published serving runs against the physics of serving, with the catalog's chips and parameters.

import type { Catalog } from '@entrepot/catalog/catalog';
import { chipOf } from '@entrepot/planner/chip';
import {
  type ErrorSummary,
  readFittedServing,
  servingParametersFile,
} from '@entrepot/planner/serve/read-parameters';
import { isServingRow } from '@entrepot/planner/serve/run-row';
import {
  type Measures,
  measures,
  type ValidatedRun as ServedRun,
  validateServing,
} from '@entrepot/planner/serve/validate';
import { readCatalogFile } from '../catalog-files.ts';
import { modelShapes } from './model-shapes.ts';
import type { GroupErrors, ValidatedRun, Validation, Validator } from './validation.ts';

const of = 'serving';

export function servingValidator(catalog: Catalog): Validator {
  const fitted = readFittedServing(readCatalogFile(servingParametersFile));
  const chips = new Map(catalog.accelerators.map(a => [a.id, chipOf(a)]));
  const { tpot, ttft, throughput, groups } = fitted.crossValidation;
  return {
    of,
    accepts: isServingRow,
    published: () => [
      crossGroup('tpot', 'all', tpot),
      crossGroup('ttft', 'all', ttft),
      crossGroup('throughput', 'all', throughput),
      ...groups.map(group => crossGroup(`${group.measure} by ${group.by}`, group.name, group)),
    ],
    validate: (rows): Validation => {
      const served = validateServing(rows, modelShapes(), chips, fitted.parameters);
      const errors = served.summary.groups.map(({ by, name, measure, ...figures }) => ({
        by: `${measure}${by === 'all' ? '' : ` by ${by}`}`,
        name,
        ...figures,
      }));
      return { of, groups: errors, runs: served.runs.map(writtenRun) };
    },
  };
}

function crossGroup(
  by: string,
  name: string,
  errors: ErrorSummary & { pairs?: number },
): GroupErrors {
  const { runs, median, p90, bias, pairs } = errors;
  return { by, name, runs, pairs: pairs ?? 0, median, p90, bias, failures: 0 };
}

function writtenRun(run: ServedRun): ValidatedRun {
  const { id, accelerator, predicted, planned, reason } = run;
  return {
    id,
    accelerator,
    predicted:
      predicted === null
        ? null
        : { ...known(predicted), memoryBytes: predicted.memoryBytes, fits: predicted.fits },
    measured: reason === null ? known(run.measured) : null,
    error: run.error === null ? null : firstError(run.error),
    planned,
    reason,
  };
}

/** The measures that there are. */
function known(values: Measures): Record<string, number> {
  return Object.fromEntries(
    measures.flatMap(name => (values[name] === null ? [] : [[name, values[name]]])),
  );
}

/** Of the time per token where it was measured, else of the throughput, else of the first token. */
function firstError(errors: Measures): number | null {
  return errors.tpotMs ?? errors.tokensPerSecond ?? errors.ttftMs;
}
