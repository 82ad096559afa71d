// Published training runs ready to be fitted, from a file, with the chips of the catalog.

import { readFileSync } from 'node:fs';
import { readAccelerators } from '../../packages/catalog/src/read/accelerators.ts';
import { type Chip, chipOf } from '../../packages/planner/src/chip.ts';
import { type ReadyRuns, readyRuns } from '../../packages/planner/src/train/ready-runs.ts';
import type { RunRow } from '../../packages/planner/src/train/run-row.ts';

/** Chips of the catalog by id. */
export function catalogChips(): ReadonlyMap<string, Chip> {
  const path = new URL('../../catalog/accelerators.json', import.meta.url);
  const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);
  return new Map(accelerators.map(a => [a.id, chipOf(a)]));
}

export function readTrainingRuns(path: string): ReadyRuns {
  return readyRuns(JSON.parse(readFileSync(path, 'utf8')) as readonly RunRow[], catalogChips());
}
