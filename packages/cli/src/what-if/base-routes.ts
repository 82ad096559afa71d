// The routes that traffic is replayed on: those of a gateway's configuration, or, without one, a
// route for each model over all its offers.

import type { Market } from '@entrepot/catalog/as-of';
import type { Catalog } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';
import { findModel, findOffers } from '@entrepot/catalog/query';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Constraints, Deployment, Route } from '@entrepot/engine/deployment';
import { loadConfig } from '@entrepot/gateway/config/load-config';
import { nearest } from '@entrepot/gateway/config/nearest';
import { ConfigError, formatProblem } from '@entrepot/gateway/config/problem';
import { UsageError } from '../command.ts';
import { withPolicies } from '../promoted/live.ts';
import type { Promoted } from '../promoted/promoted.ts';

/** What requests are for that name no model, where there is no configuration. */
export const usualModel = 'openai/gpt-5.4';

export interface BaseRoutes {
  readonly routes: readonly Route[];
  readonly settings: SettingsOverrides;
  /** The route of requests that name none; null where there are several. */
  readonly otherwise: string | null;
}

const noConstraints: Constraints = {
  maxTtftMs: null,
  residency: null,
  maxInputPicoUsd: null,
  maxOutputPicoUsd: null,
  maxShare: null,
};

/** Names of secrets stand for the secrets: nothing is called. */
const noSecrets: Record<string, string> = new Proxy(
  {},
  { get: (_, name) => `not-used-${String(name)}` },
);

/** As a gateway would serve them now: its aliases are routes too. Throws UsageError. */
export function configuredRoutes(file: string, market: Market, promoted: Promoted): BaseRoutes {
  try {
    const config = withPolicies(loadConfig(file, market, noSecrets).config, promoted);
    const routes = config.routes.flatMap(({ route, aliases }) =>
      [route.name, ...aliases].map(name => ({ ...route, name })),
    );
    const otherwise = config.routes.length === 1 ? config.routes[0]!.route.name : null;
    return { routes, settings: config.engine, otherwise };
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError(`--config:\n${cause.problems.map(formatProblem).join('\n')}`, 1);
  }
}

/** A route for each name, which must be a model's. Throws UsageError for one that is none. */
export function modelRoutes(
  names: readonly string[],
  catalog: Catalog,
  market: Market,
): readonly Route[] {
  const unknown = names.filter(name => findModel(catalog, name) === null);
  if (unknown.length > 0) throw new UsageError(unknownModels(unknown, catalog));
  return names.map(name => {
    const model = findModel(catalog, name)!;
    const offers = findOffers(market, { model: model.id, term: 'on-demand' });
    if (offers.length === 0) {
      throw new UsageError(
        `nobody sells ${model.id} on ${market.date}: take another day (--as-of) or another model (--route)`,
      );
    }
    const deployments = offers.map(deploymentOf);
    return { name, policy: { objective: 'cost', constraints: noConstraints }, deployments };
  });
}

export function deploymentOf(offer: Offer): Deployment {
  return { id: offer.id, offer, priority: 0, expectedTtftMs: null };
}

function unknownModels(names: readonly string[], catalog: Catalog): string {
  const known = [...catalog.models.keys()];
  const near = (name: string): string | null =>
    nearest(name, known) ??
    nearest(
      name,
      known.map(id => id.split('/')[1]!),
    );
  const close = names.length === 1 ? near(names[0]!) : null;
  const hint = close === null ? '' : ` Did you mean ${close}?`;
  const are = names.length === 1 ? 'is no model' : 'are no models';
  return (
    `the traffic asks for ${quoted(names)}, which ${are} of the catalog.${hint} ` +
    'Say which it is with --routes FILE (routes: { NAME: MODEL }), or serve it by --config FILE.'
  );
}

const mostTold = 20;

/** Names in quotes; of very many the first, and how many more. */
export function quoted(names: readonly string[]): string {
  const told = names.slice(0, mostTold).map(name => `"${name}"`);
  const more = names.length - told.length;
  return [...told, ...(more > 0 ? [`${more} others`] : [])].join(', ');
}
