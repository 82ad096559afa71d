// The results of two pieces of traffic that were replayed apart, as one. Sums and sketches merge
// exactly and in any order; what one piece did to the upstreams, the other did not see.

import type { FailureKind } from '@entrepot/engine/outcome';
import { addAmounts } from './amount.ts';
import type {
  CallerSums,
  DeploymentSums,
  FixedCost,
  KeySums,
  Paid,
  ReplayResult,
} from './replay-result.ts';
import { mergeSketches } from './sketch.ts';

/** Throws RangeError for results of different routes. */
export function mergeResults(a: ReplayResult, b: ReplayResult): ReplayResult {
  const idsOf = ({ deployments }: ReplayResult): string => deployments.map(d => d.id).join();
  if (idsOf(a) !== idsOf(b)) throw new RangeError('results of different deployments');
  return {
    ...mergeCallers(a, b),
    firstMs: extreme(Math.min, a.firstMs, b.firstMs),
    lastMs: extreme(Math.max, a.lastMs, b.lastMs),
    attempts: a.attempts + b.attempts,
    failovers: a.failovers + b.failovers,
    throttled: a.throttled + b.throttled,
    panics: a.panics + b.panics,
    unpriced: a.unpriced + b.unpriced,
    paid: mergePaid(a.paid, b.paid),
    elsewhere: a.elsewhere.map((paid, i) => mergePaid(paid, b.elsewhere[i]!)),
    fixedCosts: mergeFixed([...a.fixedCosts, ...b.fixedCosts]),
    deployments: a.deployments.map((sums, i) => mergeDeployments(sums, b.deployments[i]!)),
    keys: mergeKeys([...a.keys, ...b.keys]),
    ttft: mergeSketches(a.ttft, b.ttft),
    total: mergeSketches(a.total, b.total),
  };
}

function extreme(
  of: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  return a === null || b === null ? (a ?? b) : of(a, b);
}

function mergeCallers(a: CallerSums, b: CallerSums): CallerSums {
  return {
    requests: a.requests + b.requests,
    answered: a.answered + b.answered,
    truncated: a.truncated + b.truncated,
    failed: a.failed + b.failed,
    refused: a.refused + b.refused,
  };
}

function mergePaid(a: Paid, b: Paid): Paid {
  return {
    cost: addAmounts(a.cost, b.cost),
    cacheSavings: addAmounts(a.cacheSavings, b.cacheSavings),
  };
}

function mergeFixed(all: readonly FixedCost[]): FixedCost[] {
  const sums = new Map<string, FixedCost>();
  for (const one of all) {
    const key = `${one.what} ${one.cloud}`;
    const before = sums.get(key);
    const cost = before === undefined ? one.cost : addAmounts(before.cost, one.cost);
    sums.set(key, { ...one, cost });
  }
  return [...sums.values()];
}

function mergeDeployments(a: DeploymentSums, b: DeploymentSums): DeploymentSums {
  const kinds = Object.keys({ ...a.failures, ...b.failures }).sort() as FailureKind[];
  const failures = Object.fromEntries(
    kinds.map(kind => [kind, (a.failures[kind] ?? 0) + (b.failures[kind] ?? 0)]),
  );
  return {
    ...a,
    attempts: a.attempts + b.attempts,
    answered: a.answered + b.answered,
    failures,
    cost: addAmounts(a.cost, b.cost),
    freshTokens: a.freshTokens + b.freshTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    lockedCost: addAmounts(a.lockedCost, b.lockedCost),
    leavingCost: addAmounts(a.leavingCost, b.leavingCost),
  };
}

function mergeKeys(all: readonly KeySums[]): KeySums[] {
  const sums = new Map<string, KeySums>();
  for (const key of all) {
    const before = sums.get(key.name);
    if (before === undefined) sums.set(key.name, key);
    else {
      const cost = addAmounts(before.cost, key.cost);
      sums.set(key.name, { name: key.name, ...mergeCallers(before, key), cost });
    }
  }
  return [...sums.values()];
}
