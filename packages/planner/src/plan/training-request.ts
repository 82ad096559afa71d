// What is asked of a training plan.

import type { Precision } from '../layout.ts';
import type { ModelShape } from '../model-shape.ts';
import type { GivenLayout } from '../train/published-run.ts';

export interface TrainingRequest {
  readonly modelId: string;
  readonly model: ModelShape;
  readonly tokens: number;
  readonly sequence: number;
  /** Sequences of a step. */
  readonly globalBatch: number;
  readonly precision: Precision;
  /** Counts of chips to plan with, in the order asked for. */
  readonly chips: readonly number[];
  /** null: every accelerator of the catalog. */
  readonly accelerators: readonly string[] | null;
  readonly clouds: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly deadlineDays: number | null;
  readonly budgetUsd: number | null;
  readonly asOf: string;
  /** Degrees that the user fixes. */
  readonly given: Partial<GivenLayout>;
}

/** Nothing of a layout is given. */
export const openLayout: GivenLayout = {
  tp: null,
  sp: null,
  pp: null,
  vpp: null,
  dp: null,
  cp: null,
  ep: null,
  etp: null,
  microBatch: null,
  sharding: null,
  shards: null,
  recompute: null,
  recomputedShare: null,
};
