import { nearNames } from './near-names.ts';

/** A request for a route that is not there. `near` has up to three names that it may have meant. */
export class UnknownRouteError extends Error {
  readonly code = 'ENTREPOT_UNKNOWN_ROUTE';
  readonly route: string;
  readonly near: readonly string[];

  constructor(route: string, known: Iterable<string>) {
    const near = nearNames(route, known);
    const shown = JSON.stringify(route.length > 100 ? `${route.slice(0, 100)}...` : route);
    super(`no route ${shown}${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`);
    this.name = 'UnknownRouteError';
    this.route = route;
    this.near = near;
  }
}
