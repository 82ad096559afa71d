// Published training runs ready to be fitted, from a file, with the chips of the catalog.

import { readFileSync } from 'node:fs';
import { readAccelerators } from '../../packages/catalog/src/read/accelerators.ts';
import { type Chip, chipOf } from '../../packages/planner/src/chip.ts';
import { readModelShapes } from '../../packages/planner/src/read-model-shapes.ts';
import { type ReadyRuns, readyRuns } from '../../packages/planner/src/train/ready-runs.ts';

/** Chips of the catalog by id. */
export function catalogChips(): ReadonlyMap<string, Chip> {
  const path = new URL('../../catalog/accelerators.json', import.meta.url);
  const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);
  return new Map(accelerators.map(a => [a.id, chipOf(a)]));
}

export function readTrainingRuns(path: string): ReadyRuns {
  const shapes = new URL('../../catalog/model-shapes.jsonl', import.meta.url);
  const models = readModelShapes(readFileSync(shapes, 'utf8'));
  const { runs, unjudged } = readyRuns(
    JSON.parse(readFileSync(path, 'utf8')) as readonly unknown[],
    catalogChips(),
    models,
  );
  // A run that did not fit has no time to be fitted to.
  return { runs: runs.filter(({ run }) => !run.outOfMemory), unjudged };
}
