// The catalog as it stood on one day.

import type { Catalog, Model, OfferRecord, PricePeriod } from './catalog.ts';
import { checkedDate } from './date.ts';
import type { Offer } from './offer.ts';

/** What could be bought on one day, at the prices of that day. */
export interface Market {
  readonly date: string;
  readonly offers: readonly Offer[];
  offer(id: string): Offer | undefined;
  model(id: string): Model | undefined;
}

/**
 * The offers that are valid on `date` (YYYY-MM-DD), with the price of that day. An offer whose own
 * first day is unknown is not there before its model was released. Throws RangeError for a text
 * that is not a day.
 */
export function asOf(catalog: Catalog, date: string): Market {
  checkedDate(date);
  const offers: Offer[] = [];
  for (const record of catalog.offers) {
    const offer = offerOn(record, catalog.models.get(record.model), date);
    if (offer !== null) offers.push(offer);
  }
  const byId = new Map(offers.map(offer => [offer.id, offer]));
  return { date, offers, offer: id => byId.get(id), model: id => catalog.models.get(id) };
}

/** The offer of a record on a day, or null when it is not valid then. */
export function offerOn(record: OfferRecord, model: Model | undefined, date: string): Offer | null {
  const from = record.validFrom ?? model?.releasedOn ?? null;
  if (from !== null && date < from) return null;
  if (record.validUntil !== null && date >= record.validUntil) return null;
  return offerAt(record, periodOn(record.periods, date));
}

/** The price period that a day falls into. */
export function periodOn(periods: readonly PricePeriod[], date: string): PricePeriod {
  const period = periods.findLast(p => p.from === null || p.from <= date);
  if (period === undefined) throw new Error('a record without a first price period was loaded');
  return period;
}

function offerAt(record: OfferRecord, period: PricePeriod): Offer {
  return {
    id: record.id,
    model: record.model,
    cloud: record.cloud,
    service: record.service,
    region: record.region,
    term: record.term,
    serviceModelId: record.serviceModelId,
    aliases: record.aliases,
    dialects: record.dialects,
    prices: period.prices,
    contextTokens: record.contextTokens,
    maxOutputTokens: record.maxOutputTokens,
    features: record.features,
    residency: record.residency,
    slaAvailability: record.slaAvailability,
    validFrom: record.validFrom,
    validUntil: record.validUntil,
    conflicts: record.conflicts,
    source: period.source,
    seenOn: period.seenOn,
  };
}
