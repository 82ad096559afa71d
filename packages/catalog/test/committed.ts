// The repository's own catalog, as the tests of this package read it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog, CatalogFile } from '../src/catalog.ts';
import { loadCatalog } from '../src/load.ts';

const root = join(import.meta.dirname, '../../../catalog');

export function committedFiles(): CatalogFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(jsonl|json|csv|yaml)$/.test(path))
    .map(path => ({
      path: path.replaceAll('\\', '/'),
      text: readFileSync(join(root, path), 'utf8'),
    }));
}

let loaded: Catalog | null = null;

export function committedCatalog(): Catalog {
  loaded ??= loadCatalog(committedFiles());
  return loaded;
}
