// A scenario laid over the catalog: a new catalog, dated like the old one. Neither is changed.

import type { Catalog, OfferRecord, PricePeriod } from './catalog.ts';
import { matches } from './criteria.ts';
import type { Place } from './fields.ts';
import type { Prices, PriceTier, Provenance } from './offer.ts';
import { readOfferId, slaOf } from './offer-id.ts';
import { CatalogError } from './problem.ts';
import type { AddedOffer, PriceEdit, Scenario, Span } from './scenario.ts';

/** Day texts sort as strings, so these stand for the ends of time. */
const always = '';
const never = '~';

/**
 * The catalog as the scenario has it: new services first, then removals, changes of price, and
 * additions. An added offer may be like one of `others`, which another scenario has removed. Throws
 * CatalogError when an entry refers to something that the catalog does not have.
 */
export function overlay(
  catalog: Catalog,
  scenario: Scenario,
  others: readonly OfferRecord[] = [],
): Catalog {
  const around = { ...catalog, services: withServices(catalog, scenario) };
  let offers = catalog.offers;
  for (const entry of scenario.remove) {
    requireMatch(
      offers.some(o => matches(o, entry.match)),
      entry.place,
    );
    offers = offers.flatMap(o => (matches(o, entry.match) ? without(o, entry) : o));
  }
  for (const entry of scenario.exclusive) {
    requireMatch(
      offers.some(o => matches(o, entry.match)),
      entry.place,
    );
    const elsewhere = (o: OfferRecord): boolean =>
      matches(o, entry.match) && !entry.clouds.includes(o.cloud);
    offers = offers.flatMap(o => (elsewhere(o) ? without(o, entry) : o));
  }
  for (const entry of scenario.change) {
    requireMatch(
      offers.some(o => matches(o, entry.match)),
      entry.place,
    );
    const edit = (record: OfferRecord): OfferRecord => ({
      ...record,
      periods: editPeriods(record.periods, entry, entry.prices, scenario),
    });
    offers = offers.map(o => (matches(o, entry.match) ? edit(o) : o));
  }
  for (const entry of scenario.add) {
    const like = [...catalog.offers, ...others].find(({ id }) => id === entry.like);
    if (like === undefined) {
      fail(entry.place, 'like', `there is no offer ${entry.like} in the catalog`);
    }
    offers = [...offers, addedRecord(around, offers, like, entry, scenario)];
  }
  return { ...around, offers };
}

function withServices({ services }: Catalog, scenario: Scenario): Catalog['services'] {
  const all = new Map(services);
  for (const { place, id, cloud, name, slaAvailability } of scenario.services) {
    if (all.has(id)) fail(place, 'id', `service ${id} is in the catalog already`);
    const sla = slaAvailability === null ? null : scenario;
    const rest = { slaScope: null, slaVendors: null, sla, slaConflicts: [] };
    all.set(id, { id, cloud, name, slaAvailability, ...rest });
  }
  return all;
}

/** What is left of an offer when it is not sold on the days of a span: none, one or two records. */
function without(record: OfferRecord, span: Span): OfferRecord[] {
  const from = record.validFrom ?? always;
  const until = record.validUntil ?? never;
  const gap = { from: span.from ?? always, until: span.until ?? never };
  if (gap.from >= until || gap.until <= from) return [record];
  const rest: OfferRecord[] = [];
  if (from < gap.from) rest.push({ ...record, validUntil: gap.from });
  if (gap.until < until) rest.push({ ...record, validFrom: gap.until });
  return rest;
}

/** The periods with the prices of the span's days edited, cut at its ends where need be. */
function editPeriods(
  periods: readonly PricePeriod[],
  span: Span,
  edit: PriceEdit,
  by: Provenance,
): PricePeriod[] {
  const from = span.from ?? always;
  const until = span.until ?? never;
  return periods.flatMap((period, i) => {
    const start = period.from ?? always;
    const end = periods[i + 1]?.from ?? never;
    const cuts = [from, until].filter(day => day > start && day < end);
    return [start, ...cuts].map((day): PricePeriod => {
      const piece = { ...period, from: day === always ? null : day };
      if (day < from || day >= until) return piece;
      const { source, seenOn } = by;
      return { ...piece, prices: editPrices(period.prices, edit), source, seenOn };
    });
  });
}

function editPrices(prices: Prices, edit: PriceEdit): Prices {
  if (edit.type === 'set') return edit.prices;
  const scaled = (pico: number): number => Math.round((pico * (100 + edit.percent)) / 100);
  const row = <T extends Prices | PriceTier>(from: T) => ({
    cachedReadPicoUsd: from.cachedReadPicoUsd === null ? null : scaled(from.cachedReadPicoUsd),
    cacheWrite5mPicoUsd:
      from.cacheWrite5mPicoUsd === null ? null : scaled(from.cacheWrite5mPicoUsd),
    cacheWrite1hPicoUsd:
      from.cacheWrite1hPicoUsd === null ? null : scaled(from.cacheWrite1hPicoUsd),
  });
  return {
    inputPicoUsd: prices.inputPicoUsd === null ? null : scaled(prices.inputPicoUsd),
    outputPicoUsd: prices.outputPicoUsd === null ? null : scaled(prices.outputPicoUsd),
    ...row(prices),
    tiers: prices.tiers.map(tier => ({
      aboveInputTokens: tier.aboveInputTokens,
      inputPicoUsd: scaled(tier.inputPicoUsd),
      outputPicoUsd: scaled(tier.outputPicoUsd),
      ...row(tier),
    })),
  };
}

function addedRecord(
  catalog: Catalog,
  offers: readonly OfferRecord[],
  like: OfferRecord,
  entry: AddedOffer,
  scenario: Scenario,
): OfferRecord {
  if (offers.some(o => o.id === entry.id)) {
    fail(entry.place, 'id', `${entry.id} is in the catalog already; use change`);
  }
  const name = readOfferId(entry.id, catalog, message => fail(entry.place, 'id', message));
  const everyDay = { from: null, until: null };
  return {
    ...like,
    ...name,
    id: entry.id,
    serviceModelId: entry.serviceModelId ?? like.serviceModelId,
    aliases: [],
    dialects: entry.dialects ?? like.dialects,
    contextTokens: entry.contextTokens ?? like.contextTokens,
    maxOutputTokens: entry.maxOutputTokens ?? like.maxOutputTokens,
    residency: catalog.regions.get(name.region)?.residency ?? null,
    slaAvailability: slaOf(catalog.services, name),
    validFrom: entry.from,
    validUntil: entry.until,
    periods:
      entry.prices === null
        ? like.periods
        : editPeriods(like.periods, everyDay, entry.prices, scenario),
    conflicts: [],
    decision: null,
    source: scenario.source,
    seenOn: scenario.seenOn,
  };
}

function requireMatch(found: boolean, place: Place): void {
  if (!found) fail(place, 'match', 'no offer of the catalog matches');
}

function fail(place: Place, field: string, message: string): never {
  throw new CatalogError([{ ...place, field, message }]);
}
