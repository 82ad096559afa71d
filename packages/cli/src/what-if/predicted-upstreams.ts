// Offers that a scenario adds with what a plan predicts of them: what-if takes that for how they
// behave, unless a ledger has measured them.

import type { Scenario } from '@entrepot/catalog/scenario';
import { predictedUpstream } from '@entrepot/replay/upstream/predicted-model';
import { type Case, deploymentsOf } from '@entrepot/replay/what-if/case';

/** The case with the predictions of its scenarios. */
export function withPredictions(one: Case, scenarios: readonly Scenario[]): Case {
  const predicted = new Map(scenarios.flatMap(({ add }) => add.map(o => [o.id, o.predicted])));
  const upstreams = deploymentsOf(one).flatMap(deployment => {
    const prediction = predicted.get(deployment.offer.id) ?? null;
    if (prediction === null) return [];
    return [[deployment.id, predictedUpstream(deployment, prediction)] as const];
  });
  if (upstreams.length === 0) return one;
  return { ...one, upstreams: { ...Object.fromEntries(upstreams), ...one.upstreams } };
}
