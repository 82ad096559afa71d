// The models whose shape is known, from the catalog's file; and the shape that a user names, by a
// name of the catalog or by the path of a config.json.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearest } from '@entrepot/gateway/config/nearest';
import { ConfigError, readHuggingFaceConfig } from '@entrepot/planner/hugging-face';
import { findModelEntry, type ModelEntry } from '@entrepot/planner/model-entry';
import { modelShapesFile, readModelShapes } from '@entrepot/planner/read-model-shapes';
import { readCatalogFile } from '../catalog-files.ts';
import { UsageError } from '../command.ts';
import { today } from '../market.ts';

/** All models of the catalog's file of shapes. */
export function modelShapes(): ModelEntry[] {
  return readModelShapes(readCatalogFile(modelShapesFile));
}

/** A model by any spelling of its name, or from a config.json or its folder. Throws UsageError. */
export function modelNamed(name: string): ModelEntry {
  if (name.endsWith('.json')) return importModel(name);
  if (existsSync(join(name, 'config.json'))) return importModel(join(name, 'config.json'));
  const entries = modelShapes();
  const entry = findModelEntry(entries, name);
  if (entry !== null) return entry;
  const all = entries.flatMap(e => [e.id, e.id.slice(e.id.indexOf('/') + 1), ...e.aliases]);
  const near = nearest(name, all);
  throw new UsageError(
    `the shape of "${name}" is not known.${near === null ? '' : ` Did you mean "${near}"?`} ` +
      '"entrepot model show" lists all; a config.json works too: --model path/to/config.json',
  );
}

/** The model of a Hugging Face config.json. Throws UsageError with every problem of it. */
export function importModel(path: string): ModelEntry {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  const folder = basename(dirname(path));
  const name = /^config.*\.json$/i.test(basename(path)) ? folder : basename(path, '.json');
  try {
    const shape = readHuggingFaceConfig(readFileSync(path, 'utf8'), name || 'imported');
    const from = { source: path, seenOn: today(), verified: null };
    return { id: `imported/${shape.name}`, aliases: [], shape, ...from };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.problems.map(problem => `${path}: ${problem}`).join('\n'));
  }
}
