// The files of the catalog, read for the pure loader.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogFile } from '@entrepot/catalog/catalog';

const ownCatalog = fileURLToPath(new URL('../../../catalog/', import.meta.url));
const extension = /\.(jsonl|json|csv|yaml)$/;

/**
 * All files of a catalog's folder (the repository's own when none is given), in the order of their
 * paths, which are relative to the folder and written with slashes. Throws when it is not there.
 */
export function readCatalogFiles(dir: string = ownCatalog): CatalogFile[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && extension.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({
      path: relative(dir, path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One file of the repository's own catalog; empty when it is not there. */
export function readCatalogFile(path: string): string {
  const file = join(ownCatalog, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
