// scenarios/<id>.yaml. Apart from the loader of the catalog, which does not wait for a YAML parser.

import { isSeq, LineCounter, parseDocument } from 'yaml';
import type { CatalogFile } from './catalog.ts';
import type { Criteria } from './criteria.ts';
import { Fields, type Place } from './fields.ts';
import { CatalogError, type Problem } from './problem.ts';
import { dialectNames, featureNames } from './read/offers.ts';
import { priceFields, readPrices } from './read/prices.ts';
import type { AddedOffer, ChangedOffers, PriceEdit, Scenario, Span } from './scenario.ts';

const spanFields = ['from', 'until'];
const matchFields = ['id', 'model', 'vendor', 'cloud', 'service', 'region', 'term', 'features'];
const editFields = ['percent', ...priceFields];
const addFields = [
  'id',
  'like',
  'serviceModelId',
  'dialects',
  'contextTokens',
  'maxOutputTokens',
  ...spanFields,
  ...editFields,
];

/** Loads one scenario. Throws CatalogError with all that is wrong with it. */
export function loadScenario(file: CatalogFile): Scenario {
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  for (const error of document.errors) {
    const line = error.linePos?.[0].line ?? 1;
    problems.push({ file: file.path, line, field: '', message: `must be YAML: ${error.message}` });
  }
  if (problems.length > 0) throw new CatalogError(problems);

  const top = { file: file.path, line: 1 };
  const known = ['id', 'title', 'source', 'seenOn', 'offers', 'policy', 'world'];
  const root = new Fields(document.toJS(), known, top, problems);
  if (root.has('offers')) root.object('offers', ['add', 'remove', 'change']);
  /** The entries of a list under `offers`, each with the line that it begins on. */
  const entries = (list: string, names: readonly string[]): readonly Fields[] => {
    const node = document.getIn(['offers', list]);
    if (!isSeq(node)) return [];
    const values: unknown = node.toJS(document);
    return (values as readonly unknown[]).map((value, i) => {
      const offset = (node.items[i] as { range?: readonly number[] | null }).range?.[0] ?? 0;
      const place: Place = { file: file.path, line: lines.linePos(offset).line };
      return new Fields(value, names, place, problems, `offers.${list}[${i}]`);
    });
  };
  const scenario: Scenario = {
    id: root.text('id'),
    title: root.text('title'),
    source: root.text('source'),
    seenOn: root.date('seenOn'),
    add: entries('add', addFields).map(readAdded),
    remove: entries('remove', ['match', ...spanFields]).map(fields => ({
      place: fields.place,
      match: readMatch(fields),
      ...readSpan(fields),
    })),
    change: entries('change', ['match', ...spanFields, ...editFields]).map(readChanged),
    policy: root.raw('policy') ?? null,
    world: root.raw('world') ?? null,
  };
  if (problems.length > 0) throw new CatalogError(problems);
  return scenario;
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

function readSpan(fields: Fields): Span {
  const from = fields.dateOrNull('from');
  const until = fields.dateOrNull('until');
  if (from !== null && until !== null && until <= from) {
    fields.problem('until', `must be after from (${from}), not ${until}`);
  }
  return { from, until };
}

function readMatch(fields: Fields): Criteria {
  const match = fields.object('match', matchFields);
  const criteria: Record<string, unknown> = {};
  for (const name of matchFields) {
    if (!match.has(name)) continue;
    if (name === 'features') criteria[name] = match.someOf(name, featureNames);
    else criteria[name] = Array.isArray(match.raw(name)) ? match.texts(name) : match.text(name);
  }
  if (Object.keys(criteria).length === 0) {
    fields.problem('match', `must have at least one of ${matchFields.join(', ')}`);
  }
  return criteria;
}
