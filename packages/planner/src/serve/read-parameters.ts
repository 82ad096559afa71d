// catalog/serving-parameters.json: the fitted parameters with what they were fitted on and the
// errors they had on runs of pairs that a fit had not seen.

import { type ServingParameters, unfitted } from './parameters.ts';

export const servingParametersFile = 'serving-parameters.json';

export interface ErrorSummary {
  readonly runs: number;
  /** Absolute error as a share. */
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
}

export interface GroupErrors extends ErrorSummary {
  readonly by: 'accelerator' | 'engine' | 'model';
  readonly name: string;
  readonly measure: 'tpot' | 'ttft' | 'throughput';
}

export interface FittedServing {
  readonly fittedOn: string;
  readonly runs: number;
  readonly pairs: number;
  /** Mean |log(predicted / measured)|. */
  readonly loss: number;
  readonly crossValidation: Readonly<Record<'tpot' | 'ttft' | 'throughput', ErrorSummary>> & {
    readonly groups: readonly GroupErrors[];
  };
  /** Runs of each accelerator: one that is not named was never checked. */
  readonly accelerators: Readonly<Record<string, number>>;
  readonly parameters: ServingParameters;
}

/** The file's content. Throws Error when it lacks a parameter: it is of another release. */
export function readFittedServing(text: string): FittedServing {
  const fitted = JSON.parse(text) as FittedServing;
  complete('parameters', unfitted, fitted.parameters);
  return fitted;
}

function complete(path: string, wanted: unknown, found: unknown): void {
  if (typeof wanted === 'number') {
    if (typeof found === 'number' && Number.isFinite(found)) return;
    throw new Error(`${servingParametersFile}: ${path} is missing; fit it anew`);
  }
  for (const [key, value] of Object.entries(wanted as object)) {
    complete(`${path}.${key}`, value, (found as Record<string, unknown> | undefined)?.[key]);
  }
}
