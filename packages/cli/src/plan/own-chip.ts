// An accelerator of the user's own, from a file: the figures of one in the catalog, as far as they
// are known, and what an hour of a host of them costs.

import { readFileSync } from 'node:fs';
import { type Accelerator, figureNames } from '@entrepot/catalog/accelerator';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import { CatalogError, type Problem } from '@entrepot/catalog/problem';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { type CommandInput, UsageError } from '../command.ts';
import { textOf } from '../commands/catalog/arguments.ts';

export interface OwnChip {
  readonly accelerator: Accelerator;
  readonly host: InstanceType;
}

/** The chip of --chip FILE, as seen on a day; null when it was not given. Throws UsageError. */
export function ownChipOf(input: CommandInput, day: string): OwnChip | null {
  const file = textOf(input, 'chip');
  if (file === null) return null;
  const { usdPerHour, ...given } = read(file);
  if (usdPerHour !== undefined && !(typeof usdPerHour === 'number' && usdPerHour > 0)) {
    throw new UsageError(`--chip ${file}: usdPerHour must be a number above 0, of a whole host`);
  }
  const figures = figureNames.filter(name => (given[name] ?? null) !== null);
  const record = {
    vendor: 'own',
    availability: 'cloud',
    sources: [{ figures, source: file, verified: false }],
    seenOn: day,
    ...given,
  };
  const problems: Problem[] = [];
  const [accelerator] = readAccelerators(file, JSON.stringify([record]), problems);
  if (problems.length > 0) throw new UsageError(`--chip: ${new CatalogError(problems).message}`);
  return { accelerator: accelerator!, host: hostOf(accelerator!, usdPerHour ?? null, file, day) };
}

function read(file: string): Record<string, unknown> & { usdPerHour?: number } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`--chip ${file}: ${(cause as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UsageError(`--chip ${file}: must be one object, as in catalog/accelerators.json`);
}

function hostOf(
  { id, chipsPerHost }: Accelerator,
  usdPerHour: number | null,
  source: string,
  seenOn: string,
): InstanceType {
  return {
    cloud: 'self',
    name: `${id}-host`,
    region: null,
    accelerator: id,
    acceleratorId: id,
    acceleratorCount: chipsPerHost ?? 1,
    acceleratorMemoryMib: null,
    vcpus: null,
    memoryGib: null,
    onDemandNanoUsdPerHour: usdPerHour === null ? null : Math.round(usdPerHour * 1e9),
    spotNanoUsdPerHour: null,
    source,
    seenOn,
  };
}
