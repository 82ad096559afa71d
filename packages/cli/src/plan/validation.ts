// What validating published runs gives, whatever is measured of them.

/** A run as it is written out. */
export interface ValidatedRun {
  readonly id: string;
  readonly accelerator: string;
  readonly predicted: Readonly<Record<string, number | boolean>> | null;
  /** In the same names as predicted; of a run that ran out of memory, that it does not fit. */
  readonly measured: Readonly<Record<string, number | boolean>> | null;
  /** Predicted over measured, less 1. */
  readonly error: number | null;
  /** The source leaves the layout open: the best that agrees with it was found. */
  readonly planned: boolean;
  /** Why the run could not be judged. */
  readonly reason: string | null;
}

/** Errors of a group of runs: shares, 0.05 is 5 %. */
export interface GroupErrors {
  readonly by: string;
  readonly name: string;
  readonly runs: number;
  readonly pairs: number;
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
  readonly failures: number;
}

export interface Validation {
  /** `training step time`, ... */
  readonly of: string;
  readonly groups: readonly GroupErrors[];
  readonly runs: readonly ValidatedRun[];
}

/** Validates the rows of one format of file. */
export interface Validator {
  readonly of: string;
  accepts(row: unknown): boolean;
  validate(rows: readonly unknown[]): Validation;
  /** Errors by cross-validation, as they were measured when the parameters were fitted. */
  published(): readonly GroupErrors[];
}
