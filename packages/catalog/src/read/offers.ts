// offers/<service>.jsonl: one offer a line, with its whole history of prices.

import type { Catalog, Decision, OfferRecord, PricePeriod } from '../catalog.ts';
import { Fields, type Place } from '../fields.ts';
import type { Feature } from '../offer.ts';
import { readOfferId, slaOf } from '../offer-id.ts';
import type { Problem } from '../problem.ts';
import { priceFields, readPrices } from './prices.ts';

/** Wire formats that an offer can be sold in. */
export const dialectNames = [
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'openai-embeddings',
  'anthropic-messages',
  'bedrock-converse',
  'bedrock-invoke',
  'gemini',
  'vertex-predict',
] as const;

export const featureNames: readonly Feature[] = [
  'streaming',
  'tools',
  'vision',
  'documents',
  'audio',
  'json-schema',
  'reasoning',
  'prompt-caching',
  'candidates',
  'logprobs',
];

const known = [
  'id',
  'serviceModelId',
  'aliases',
  'dialects',
  'contextTokens',
  'maxOutputTokens',
  'features',
  'residency',
  'slaAvailability',
  'validFrom',
  'validUntil',
  'prices',
  'source',
  'seenOn',
  'conflicts',
  'decision',
];

export function readOffer(
  value: unknown,
  place: Place,
  problems: Problem[],
  around: Pick<Catalog, 'services' | 'regions'> & {
    readonly models: Pick<Catalog['models'], 'has'>;
  },
): OfferRecord {
  const fields = new Fields(value, known, place, problems);
  const id = fields.text('id');
  const name = readOfferId(id, around, message => fields.problem('id', message));
  const service = place.file
    .split('/')
    .at(-1)
    ?.replace(/\.jsonl$/, '');
  if (around.services.has(name.service) && name.service !== service) {
    fields.problem('id', `service ${name.service} belongs in offers/${name.service}.jsonl`);
  }
  const source = fields.text('source');
  const seenOn = fields.date('seenOn');
  const validFrom = fields.dateOrNull('validFrom');
  const validUntil = fields.dateOrNull('validUntil');
  if (validFrom !== null && validUntil !== null && validUntil <= validFrom) {
    fields.problem('validUntil', `must be after validFrom (${validFrom}), not ${validUntil}`);
  }
  return {
    id,
    ...name,
    serviceModelId: fields.text('serviceModelId'),
    aliases: fields.texts('aliases'),
    dialects: readDialects(fields),
    contextTokens: fields.countOrNull('contextTokens'),
    maxOutputTokens: fields.countOrNull('maxOutputTokens'),
    features: fields.someOf('features', featureNames),
    residency: fields.textOrNull('residency') ?? around.regions.get(name.region)?.residency ?? null,
    slaAvailability: fields.fractionOrNull('slaAvailability') ?? slaOf(around.services, name),
    validFrom,
    validUntil,
    periods: readPeriods(fields, source, seenOn),
    ...readConflicts(fields),
    source,
    seenOn,
  };
}

function readDialects(fields: Fields): readonly string[] {
  const dialects = fields.someOf('dialects', dialectNames);
  if (dialects.length === 0) fields.problem('dialects', 'must name at least one dialect');
  return dialects;
}

function readPeriods(fields: Fields, source: string, seenOn: string): readonly PricePeriod[] {
  const list = fields.objects('prices', ['from', 'note', 'source', 'seenOn', ...priceFields]);
  if (list.length === 0) fields.problem('prices', 'must have at least one period');
  let last: string | null = null;
  return list.map((period, i) => {
    const from = period.dateOrNull('from');
    if (i === 0 && from !== null) {
      period.problem('from', 'must be null in the first period: the price as far back as is known');
    }
    if (i > 0 && (from === null || (last !== null && from <= last))) {
      period.problem('from', 'must be a day after that of the period before');
    }
    last = from;
    return {
      from,
      prices: readPrices(period),
      note: period.textOrNull('note'),
      source: period.textOrNull('source') ?? source,
      seenOn: period.dateOrNull('seenOn') ?? seenOn,
    };
  });
}

function readConflicts(fields: Fields): Pick<OfferRecord, 'conflicts' | 'decision'> {
  const claimFields = ['source', 'seenOn', 'inputUsdPerMtok', 'outputUsdPerMtok'];
  const conflicts = fields.objects('conflicts', claimFields).map(claim => ({
    source: claim.text('source'),
    seenOn: claim.date('seenOn'),
    inputUsdPerMtok: asSaid(claim, 'inputUsdPerMtok'),
    outputUsdPerMtok: asSaid(claim, 'outputUsdPerMtok'),
  }));
  if (conflicts.length === 0) return { conflicts, decision: null };
  const decision = fields.object('decision', ['by', 'because']);
  const ways: readonly Decision['by'][] = ['quorum', 'rule', 'preferred'];
  return {
    conflicts,
    decision: { by: decision.oneOf('by', ways), because: decision.text('because') },
  };
}

/** A claim is quoted, not computed with: the number as its source has it. */
function asSaid(claim: Fields, name: string): number | null {
  claim.usdPerMtok(name);
  const value = claim.raw(name);
  return typeof value === 'number' ? value : null;
}
