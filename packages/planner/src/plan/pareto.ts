// Which plans no other is better than in everything: cost, days, chips. A plan whose price is
// unknown is compared by days and chips with those of its own accelerator that are unknown too:
// what its hosts cost could put it anywhere among the others.

import type { TrainingPlan } from './training-plan.ts';

export interface Rated {
  readonly acceleratorId: string;
  /** null is unknown. */
  readonly usd: number | null;
  readonly days: number;
  readonly chips: number;
}

/** A plan that is at least as good in all and better in one. */
export function dominates(a: Rated, b: Rated): boolean {
  if ((a.usd === null) !== (b.usd === null)) return false;
  if (a.usd === null && a.acceleratorId !== b.acceleratorId) return false;
  const [costA, costB] = [a.usd ?? 0, b.usd ?? 0];
  const noWorse = costA <= costB && a.days <= b.days && a.chips <= b.chips;
  return noWorse && (costA < costB || a.days < b.days || a.chips < b.chips);
}

/** For each of them, whether it is in the Pareto set. */
export function paretoSet(rated: readonly Rated[]): boolean[] {
  return rated.map(b => !rated.some(a => dominates(a, b)));
}

/** A plan by its cheapest term, or on-demand capacity where no price is known; waiting counts. */
export function rate(plan: TrainingPlan): Rated {
  const term = plan.cheapestTerm ?? 'on-demand';
  const days = plan.days[term]?.likely ?? Number.POSITIVE_INFINITY;
  return {
    acceleratorId: plan.acceleratorId,
    usd: plan.cost[term]?.likely ?? null,
    days: plan.waitDays + days,
    chips: plan.chips,
  };
}
