// Several scenarios at once: one world, in which all of them hold.

import type { Catalog } from './catalog.ts';
import { overlay } from './overlay.ts';
import { noPolicyEdits, type PolicyEdit, type PolicyEdits } from './policy-edit.ts';
import { CatalogError } from './problem.ts';
import type { Scenario } from './scenario.ts';
import { scenarioConflicts } from './scenario-conflicts.ts';
import { type EgressCost, type Merger, usualWorld, type World } from './world.ts';
import { saysTheSame } from './world-conflicts.ts';

export interface Composition {
  /** Ids of the scenarios, in order; none is the catalog as it is. */
  readonly ids: readonly string[];
  readonly catalog: Catalog;
  readonly policy: PolicyEdits;
  readonly world: World;
}

/**
 * Lays scenarios over the catalog in the order given: a later one sees the offers and prices that
 * an earlier one made. Throws CatalogError for what is wrong with one of them, or when two
 * contradict each other; then each problem names both.
 */
export function compose(catalog: Catalog, scenarios: readonly Scenario[]): Composition {
  const problems = scenarios.flatMap((later, i) =>
    scenarios.slice(0, i).flatMap(earlier => scenarioConflicts(catalog, earlier, later)),
  );
  if (problems.length > 0) throw new CatalogError(problems);
  return {
    ids: scenarios.map(scenario => scenario.id),
    catalog: scenarios.reduce((made, one) => overlay(made, one, catalog.offers), catalog),
    policy: scenarios.map(s => s.policy).reduce(bothPolicies, noPolicyEdits),
    world: scenarios.map(s => s.world).reduce(bothWorlds, usualWorld),
  };
}

function bothPolicies(a: PolicyEdits, b: PolicyEdits): PolicyEdits {
  const names = new Set([...a.routes.keys(), ...b.routes.keys()]);
  const routes = [...names].map((name): [string, PolicyEdit] => {
    const edit = bothEdits(a.routes.get(name) ?? null, b.routes.get(name) ?? null);
    return [name, edit!];
  });
  return { all: bothEdits(a.all, b.all), routes: new Map(routes) };
}

function bothEdits(a: PolicyEdit | null, b: PolicyEdit | null): PolicyEdit | null {
  if (a === null || b === null) return a ?? b;
  return { ...a, ...b, constraints: { ...a.constraints, ...b.constraints } };
}

function bothWorlds(a: World, b: World): World {
  return {
    outages: [...a.outages, ...b.outages],
    limits: [...a.limits, ...b.limits],
    latency: [...a.latency, ...b.latency],
    provisioned: [...a.provisioned, ...b.provisioned],
    commitments: [...a.commitments, ...b.commitments],
    switching: [...a.switching, ...unsaid(a.switching, b.switching)],
    egress: [...a.egress, ...unsaid(a.egress, b.egress)],
    mergers: [...a.mergers, ...b.mergers.filter(merger => !a.mergers.some(o => same(o, merger)))],
    traffic: [...a.traffic, ...b.traffic],
  };
}

/** Two that say the same of one cloud count once. */
function unsaid<T extends EgressCost>(earlier: readonly T[], later: readonly T[]): T[] {
  return later.filter(one => !earlier.some(other => saysTheSame(other, one)));
}

function same(a: Merger, b: Merger): boolean {
  return a.clouds.length === b.clouds.length && a.clouds.every(c => b.clouds.includes(c));
}
