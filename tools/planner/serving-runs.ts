// The published serving runs as the fit and the accuracy page take them: read, those listed twice
// taken once.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '@entrepot/catalog/load';
import { type Chip, chipOf } from '@entrepot/planner/chip';
import { modelShapesFile, readModelShapes } from '@entrepot/planner/read-model-shapes';
import type { RunRow } from '@entrepot/planner/serve/run-row';
import { readServingRun, type ServingRun } from '@entrepot/planner/serve/serving-run';
import { readCatalogFiles } from '../../packages/cli/src/catalog-files.ts';
import { root } from '../tidy/source-files.ts';

export const runsFile = '/work/shared/data/serving_runs.json';

export function readRows(path: string = runsFile): RunRow[] {
  return JSON.parse(readFileSync(path, 'utf8')) as RunRow[];
}

/** The chips of the catalog by id. */
export function catalogChips(): ReadonlyMap<string, Chip> {
  const catalog = loadCatalog(readCatalogFiles());
  return new Map(catalog.accelerators.map(a => [a.id, chipOf(a)]));
}

export function catalogModels(): ReturnType<typeof readModelShapes> {
  return readModelShapes(readFileSync(join(root, 'catalog', modelShapesFile), 'utf8'));
}

/** Runs that can be judged, each once: some are listed under several releases of one table. */
export function readRuns(rows: readonly RunRow[]): ServingRun[] {
  const models = catalogModels();
  const chips = catalogChips();
  const seen = new Set<string>();
  const runs: ServingRun[] = [];
  for (const row of rows) {
    const run = readServingRun(row, models, chips);
    if (typeof run === 'string') continue;
    const { layout, precision } = run.instance;
    const parts = [run.pair, row.engine, row.mode, precision, JSON.stringify(layout)];
    const load = [run.inputTokens, run.outputTokens, run.concurrency, run.speculative];
    const key = [...parts, ...load, row.mode.startsWith('MLPerf') ? row.id : ''].join('|');
    if (seen.has(key)) continue;
    seen.add(key);
    runs.push(run);
  }
  return runs;
}
