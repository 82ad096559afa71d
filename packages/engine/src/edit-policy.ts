// A policy as a scenario has it.

import type { PolicyEdits } from '@entrepot/catalog/policy-edit';
import type { Policy } from './deployment.ts';

/** The policy of a route with the edits for all routes, and over them those for this one. */
export function editPolicy(policy: Policy, edits: PolicyEdits, route: string): Policy {
  const own = edits.routes.get(route);
  // Quality is no constraint of the engine: it rules offers out before a route has them.
  const { minQuality: _, ...constraints } = {
    ...policy.constraints,
    ...edits.all?.constraints,
    ...own?.constraints,
  };
  const objective = own?.objective ?? edits.all?.objective ?? policy.objective;
  return { objective, constraints };
}
