// capacity-terms.yaml, the catalog's or an operator's own: throughput by units, a term for each
// model and length of contract, and promises of spend.

import type { CapacityTerm, SpendTerm, ThroughputTerm } from './capacity-term.ts';
import type { CatalogFile } from './catalog.ts';
import type { Fields } from './fields.ts';
import { CatalogError } from './problem.ts';
import { readMatch } from './read/match.ts';
import { readNamedNumbers } from './read/named-numbers.ts';
import { ScenarioDocument } from './read/scenario-document.ts';

const provisionedFields = [
  'name',
  'service',
  'regions',
  'leastUnits',
  'stepUnits',
  'inputTokensPerMinutePerUnit',
  'usdPerUnitHour',
  'source',
  'seenOn',
];
const commitmentFields = [
  'name',
  'term',
  'match',
  'discountPercent',
  'leastUsdPerHour',
  'source',
  'seenOn',
];

/** Throws CatalogError with all that is wrong. */
export function loadCapacityTerms(file: CatalogFile): CapacityTerm[] {
  const document = new ScenarioDocument(file);
  document.root(['provisioned', 'commitments']);
  const terms = [
    ...document.list(['provisioned'], provisionedFields).flatMap(throughputTerms),
    ...document.list(['commitments'], commitmentFields).map(spendTerm),
  ];
  if (document.problems.length > 0) throw new CatalogError(document.problems);
  return terms;
}

/** One for each model and each length of contract. */
function throughputTerms(fields: Fields): ThroughputTerm[] {
  const common = {
    type: 'throughput' as const,
    name: fields.text('name'),
    leastUnits: fields.countOrNull('leastUnits') ?? 1,
    stepUnits: fields.countOrNull('stepUnits') ?? 1,
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
  };
  const place = { service: fields.text('service'), region: fields.texts('regions') };
  const rates = readNamedNumbers(fields, 'inputTokensPerMinutePerUnit');
  return readNamedNumbers(fields, 'usdPerUnitHour').flatMap(([term, usd]) =>
    rates.map(([model, inputTokensPerMinutePerUnit]) => ({
      ...common,
      term,
      match: { ...place, model },
      nanoUsdPerUnitHour: Math.round(usd * 1e9),
      inputTokensPerMinutePerUnit,
    })),
  );
}

function spendTerm(fields: Fields): SpendTerm {
  const discountPercent = fields.positiveOrNull('discountPercent') ?? 0;
  if (!(discountPercent > 0 && discountPercent < 100)) {
    fields.problem('discountPercent', 'must be above 0 and below 100');
  }
  return {
    type: 'spend',
    name: fields.text('name'),
    term: fields.text('term'),
    match: readMatch(fields),
    discountPercent,
    leastNanoUsdPerHour: Math.round((fields.positiveOrNull('leastUsdPerHour') ?? 0) * 1e9),
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
  };
}
