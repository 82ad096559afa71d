// Limits the extra load that retries put on an upstream that does not do well. The budget of a
// deployment governs second attempts on the same deployment, and attempts on one whose circuit is
// not closed. Failing over to a healthy deployment is never limited: an outage of one cloud must
// not become the callers' failure while a substitute stands ready; the substitute protects itself
// by its rate limits and its own circuit.

import type { RetryBudgetSettings } from './defaults.ts';
import type { Ms } from './engine.ts';
import { addTo, createWindow, sumOf, type Window } from './window.ts';

export interface RetryBudget {
  readonly attempts: Window;
  readonly retries: Window;
  inFlight: number;
  /** Retries under way, at most `inFlight`: which attempt was one is not told when it ends. */
  retriesInFlight: number;
}

export function createRetryBudget(settings: RetryBudgetSettings): RetryBudget {
  return {
    attempts: createWindow(settings.windowMs, 12),
    retries: createWindow(settings.windowMs, 12),
    inFlight: 0,
    retriesInFlight: 0,
  };
}

export function countBegin(budget: RetryBudget, now: Ms): void {
  addTo(budget.attempts, now, 1);
  budget.inFlight += 1;
}

export function countEnd(budget: RetryBudget): void {
  budget.inFlight = Math.max(0, budget.inFlight - 1);
  budget.retriesInFlight = Math.min(budget.retriesInFlight, budget.inFlight);
}

/** Takes one retry from the budget; false when there is none left. */
export function takeRetry(budget: RetryBudget, settings: RetryBudgetSettings, now: Ms): boolean {
  const allowed = settings.share * sumOf(budget.attempts, now);
  const spare = sumOf(budget.retries, now) + 1 <= allowed;
  if (!spare && budget.retriesInFlight >= settings.minConcurrent) return false;
  addTo(budget.retries, now, 1);
  budget.retriesInFlight += 1;
  return true;
}
