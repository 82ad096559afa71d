// Deadline and budget: why a plan is not within them, and what would be.

import { rate } from './pareto.ts';
import type { NearestPlan, TrainingPlan } from './training-plan.ts';
import type { TrainingRequest } from './training-request.ts';

/**
 * Why a plan misses the deadline or the budget, and what would meet it; null when it does not.
 * `larger` are plans of the same seller on more chips, in that order: they are made as they are
 * asked for.
 */
export function missedLimit(
  request: TrainingRequest,
  plan: TrainingPlan,
  larger: Iterable<TrainingPlan>,
): string | null {
  const { deadlineDays, budgetUsd } = request;
  const { usd, days } = rate(plan);
  if (deadlineDays !== null && days > deadlineDays) return tooLate(deadlineDays, plan, larger);
  if (budgetUsd === null) return null;
  if (usd === null)
    return 'its price is not known, so that a budget cannot be kept: --price says it';
  if (usd <= budgetUsd) return null;
  const tokens = (request.tokens * budgetUsd) / usd;
  return `costs ${millions(usd)}, not ${millions(budgetUsd)}: the budget is enough for ${trillions(tokens)} tokens`;
}

function tooLate(deadline: number, plan: TrainingPlan, larger: Iterable<TrainingPlan>): string {
  const { days } = rate(plan);
  if (plan.waitDays >= deadline) return `it is there only after ${plan.waitDays} days`;
  const said = `takes ${days.toFixed(0)} days, not ${deadline}`;
  let fastest = plan;
  for (const more of larger) {
    if (rate(more).days <= deadline) return `${said}: ${more.chips} chips would be in time`;
    if (rate(more).days < rate(fastest).days) fastest = more;
    // Far beyond the best number of chips failures and waiting eat what more of them add.
    else if (rate(more).days > 1.2 * rate(fastest).days) break;
  }
  if (fastest === plan) return said;
  const best = `${rate(fastest).days.toFixed(0)} days, on ${fastest.chips} chips`;
  return `${said}: at best ${best}, with batches of this size`;
}

/** What comes nearest to limits that no plan keeps: the cheapest in time, the fastest within. */
export function nearestPlans(
  { deadlineDays, budgetUsd }: TrainingRequest,
  plans: readonly TrainingPlan[],
): NearestPlan[] {
  const found = plans.map(plan => ({ id: plan.id, ...rate(plan) }));
  const inTime = found.filter(f => f.days <= (deadlineDays ?? Number.POSITIVE_INFINITY));
  const within = found.filter(f => f.usd !== null && f.usd <= (budgetUsd ?? 0));
  const cheapest = least(inTime.length > 0 ? inTime : found, f => f.usd);
  const fastest = least(within.length > 0 ? within : found, f => f.days);
  const both = [budgetUsd === null ? null : cheapest, deadlineDays === null ? null : fastest];
  const nearest = both.filter(f => f !== null);
  return [...new Set(nearest)].map(({ id, usd, days }) => ({ id, usd, days }));
}

function least<T>(list: readonly T[], by: (one: T) => number | null): T | null {
  const known = list.filter(one => by(one) !== null);
  if (known.length === 0) return null;
  return known.reduce((best, one) => (by(one)! < by(best)! ? one : best));
}

function millions(usd: number): string {
  return `$${(usd / 1e6).toFixed(usd < 1e7 ? 2 : 1)}M`;
}

function trillions(tokens: number): string {
  return tokens >= 1e12 ? `${(tokens / 1e12).toFixed(1)}T` : `${(tokens / 1e9).toFixed(0)}B`;
}
