// Reads a file of limits, already parsed, and tells every problem of it by its place.

import { Fields } from '@entrepot/catalog/fields';
import type { Cloud } from '@entrepot/catalog/offer';
import { CatalogError, type Problem } from '@entrepot/catalog/problem';
import type { CapacityLimit } from './capacity.ts';

const known = ['accelerator', 'cloud', 'region', 'chips', 'from', 'until', 'usdPerHour'];

export interface CapacityNames {
  /** The id of an accelerator by any of its spellings; null when there is none. */
  acceleratorId(name: string): string | null;
  /** What to say of a name that there is not: the nearest one. */
  suggest(name: string): string;
  readonly clouds: readonly Cloud[];
}

/** Reads `{limits: [{accelerator, cloud, region, chips, ...}]}`. Throws CatalogError. */
export function readCapacity(value: unknown, file: string, names: CapacityNames): CapacityLimit[] {
  const problems: Problem[] = [];
  const whole = new Fields(value, ['limits'], { file, line: 1 }, problems);
  if (!whole.has('limits')) whole.problem('limits', 'must be a list of limits; it is missing');
  const limits = whole.objects('limits', known).map(limit => readLimit(limit, names));
  if (problems.length > 0) throw new CatalogError(problems);
  return limits;
}

function readLimit(limit: Fields, names: CapacityNames): CapacityLimit {
  const name = limit.text('accelerator');
  const acceleratorId = names.acceleratorId(name);
  if (acceleratorId === null) {
    limit.problem('accelerator', `there is no accelerator "${name}". ${names.suggest(name)}`);
  }
  const chips = limit.countOrNull('chips');
  if (!limit.has('chips')) limit.problem('chips', 'must be a whole number of chips from 1 up');
  const from = limit.dateOrNull('from');
  const until = limit.dateOrNull('until');
  if (from !== null && until !== null && until <= from) {
    limit.problem('until', `must be after ${from}, not ${until}`);
  }
  return {
    acceleratorId: acceleratorId ?? name,
    cloud: limit.oneOf('cloud', names.clouds),
    region: limit.text('region'),
    chips: chips ?? 0,
    from,
    until,
    usdPerHour: limit.positiveOrNull('usdPerHour'),
  };
}
