// quotas.yaml: what an account may ask of offers in a minute where nothing more was agreed.

import type { CatalogFile } from './catalog.ts';
import type { Criteria } from './criteria.ts';
import type { Fields } from './fields.ts';
import type { Provenance } from './offer.ts';
import { CatalogError } from './problem.ts';
import { readNamedNumbers } from './read/named-numbers.ts';
import { ScenarioDocument } from './read/scenario-document.ts';

/** Of one model. null is not published. */
export interface PublishedQuota extends Provenance {
  /** The vendor's own name for whom it holds. */
  readonly tier: string;
  readonly match: Criteria;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

const fieldNames = [
  ...['service', 'tier', 'regions', 'requestsPerMinute', 'tokensPerMinute'],
  ...['source', 'seenOn'],
];

/** Throws CatalogError with all that is wrong. */
export function loadQuotas(file: CatalogFile): PublishedQuota[] {
  const document = new ScenarioDocument(file);
  document.root(['quotas']);
  const quotas = document.list(['quotas'], fieldNames).flatMap(readQuotas);
  if (document.problems.length > 0) throw new CatalogError(document.problems);
  return quotas;
}

function readQuotas(fields: Fields): PublishedQuota[] {
  const place = { service: fields.text('service'), region: fields.texts('regions') };
  const common = {
    tier: fields.text('tier'),
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
  };
  const requests = new Map(readNamedNumbers(fields, 'requestsPerMinute'));
  const tokens = new Map(readNamedNumbers(fields, 'tokensPerMinute'));
  return [...new Set([...requests.keys(), ...tokens.keys()])].map(model => ({
    ...common,
    match: { ...place, model, term: 'on-demand' },
    requestsPerMinute: requests.get(model) ?? null,
    tokensPerMinute: tokens.get(model) ?? null,
  }));
}
