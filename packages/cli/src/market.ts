// The catalog as a command needs it: read, checked, and as it stands on a day.

import { asOf, type Market } from '@entrepot/catalog/as-of';
import { loadCatalog } from '@entrepot/catalog/load';
import { readCatalogFiles } from './catalog-files.ts';

/** Today in UTC, YYYY-MM-DD. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function marketOf(date: string = today()): Market {
  return asOf(loadCatalog(readCatalogFiles()), date);
}
