// A user's file of limits: quotas and reservations, as YAML or JSON.

import { existsSync, readFileSync } from 'node:fs';
import type { Catalog } from '@entrepot/catalog/catalog';
import { CatalogError } from '@entrepot/catalog/problem';
import type { CapacityLimit } from '@entrepot/planner/capacity/capacity';
import { readCapacity } from '@entrepot/planner/capacity/read-capacity';
import { parse } from 'yaml';
import { type CommandInput, UsageError } from '../command.ts';
import { suggest, textOf } from '../commands/catalog/arguments.ts';
import { acceleratorId, nearestChip } from './choices.ts';

/** The limits of --capacity; null when it was not given. Throws UsageError with all problems. */
export function capacityOf(input: CommandInput, catalog: Catalog): CapacityLimit[] | null {
  const file = textOf(input, 'capacity');
  if (file === null) return null;
  if (!existsSync(file)) throw new UsageError(`--capacity: there is no file ${file}`);
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`--capacity ${file}: ${(cause as Error).message}`);
  }
  const ids = catalog.accelerators.map(a => a.id);
  try {
    return readCapacity(value, file, {
      acceleratorId: name => acceleratorId(name, ids),
      suggest: name => suggest(nearestChip(name, ids), ids),
      clouds: ['aws', 'azure', 'google', 'self'],
    });
  } catch (error) {
    if (error instanceof CatalogError) throw new UsageError(error.message);
    throw error;
  }
}
