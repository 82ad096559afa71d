// What a scenario changes of the operator's policies. Absent leaves it, null lifts a constraint.

import type { Place } from './fields.ts';

export const objectives = ['cost', 'latency', 'balanced', 'priority'] as const;

export interface ConstraintEdits {
  readonly maxTtftMs?: number | null;
  readonly residency?: readonly string[] | null;
  readonly maxInputPicoUsd?: number | null;
  readonly maxOutputPicoUsd?: number | null;
  readonly maxShare?: number | null;
  /** Least score of a model for the route's work, by the file of qualities that is given. */
  readonly minQuality?: number | null;
}

export interface PolicyEdit {
  readonly place: Place;
  readonly objective?: (typeof objectives)[number];
  readonly constraints: ConstraintEdits;
}

export interface PolicyEdits {
  /** For every route; null is none. */
  readonly all: PolicyEdit | null;
  /** For single routes, over that. */
  readonly routes: ReadonlyMap<string, PolicyEdit>;
}

/** Every policy as it is. */
export const noPolicyEdits: PolicyEdits = { all: null, routes: new Map() };
