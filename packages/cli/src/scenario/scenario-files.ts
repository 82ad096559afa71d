// Scenarios as a user names them: those of the catalog by their name, others by their file.

import { readFileSync } from 'node:fs';
import type { CatalogFile } from '@entrepot/catalog/catalog';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { CatalogError } from '@entrepot/catalog/problem';
import type { Scenario } from '@entrepot/catalog/scenario';
import { nearest } from '@entrepot/gateway/config/nearest';
import { UsageError } from '../command.ts';

const form = /^scenarios\/([^/]+)\.yaml$/;

/** Those among the files of a catalog, by name. */
export function scenarioFiles(files: readonly CatalogFile[]): ReadonlyMap<string, CatalogFile> {
  return new Map(
    files.flatMap((file): [string, CatalogFile][] => {
      const name = form.exec(file.path)?.[1];
      return name === undefined ? [] : [[name, file]];
    }),
  );
}

/** The text that `name` means: the name of one in the catalog, or the path of a file. */
export function findScenarioFile(name: string, files: readonly CatalogFile[]): CatalogFile {
  const known = scenarioFiles(files);
  const own = known.get(name);
  if (own !== undefined) return own;
  if (/[./\\]/.test(name)) {
    try {
      return { path: name, text: readFileSync(name, 'utf8') };
    } catch (cause) {
      throw new UsageError(`cannot read the scenario: ${(cause as Error).message}`);
    }
  }
  const near = nearest(name, [...known.keys()]);
  const hint = near === null ? '"entrepot scenario list" lists all' : `did you mean "${near}"?`;
  throw new UsageError(`there is no scenario "${name}" in the catalog; ${hint}`);
}

/** Throws UsageError with every problem of the scenario, by line and field. */
export function openScenario(name: string, files: readonly CatalogFile[]): Scenario {
  return saying(() => loadScenario(findScenarioFile(name, files)));
}

/** What is wrong with files like those of a catalog, told to the user with exit code 1. */
export function saying<T>(work: () => T, hint = ''): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof CatalogError)) throw cause;
    throw new UsageError(`these files cannot be used:\n${cause.message}${hint}`, 1);
  }
}
