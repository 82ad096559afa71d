// The offer of a deployment: one of the catalog, or the operator's own, of which the catalog may
// still know the model.

import type { Market } from '@entrepot/catalog/as-of';
import { toPicoUsd } from '@entrepot/catalog/money';
import type { Offer, Prices } from '@entrepot/catalog/offer';
import { hostOf } from '../clouds/openai-compatible/hosts.ts';
import type { Findings } from './findings.ts';
import { nearestFew } from './nearest.ts';
import type { OwnOfferEntry, PricesEntry } from './own-offer.ts';
import type { Entry } from './parse-config.ts';
import type { DeploymentEntry } from './schema.ts';
import type { Path } from './yaml-source.ts';

/** null when something is wrong, which then is among the findings. */
export function resolveOffer(
  { path, value }: Entry<DeploymentEntry>,
  market: Market,
  findings: Findings,
): Offer | null {
  const at = [...path, 'offer'];
  if (typeof value.offer === 'string') return findOffer(value.offer, at, market, findings);
  return makeOffer(value.offer, at, market, findings);
}

function findOffer(id: string, at: Path, market: Market, findings: Findings): Offer | null {
  const offer = market.offer(id);
  if (offer === undefined) {
    const near = nearestFew(
      id,
      market.offers.map(o => o.id),
      3,
    );
    const hint =
      near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see entrepot catalog offers';
    findings.error(at, `there is no offer ${id} on ${market.date}; ${hint}`);
    return null;
  }
  if (offer.term === 'batch') {
    findings.error(at, `${offer.id} is sold as batch, which cannot answer a request as it comes`);
    return null;
  }
  return offer;
}

function makeOffer(own: OwnOfferEntry, at: Path, market: Market, findings: Findings): Offer | null {
  const prices = pricesOf(own.prices, [...at, 'prices'], findings);
  if (prices === null) return null;
  const { service, region, model } = own;
  const known = market.model(model);
  return {
    id: `${service}/${region}/${model}`,
    model,
    cloud: own.cloud ?? hostOf(service).cloud,
    service,
    region,
    term: 'on-demand',
    serviceModelId: model.slice(model.indexOf('/') + 1),
    dialects: own.dialects,
    prices,
    contextTokens: own.contextTokens ?? known?.contextTokens ?? null,
    maxOutputTokens: own.maxOutputTokens ?? known?.maxOutputTokens ?? null,
    // Every server of this kind streams.
    features: [...new Set(['streaming' as const, ...own.features])],
    residency: own.residency ?? null,
    slaAvailability: null,
    validFrom: null,
    validUntil: null,
    conflicts: [],
    source: 'the configuration',
    seenOn: market.date,
  };
}

/** What is not said is unknown, never 0; but what costs nothing costs nothing from the cache. */
function pricesOf(entry: PricesEntry, path: Path, findings: Findings): Prices | null {
  const before = findings.problems.length;
  const picoUsd = (field: keyof PricesEntry): number | null => {
    const usd = entry[field];
    const pico = usd === undefined ? null : toPicoUsd(usd);
    if (usd !== undefined && pico === null) {
      findings.error([...path, field], 'must be in whole millionths of a USD');
    }
    return pico;
  };
  const inputPicoUsd = picoUsd('inputUsdPerMtok');
  const free = inputPicoUsd === 0 ? 0 : null;
  const write = picoUsd('cacheWriteUsdPerMtok') ?? free;
  const prices: Prices = {
    inputPicoUsd,
    outputPicoUsd: picoUsd('outputUsdPerMtok'),
    cachedReadPicoUsd: picoUsd('cachedReadUsdPerMtok') ?? free,
    cacheWrite5mPicoUsd: write,
    cacheWrite1hPicoUsd: write,
    tiers: [],
  };
  return findings.problems.length === before ? prices : null;
}
