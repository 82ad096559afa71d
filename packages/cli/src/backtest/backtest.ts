// What a scenario predicted of the market, beside what then came. Arithmetic on the catalog
// alone: who sells a model, at which price for a basket of requests, and how far that is above
// the price of the model's own vendor. Beside both stands the forecast that costs nothing: all
// stays as it is.

import { asOf, type Market } from '@entrepot/catalog/as-of';
import type { Catalog } from '@entrepot/catalog/catalog';
import { compose } from '@entrepot/catalog/compose';
import { marketDiff } from '@entrepot/catalog/market-diff';
import { findOffers } from '@entrepot/catalog/query';
import type { Scenario } from '@entrepot/catalog/scenario';
import { type Basket, costOfBasket } from './basket.ts';

export interface BacktestOptions {
  readonly catalog: Catalog;
  readonly scenarios: readonly Scenario[];
  readonly predictedAsOf: string;
  readonly actualAsOf: string;
  /**
   * By model of the prediction: the one that took its place. Others are compared with
   * themselves.
   */
  readonly successors: ReadonlyMap<string, string>;
  readonly basket: Basket;
}

/** The cheapest way to buy a model on demand at one cloud. */
export interface Bought {
  readonly offer: string;
  readonly nanoUsd: number;
  /** Over the vendor's own price, as a fraction; null where the vendor does not sell it. */
  readonly premium: number | null;
  /** Of all offers there. */
  readonly regions: readonly string[];
  readonly dialects: readonly string[];
  readonly contextTokens: number | null;
}

/** One cloud; null where it does not sell the model, or at an unknown price. */
export interface CloudRow {
  readonly cloud: string;
  readonly unchanged: Bought | null;
  readonly predicted: Bought | null;
  readonly actual: Bought | null;
  /** Predicted over actual, less 1; null where one of them is. */
  readonly error: number | null;
}

export interface ModelRow {
  readonly predictedModel: string;
  readonly actualModel: string;
  readonly clouds: readonly CloudRow[];
}

export interface Backtest {
  readonly scenarios: readonly string[];
  readonly predictedAsOf: string;
  readonly actualAsOf: string;
  readonly basket: Basket;
  readonly models: readonly ModelRow[];
}

/** Compares the models that the scenarios touch, or those of `successors` where there are none. */
export function backtest(options: BacktestOptions): Backtest {
  const { catalog, scenarios, predictedAsOf, actualAsOf, successors, basket } = options;
  const unchanged = asOf(catalog, predictedAsOf);
  const predicted = asOf(compose(catalog, scenarios).catalog, predictedAsOf);
  const actual = asOf(catalog, actualAsOf);
  const touched = new Set([...touchedModels(unchanged, predicted), ...successors.keys()]);
  const models = [...touched].sort().map((model): ModelRow => {
    const actualModel = successors.get(model) ?? model;
    const bought = {
      unchanged: buy(unchanged, model, basket),
      predicted: buy(predicted, model, basket),
      actual: buy(actual, actualModel, basket),
    };
    const all = Object.values(bought).flatMap(byCloud => [...byCloud.keys()]);
    const clouds = [...new Set(all)].sort().map((cloud): CloudRow => {
      const row = {
        unchanged: bought.unchanged.get(cloud) ?? null,
        predicted: bought.predicted.get(cloud) ?? null,
        actual: bought.actual.get(cloud) ?? null,
      };
      const { predicted: said, actual: came } = row;
      const error = said === null || came === null ? null : said.nanoUsd / came.nanoUsd - 1;
      return { cloud, ...row, error };
    });
    return { predictedModel: model, actualModel, clouds };
  });
  const ids = scenarios.map(scenario => scenario.id);
  return { scenarios: ids, predictedAsOf, actualAsOf, basket, models };
}

function touchedModels(before: Market, after: Market): string[] {
  const { added, removed, repriced } = marketDiff(before, after);
  return [...added, ...removed, ...repriced.map(({ after: offer }) => offer)].map(o => o.model);
}

function buy(market: Market, model: string, basket: Basket): Map<string, Bought> {
  const vendor = model.slice(0, model.indexOf('/'));
  // What is sold to governments alone is no choice for others.
  const all = findOffers(market, { model, term: 'on-demand' }).filter(
    ({ region }) => !region.startsWith('us-gov'),
  );
  const clouds = Map.groupBy(all, offer => offer.cloud);
  // A vendor that is a cloud itself has the name of its cloud.
  const own = cheapest(clouds.get(vendor) ?? [], basket);
  const bought = new Map<string, Bought>();
  for (const [cloud, offers] of clouds) {
    const best = cheapest(offers, basket);
    if (best === null) continue;
    bought.set(cloud, {
      offer: best.offer.id,
      nanoUsd: best.nanoUsd,
      premium: own === null ? null : best.nanoUsd / own.nanoUsd - 1,
      regions: [...new Set(offers.map(offer => offer.region))].sort(),
      dialects: [...new Set(offers.flatMap(offer => offer.dialects))].sort(),
      contextTokens: best.offer.contextTokens,
    });
  }
  return bought;
}

type Offers = ReturnType<typeof findOffers>;

function cheapest(
  offers: Offers,
  basket: Basket,
): { readonly offer: Offers[number]; readonly nanoUsd: number } | null {
  let best: { readonly offer: Offers[number]; readonly nanoUsd: number } | null = null;
  for (const offer of offers) {
    const nanoUsd = costOfBasket(offer, basket);
    if (nanoUsd !== null && (best === null || nanoUsd < best.nanoUsd)) best = { offer, nanoUsd };
  }
  return best;
}
