// catalog/serving-parameters.json: the fitted parameters with what they were fitted on and the
// errors they had on runs of pairs that a fit had not seen.

import type { ServingParameters } from './parameters.ts';

export const servingParametersFile = 'serving-parameters.json';

export interface ErrorSummary {
  readonly runs: number;
  /** Absolute error as a share. */
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
}

export interface FittedServing {
  readonly fittedOn: string;
  readonly runs: number;
  readonly pairs: number;
  /** Mean |log(predicted / measured)|. */
  readonly loss: number;
  readonly crossValidation: Readonly<Record<'tpot' | 'ttft' | 'throughput', ErrorSummary>>;
  /** Runs of each accelerator: one that is not named was never checked. */
  readonly accelerators: Readonly<Record<string, number>>;
  readonly parameters: ServingParameters;
}

/** The file's content. It is made by a tool, and checked by its test. */
export function readFittedServing(text: string): FittedServing {
  return JSON.parse(text) as FittedServing;
}
