// The cases that a user asked to compare: the base, and each scenario or each point of a sweep as
// the whole of its market, policy and world.

import { asOf, type Market } from '@entrepot/catalog/as-of';
import type { Catalog } from '@entrepot/catalog/catalog';
import { type Composition, compose } from '@entrepot/catalog/compose';
import { loadCatalog } from '@entrepot/catalog/load';
import { loadPolicy } from '@entrepot/catalog/load-policy';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { noPolicyEdits, type PolicyEdits } from '@entrepot/catalog/policy-edit';
import { findModel } from '@entrepot/catalog/query';
import type { Scenario } from '@entrepot/catalog/scenario';
import { parseTokenCounts } from '@entrepot/catalog/token-counts';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import { editPolicy } from '@entrepot/engine/edit-policy';
import { tokenScales } from '@entrepot/replay/token-scale';
import type { Case, Step } from '@entrepot/replay/what-if/case';
import { readCatalogFiles } from '../catalog-files.ts';
import { UsageError } from '../command.ts';
import { readPromoted } from '../promoted/promoted.ts';
import { openScenario, saying } from '../scenario/scenario-files.ts';
import {
  type BaseRoutes,
  configuredRoutes,
  deploymentOf,
  modelRoutes,
  quoted,
  usualModel,
} from './base-routes.ts';
import { pointsOf } from './dimension.ts';
import { textOf } from './open-traffic.ts';
import { withPredictions } from './predicted-upstreams.ts';
import { publishedQuotas, withQuotas } from './published-quotas.ts';
import { purchaseCase } from './purchase.ts';
import { openQuality, QualityFloor } from './quality-floor.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

export interface Cases {
  readonly base: Case;
  readonly scenarios: readonly Case[];
  /** What was done for the comparison, a sentence each, for the report. */
  readonly assumed: readonly string[];
}

/** The catalog with what a user says of it; the routes wait for the traffic's names. */
export class CaseMaker {
  readonly #spec: WhatIfSpec;
  readonly #files: ReturnType<typeof readCatalogFiles>;
  readonly #catalog: Catalog;
  readonly #market: Market;
  readonly #configured: BaseRoutes | null;
  readonly #policy: PolicyEdits;
  readonly #floor: QualityFloor;

  /** Throws UsageError for what is wrong with the catalog, the configuration or another file. */
  constructor(spec: WhatIfSpec) {
    const { catalog, asOf: date, config, policy } = spec;
    this.#spec = spec;
    this.#files = catalog === null ? readCatalogFiles() : readCatalogFiles(catalog);
    const promoted = config === null ? null : readPromoted(config);
    const live = promoted?.scenarios ?? [];
    this.#catalog = saying(() => compose(loadCatalog(this.#files), live.map(loadScenario)).catalog);
    this.#market = asOf(this.#catalog, date);
    this.#configured = config === null ? null : configuredRoutes(config, this.#market, promoted!);
    this.#policy =
      policy === null
        ? noPolicyEdits
        : saying(() => loadPolicy({ path: policy, text: textOf('policy', policy) }));
    this.#floor = new QualityFloor(openQuality(spec.quality), spec.minQuality);
  }

  /** Those of the configuration. */
  get deployments(): readonly Deployment[] {
    const all = this.#configured?.routes.flatMap(route => route.deployments) ?? [];
    return [...new Map(all.map(deployment => [deployment.id, deployment])).values()];
  }

  /** The route of requests that name none. */
  get otherwise(): string | null {
    return this.#configured === null ? usualModel : this.#configured.otherwise;
  }

  /** Throws UsageError. */
  cases(routeNames: readonly string[]): Cases {
    const base = this.#base(routeNames);
    const scenarios = this.#spec.scenarios.map(name => this.#scenario(base, name));
    // A sweep is made under the scenario that is named with it, or on the base.
    const under = this.#spec.vary.length > 0 ? (scenarios[0] ?? base) : null;
    const points = under === null ? [] : pointsOf(this.#spec.vary);
    const swept = points.map(({ name, edit }): Case => {
      const edits: PolicyEdits = { all: edit, routes: new Map() };
      return { ...under!, name, title: name, routes: this.#under(under!.routes, edits) };
    });
    const bought = this.#spec.purchases.map(purchase => purchaseCase(base, purchase));
    const all = [...(under === null ? scenarios : swept), ...bought];
    // What takes a part of quotas needs to know them, and the base to be under the same.
    const isScaled = all.some(({ world }) => world.limits.some(({ factor }) => factor !== null));
    const quotas = isScaled ? publishedQuotas(this.#files) : [];
    const whole = (one: Case): Case => this.#counted(withQuotas(one, quotas));
    return {
      base: whole(base),
      scenarios: all.map(whole),
      assumed: [...this.#assumed(), ...this.#floor.ruledOut],
    };
  }

  /** With what is known of how its models count the traffic's tokens. Throws UsageError. */
  #counted(one: Case): Case {
    const { countedBy } = this.#spec;
    if (countedBy === null) return one;
    const model = findModel(this.#catalog, countedBy);
    if (model === null) throw new UsageError(`--counted-by: there is no model ${countedBy}`);
    const file = this.#files.find(({ path }) => path === 'token-counts.json');
    if (file === undefined) return one;
    const models = one.routes.flatMap(route => route.deployments.map(({ offer }) => offer.model));
    return { ...one, tokenScales: tokenScales(parseTokenCounts(file.text), model.id, models) };
  }

  #base(routeNames: readonly string[]): Case {
    const routes = this.#configured?.routes ?? modelRoutes(routeNames, this.#catalog, this.#market);
    const missing = routeNames.filter(name => !routes.some(route => route.name === name));
    if (missing.length > 0) {
      const known = routes.map(route => route.name).join(', ');
      throw new UsageError(
        `the traffic asks for ${quoted(missing)}: no route of ${this.#spec.config} (${known}). ` +
          'Say which it is with --routes FILE (routes: { NAME: ROUTE }).',
      );
    }
    const used = routes.filter(route => routeNames.includes(route.name));
    return {
      name: 'base',
      title: `As it is on ${this.#market.date}`,
      routes: this.#under(used, this.#policy),
      world: compose(this.#catalog, []).world,
      settings: this.#configured?.settings ?? {},
      upstreams: this.#spec.upstreams,
    };
  }

  #scenario(base: Case, name: string): Case {
    const scenarios = name.split('+').map(one => openScenario(one, this.#files));
    const { catalog, policy, world } = saying((): Composition => compose(this.#catalog, scenarios));
    const market = asOf(catalog, this.#market.date);
    const one = {
      ...base,
      name,
      title: scenarios.map(scenario => scenario.title).join('; '),
      routes: this.#under(this.#inMarket(base.routes, market), policy),
      world,
      steps: scenarios.flatMap(stepsOf),
    };
    return withPredictions(one, scenarios);
  }

  /** The same routes with the offers of another market: gone, at other prices, or new. */
  #inMarket(routes: readonly Route[], market: Market): Route[] {
    return routes.map(route => {
      const kept = route.deployments.flatMap(deployment => {
        const isListed = this.#market.offer(deployment.offer.id) !== undefined;
        const offer = isListed ? market.offer(deployment.offer.id) : deployment.offer;
        return offer === undefined ? [] : [{ ...deployment, offer }];
      });
      const models = new Set(route.deployments.map(({ offer }) => offer.model));
      const added = market.offers.filter(
        ({ id, model, term }) =>
          models.has(model) && term === 'on-demand' && this.#market.offer(id) === undefined,
      );
      return { ...route, deployments: [...kept, ...added.map(deploymentOf)] };
    });
  }

  #under(routes: readonly Route[], edits: PolicyEdits): Route[] {
    return routes.map(route => {
      const edited = { ...route, policy: editPolicy(route.policy, edits, route.name) };
      return this.#floor.sift(edited, edits);
    });
  }

  #assumed(): string[] {
    if (this.#configured !== null) {
      return ['offers that a scenario adds are taken to be deployed on every route of their model'];
    }
    return [
      'each model is a route over all its offers on demand, by cost, with accounts everywhere and ' +
        'without constraints but those of the policy',
    ];
  }
}

/** What it says of offers and policies. */
function stepsOf({ remove, exclusive, change, add, policy }: Scenario): Step[] {
  const policies = [...(policy.all === null ? [] : [policy.all]), ...policy.routes.values()];
  return [
    ...[...remove, ...exclusive, ...change].map(({ place, match }) => ({ place, match })),
    ...add.map(({ place, id }) => ({ place, match: { id } })),
    ...policies.map(({ place }) => ({ place, match: null })),
  ];
}
