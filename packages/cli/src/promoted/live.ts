// The catalog and the policies that a gateway serves by: those of the project and of the
// configuration, with what was promoted.

import type { Market } from '@entrepot/catalog/as-of';
import { asOf } from '@entrepot/catalog/as-of';
import { compose } from '@entrepot/catalog/compose';
import { loadCatalog } from '@entrepot/catalog/load';
import { loadQuality } from '@entrepot/catalog/load-quality';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import type { PolicyEdits } from '@entrepot/catalog/policy-edit';
import { editPolicy } from '@entrepot/engine/edit-policy';
import type { GatewayConfig } from '@entrepot/gateway/config/gateway-config';
import { readCatalogFiles } from '../catalog-files.ts';
import { UsageError } from '../command.ts';
import { marketOf, today } from '../market.ts';
import { saying } from '../scenario/scenario-files.ts';
import { QualityFloor } from '../what-if/quality-floor.ts';
import { openPolicy } from './open-policy.ts';
import type { Promoted } from './promoted.ts';

/** Throws UsageError when the promoted scenarios do not go together, or with the catalog. */
export function liveMarket({ scenarios }: Promoted): Market {
  if (scenarios.length === 0) return marketOf();
  return saying(() => {
    const { catalog } = compose(loadCatalog(readCatalogFiles()), scenarios.map(loadScenario));
    return asOf(catalog, today());
  }, '\nWhat has come true since is taken out by: entrepot scenario promote NAME --undo');
}

/**
 * The configuration with the policies in force. Throws UsageError when a route has no deployment
 * that is good enough.
 */
export function withPolicies(config: GatewayConfig, { policy }: Promoted): GatewayConfig {
  if (policy === null) return config;
  const { edits } = openPolicy(policy.file);
  const { quality } = policy;
  const floor = new QualityFloor(
    quality === null ? null : saying(() => loadQuality(quality)),
    null,
  );
  const routes = config.routes.map(configured => {
    const { route } = configured;
    const edited = { ...route, policy: editPolicy(route.policy, edits, route.name) };
    const sifted = floor.sift(edited, edits);
    if (sifted.deployments.length > 0) return { ...configured, route: sifted };
    const why = floor.ruledOut.join('; ');
    throw new UsageError(
      `policy version ${policy.version} leaves nothing of ${route.name}: ${why}`,
      1,
    );
  });
  return { ...config, routes };
}

/** What is in force beside the configuration, in a line each; and what of it means nothing. */
export function describePromoted(config: GatewayConfig, promoted: Promoted): readonly string[] {
  const { scenarios, policy } = promoted;
  const lines = scenarios.map(file => `promoted scenario: ${loadScenario(file).id}`);
  if (policy === null) return lines;
  const unknown = unknownRoutes(
    openPolicy(policy.file).edits,
    config.routes.map(({ route }) => route.name),
  );
  return [
    ...lines,
    `policy version ${policy.version}: ${policy.title}`,
    ...unknown.map(route => `warning: it names the route ${route}, which is not configured`),
  ];
}

/** Routes that the edits name and the configuration does not have. */
export function unknownRoutes(edits: PolicyEdits, names: readonly string[]): readonly string[] {
  return [...edits.routes.keys()].filter(route => !names.includes(route));
}
