// The routes of the gateway: the engine's routes and what only the gateway must know of them.

import type { Route } from '@entrepot/engine/deployment';

/** What happens when a target cannot carry a field: a 400 that names it, or a header that does. */
export type LossPolicy = 'refuse' | 'drop';

export interface GatewayRoute {
  readonly route: Route;
  readonly losses: LossPolicy;
}
