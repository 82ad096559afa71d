import type { Criteria } from '../criteria.ts';
import type { Fields } from '../fields.ts';
import { featureNames } from './offers.ts';

const matchFields = ['id', 'model', 'vendor', 'cloud', 'service', 'region', 'term', 'features'];

/** The `match` of a scenario's entry: at least one criterion. */
export function readMatch(fields: Fields): Criteria {
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
