// The catalog as it stood on one day.

import type { Catalog, Model, OfferRecord, PricePeriod } from './catalog.ts';
import { isDate } from './date.ts';
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
  if (!isDate(date)) throw new RangeError(`not a day as YYYY-MM-DD: ${JSON.stringify(date)}`);
  const offers: Offer[] = [];
  for (const record of catalog.offers) {
    const from = record.validFrom ?? catalog.models.get(record.model)?.releasedOn ?? null;
    if (from !== null && date < from) continue;
    if (record.validUntil !== null && date >= record.validUntil) continue;
    offers.push(offerOn(record, periodOn(record.periods, date)));
  }
  const byId = new Map(offers.map(offer => [offer.id, offer]));
  return { date, offers, offer: id => byId.get(id), model: id => catalog.models.get(id) };
}

/** The price period that a day falls into. */
export function periodOn(periods: readonly PricePeriod[], date: string): PricePeriod {
  const period = periods.findLast(p => p.from === null || p.from <= date);
  if (period === undefined) throw new Error('a record without a first price period was loaded');
  return period;
}

function offerOn(record: OfferRecord, period: PricePeriod): Offer {
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
