// Where two scenarios say different things of the world or the policy.

import type { Catalog } from './catalog.ts';
import { conflictOf, metBy } from './clash.ts';
import type { ConstraintEdits, PolicyEdit, PolicyEdits } from './policy-edit.ts';
import type { Problem } from './problem.ts';
import { windowsMeet } from './window.ts';
import type { EgressCost, LimitChange, World, WorldEntry } from './world.ts';

export function policyConflicts(earlier: PolicyEdits, later: PolicyEdits): Problem[] {
  const problems = editConflicts(earlier.all, later.all, 'policy');
  for (const [route, edit] of later.routes) {
    problems.push(...editConflicts(earlier.routes.get(route) ?? null, edit, `policy of ${route}`));
  }
  return problems;
}

function editConflicts(a: PolicyEdit | null, b: PolicyEdit | null, of: string): Problem[] {
  if (a === null || b === null) return [];
  const problems: Problem[] = [];
  const compare = (field: string, x: unknown, y: unknown): void => {
    if (x === undefined || y === undefined || JSON.stringify(x) === JSON.stringify(y)) return;
    problems.push(conflictOf(a.place, b.place, field, `both set the ${of} to different values`));
  };
  compare('objective', a.objective, b.objective);
  for (const name of Object.keys(b.constraints) as (keyof ConstraintEdits)[]) {
    compare(`constraints.${name}`, a.constraints[name], b.constraints[name]);
  }
  return problems;
}

export function worldConflicts(catalog: Catalog, earlier: World, later: World): Problem[] {
  const meeting = <T extends WorldEntry>(
    list: (world: World) => readonly T[],
    what: (a: T, b: T) => string | null,
  ): Problem[] =>
    list(later).flatMap(b =>
      list(earlier).flatMap(a => {
        const said = windowsMeet(a.window, b.window) ? what(a, b) : null;
        const offer = said === null ? null : metBy(catalog.offers, a.match, b.match);
        return offer === null ? [] : conflictOf(a.place, b.place, '', `${said} ${offer.id}`);
      }),
    );
  return [
    ...meeting(world => world.limits, limitClash),
    ...meeting(
      world => world.provisioned,
      () => 'both provision',
    ),
    ...meeting(
      world => world.commitments,
      () => 'both commit to',
    ),
    ...clouds(earlier.switching, later.switching, 'what it costs to leave'),
    ...clouds(earlier.egress, later.egress, 'what bytes cost that leave'),
    ...mergers(earlier, later),
    ...mixes(earlier, later),
  ];
}

function limitClash(a: LimitChange, b: LimitChange): string | null {
  const names = ['requestsPerMinute', 'tokensPerMinute', 'concurrentRequests'] as const;
  const name = names.find(n => a[n] !== null && b[n] !== null && a[n] !== b[n]);
  return name === undefined ? null : `both set ${name} of`;
}

/** Of the same time only the same may be said, so that it counts once. */
function clouds(
  earlier: readonly EgressCost[],
  later: readonly EgressCost[],
  what: string,
): Problem[] {
  return later.flatMap(b => {
    const isOther = (a: EgressCost): boolean =>
      a.cloud === b.cloud && windowsMeet(a.window, b.window) && !saysTheSame(a, b);
    const a = earlier.find(isOther);
    return a === undefined ? [] : conflictOf(a.place, b.place, '', `both say ${what} ${b.cloud}`);
  });
}

/** All but where it stands is the same. */
export function saysTheSame(a: EgressCost, b: EgressCost): boolean {
  return JSON.stringify({ ...a, place: null }) === JSON.stringify({ ...b, place: null });
}

function mergers(earlier: World, later: World): Problem[] {
  return later.mergers.flatMap(b =>
    earlier.mergers.flatMap(a => {
      const shared = a.clouds.find(cloud => b.clouds.includes(cloud));
      const isSame =
        a.clouds.length === b.clouds.length && a.clouds.every(c => b.clouds.includes(c));
      if (shared === undefined || isSame) return [];
      return conflictOf(a.place, b.place, 'clouds', `both merge ${shared}, with others`);
    }),
  );
}

function mixes(earlier: World, later: World): Problem[] {
  const a = earlier.traffic.find(({ mix }) => mix !== null);
  const b = later.traffic.find(({ mix }) => mix !== null);
  return a === undefined || b === undefined
    ? []
    : [conflictOf(a.place, b.place, 'mix', 'both set the mix of routes')];
}
