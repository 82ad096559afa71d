// scenarios/<id>.yaml. Apart from the loader of the catalog, which does not wait for a YAML parser.

import type { CatalogFile } from './catalog.ts';
import type { Fields } from './fields.ts';
import { CatalogError } from './problem.ts';
import { readMatch } from './read/match.ts';
import { dialectNames } from './read/offers.ts';
import { readPolicyEdits } from './read/policy-edits.ts';
import { readPrediction } from './read/prediction.ts';
import { priceFields, readPrices } from './read/prices.ts';
import { ScenarioDocument } from './read/scenario-document.ts';
import { readWorld } from './read/world.ts';
import type {
  AddedOffer,
  AddedService,
  ChangedOffers,
  ExclusiveOffers,
  PriceEdit,
  RemovedOffers,
  Scenario,
  Span,
} from './scenario.ts';

const spanFields = ['from', 'until'];
const editFields = ['percent', ...priceFields];
const serviceFields = ['id', 'cloud', 'name', 'slaAvailability'];
const removeFields = ['match', ...spanFields];
const exclusiveFields = [...removeFields, 'clouds'];
const changeFields = [...removeFields, ...editFields];
const addFields = [
  'id',
  'like',
  'serviceModelId',
  'dialects',
  'contextTokens',
  'maxOutputTokens',
  'predicted',
  ...spanFields,
  ...editFields,
];

/** Loads one scenario. Throws CatalogError with all that is wrong with it. */
export function loadScenario(file: CatalogFile): Scenario {
  const document = new ScenarioDocument(file);
  const known = ['id', 'title', 'source', 'seenOn', 'from', 'offers', 'policy', 'world'];
  const root = document.root(known);
  const lists = {
    services: serviceFields,
    add: addFields,
    remove: removeFields,
    change: changeFields,
    exclusive: exclusiveFields,
  };
  if (root.has('offers')) root.object('offers', Object.keys(lists));
  const entries = <T>(name: keyof typeof lists, read: (fields: Fields) => T): readonly T[] =>
    document.list(['offers', name], lists[name]).map(read);
  const startsOn = root.dateOrNull('from');
  const spans = <T extends Span>(name: keyof typeof lists, read: (fields: Fields) => T) =>
    entries(name, read).flatMap(entry => from(startsOn, entry));
  const scenario: Scenario = {
    id: root.text('id'),
    title: root.text('title'),
    source: root.text('source'),
    seenOn: root.date('seenOn'),
    services: entries('services', readAddedService),
    add: spans('add', readAdded),
    remove: spans('remove', readRemoved),
    change: spans('change', readChanged),
    exclusive: spans('exclusive', readExclusive),
    policy: readPolicyEdits(document),
    world: readWorld(document, root),
  };
  if (document.problems.length > 0) throw new CatalogError(document.problems);
  return scenario;
}

function readRemoved(fields: Fields): RemovedOffers {
  return { place: fields.place, match: readMatch(fields), ...readSpan(fields) };
}

function readExclusive(fields: Fields): ExclusiveOffers {
  const clouds = fields.texts('clouds');
  if (clouds.length === 0) fields.problem('clouds', 'must name at least one cloud');
  return { ...readRemoved(fields), clouds };
}

function readAddedService(fields: Fields): AddedService {
  return {
    place: fields.place,
    id: fields.text('id'),
    cloud: fields.text('cloud'),
    name: fields.text('name'),
    slaAvailability: fields.fractionOrNull('slaAvailability'),
  };
}

function readAdded(fields: Fields): AddedOffer {
  return {
    place: fields.place,
    id: fields.text('id'),
    like: fields.text('like'),
    serviceModelId: fields.textOrNull('serviceModelId'),
    dialects: fields.has('dialects') ? fields.someOf('dialects', dialectNames) : null,
    contextTokens: fields.countOrNull('contextTokens'),
    maxOutputTokens: fields.countOrNull('maxOutputTokens'),
    prices: readEdit(fields),
    predicted: readPrediction(fields),
    ...readSpan(fields),
  };
}

function readChanged(fields: Fields): ChangedOffers {
  const prices = readEdit(fields);
  if (prices === null) fields.problem(null, 'must have percent or usdPerMtok');
  return {
    place: fields.place,
    match: readMatch(fields),
    prices: prices ?? { type: 'percent', percent: 0 },
    ...readSpan(fields),
  };
}

function readEdit(fields: Fields): PriceEdit | null {
  if (fields.has('percent') && fields.has('usdPerMtok')) {
    fields.problem('percent', 'must not stand beside usdPerMtok: one or the other');
  }
  if (fields.has('usdPerMtok')) return { type: 'set', prices: readPrices(fields) };
  if (!fields.has('percent')) return null;
  const percent = fields.raw('percent');
  if (typeof percent === 'number' && percent >= -100 && Number.isFinite(percent)) {
    return { type: 'percent', percent };
  }
  fields.problem('percent', 'must be a number from -100 up: -80 makes it a fifth');
  return null;
}

/** What is left of an entry from a day on: all of it, a part, or nothing. */
function from<T extends Span>(startsOn: string | null, entry: T): T[] {
  if (startsOn === null || (entry.from !== null && entry.from >= startsOn)) return [entry];
  return entry.until !== null && entry.until <= startsOn ? [] : [{ ...entry, from: startsOn }];
}

function readSpan(fields: Fields): Span {
  const from = fields.dateOrNull('from');
  const until = fields.dateOrNull('until');
  if (from !== null && until !== null && until <= from) {
    fields.problem('until', `must be after from (${from}), not ${until}`);
  }
  return { from, until };
}
