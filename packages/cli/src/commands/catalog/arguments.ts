// What the catalog commands share: the catalog itself, and the checks of their arguments.

import type { ParseArgsOptionsConfig } from 'node:util';
import type { Catalog, Model } from '@entrepot/catalog/catalog';
import { isDate } from '@entrepot/catalog/date';
import { loadCatalog } from '@entrepot/catalog/load';
import { CatalogError } from '@entrepot/catalog/problem';
import { findModel } from '@entrepot/catalog/query';
import { nearest } from '@entrepot/gateway/config/nearest';
import { readCatalogFiles } from '../../catalog-files.ts';
import { type CommandInput, UsageError } from '../../command.ts';

export const catalogOptions: ParseArgsOptionsConfig = {
  model: { type: 'string' },
  cloud: { type: 'string' },
  'as-of': { type: 'string' },
  catalog: { type: 'string' },
  json: { type: 'boolean' },
};

/** The lines on options that every help text of these commands has. */
export const catalogOptionsHelp: string = [
  '  --cloud C       aws, azure, google, openai, anthropic',
  '  --as-of DATE    the day, as YYYY-MM-DD (today when it is left out)',
  '  --catalog DIR   another folder than the catalog that comes with entrepot',
  '  --json          JSON, for programs',
].join('\n');

/** The files of the catalog that the user named, or of our own. */
export function filesOf(input: CommandInput): ReturnType<typeof readCatalogFiles> {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no arguments, only options: not "${input.positionals.join(' ')}"`);
  }
  return catalogFilesOf(input);
}

/** The same for commands that take arguments. */
export function catalogFilesOf(input: CommandInput): ReturnType<typeof readCatalogFiles> {
  const dir = textOf(input, 'catalog');
  try {
    return dir === null ? readCatalogFiles() : readCatalogFiles(dir);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the catalog: ${why}`);
  }
}

/** The catalog, or a message that says what is wrong with it and what shows the rest. */
export function openCatalog(input: CommandInput): Catalog {
  return soundCatalog(filesOf(input));
}

/** The catalog of these files, or the same message. */
export function soundCatalog(files: ReturnType<typeof readCatalogFiles>): Catalog {
  try {
    return loadCatalog(files);
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    const first = error.message.split('\n').slice(0, 5).join('\n');
    const count = error.problems.length;
    const all = `${count} problem${count === 1 ? '' : 's'}; "entrepot catalog check" lists all`;
    throw new UsageError(`the catalog is not valid (${all}):\n${first}`, 3);
  }
}

export function dateOf(input: CommandInput): string {
  const date = textOf(input, 'as-of') ?? new Date().toISOString().slice(0, 10);
  if (!isDate(date)) {
    throw new UsageError(`--as-of must be a day as YYYY-MM-DD (2026-06-01), not "${date}"`);
  }
  return date;
}

export function cloudOf(input: CommandInput, catalog: Catalog): string | null {
  const name = textOf(input, 'cloud');
  if (name === null) return null;
  const clouds = [...new Set([...catalog.services.values()].map(service => service.cloud))].sort();
  const cloud = clouds.find(c => c === name);
  if (cloud !== undefined) return cloud;
  throw new UsageError(`there is no cloud "${name}". ${suggest(name, clouds)}`);
}

export function modelOf(input: CommandInput, catalog: Catalog): Model | null {
  const name = textOf(input, 'model');
  if (name === null) return null;
  const model = findModel(catalog, name);
  if (model !== null) return model;
  const near = nearest(name, [...catalog.models.keys()]) ?? nearestBare(name, catalog);
  const hint = near === null ? '' : ` Did you mean "${near}"?`;
  throw new UsageError(
    `there is no model "${name}", or the name means several.${hint} "entrepot catalog models" lists all.`,
  );
}

export function textOf(input: CommandInput, name: string): string | null {
  const value = input.values[name];
  return typeof value === 'string' ? value : null;
}

/** "Did you mean ...?", and all that is allowed. */
export function suggest(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed);
  const hint = near === null ? '' : `Did you mean "${near}"? `;
  return `${hint}Allowed: ${allowed.join(', ')}.`;
}

function nearestBare(word: string, catalog: Catalog): string | null {
  const models = [...catalog.models.values()];
  const near = nearest(
    word,
    models.map(model => model.name),
  );
  return models.find(model => model.name === near)?.id ?? null;
}
