// One thing that grows: a file each beside this one.

import type { Measured } from './result.ts';

export interface ScaleOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** The most requests that the ledger is filled with. */
  readonly rows: number;
  /** A folder of its own; it is removed afterwards. */
  readonly folder: string;
  /** Of the mock upstream. */
  readonly mockPort: number;
  /** Progress, for standard error. */
  readonly tell: (what: string) => void;
}

export interface Dimension {
  readonly name: string;
  measure(options: ScaleOptions): Promise<Measured>;
}
