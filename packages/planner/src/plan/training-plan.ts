// A training plan, as it is printed, drawn, explained and written for machines.

import type { Cloud } from '@entrepot/catalog/offer';
import type { ChipFamily } from '../chip.ts';
import type { HostTerm } from '../cost/host-offer.ts';
import type { JobCost } from '../cost/job-cost.ts';
import type { Goodput } from '../goodput/goodput.ts';
import type { Interval } from '../interval.ts';
import type { Layout, Precision } from '../layout.ts';
import type { ModelShape } from '../model-shape.ts';
import type { TrainingMemory } from '../train/memory.ts';
import type { StepParts } from '../train/step.ts';

export interface TrainingPlan {
  /** `H100-SXM/aws/16384`; within limits of capacity with the region and the day it begins. */
  readonly id: string;
  readonly acceleratorId: string;
  readonly family: ChipFamily;
  /** No published run of the chip is behind the prediction: its range is wide. */
  readonly unvalidated: boolean;
  readonly framework: string;
  readonly chips: number;
  readonly host: PlanHosts;
  readonly layout: Layout;
  readonly memory: TrainingMemory;
  readonly step: StepFigures;
  readonly steps: number;
  readonly goodput: Goodput;
  readonly checkpointEverySteps: number;
  /** Until the capacity is there. */
  readonly waitDays: number;
  /**
   * Days from its beginning until all tokens are done, by term; null: capacity is taken back too
   * often for it.
   */
  readonly days: Readonly<Record<HostTerm, Interval | null>>;
  /** USD. */
  readonly cost: JobCost;
  readonly cheapestTerm: HostTerm | null;
  /** No other plan is better in cost, days and chips at once. */
  readonly isPareto: boolean;
  /** What could not be judged, or was assumed in its place. */
  readonly notes: readonly string[];
}

export interface PlanHosts {
  readonly cloud: Cloud;
  readonly region: string | null;
  readonly instance: string;
  readonly count: number;
  readonly spares: number;
  readonly chips: number;
  readonly ranksPerChip: number;
  readonly usdPerHour: Readonly<Record<HostTerm, number | null>>;
  readonly priceSource: string;
  readonly priceSeenOn: string;
  /** Of the committed price, where it is the catalog's. */
  readonly committedSource: string | null;
}

export interface StepFigures {
  readonly seconds: Interval;
  readonly parts: StepParts;
  readonly mfu: Interval;
  readonly tokensPerSecond: Interval;
}

/** Why an accelerator, or a way to rent it, has no plan; and the nearest thing that would work. */
export interface WhyNot {
  readonly acceleratorId: string;
  readonly cloud: string | null;
  readonly chips: number | null;
  readonly reason: string;
}

/** A plan outside of deadline or budget that comes nearest to them. */
export interface NearestPlan {
  readonly id: string;
  readonly usd: number | null;
  readonly days: number;
}

export interface TrainingPlans {
  readonly kind: 'training-plans';
  readonly asOf: string;
  readonly modelId: string;
  readonly model: ModelShape;
  readonly parameters: { readonly total: number; readonly active: number };
  readonly tokens: number;
  readonly sequence: number;
  readonly globalBatch: number;
  readonly precision: Precision;
  readonly deadlineDays: number | null;
  readonly budgetUsd: number | null;
  readonly plans: readonly TrainingPlan[];
  readonly whyNot: readonly WhyNot[];
  /** Where deadline and budget leave no plan: what would do with another of them. */
  readonly nearest: readonly NearestPlan[];
  readonly assumptions: readonly string[];
}
