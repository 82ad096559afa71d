// The catalog as a command needs it: as it stands on a day, read as far as it is asked.

import { asOf, type Market } from '@entrepot/catalog/as-of';
import { LazyMarket } from '@entrepot/catalog/lazy-market';
import { loadCatalog } from '@entrepot/catalog/load';
import { readCatalogFile, readCatalogFiles } from './catalog-files.ts';

/** Today in UTC, YYYY-MM-DD. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What is asked of it may throw CatalogError. */
export function marketOf(date: string = today()): Market {
  const whole = (): Market => asOf(loadCatalog(readCatalogFiles()), date);
  return new LazyMarket({ text: readCatalogFile, whole }, date);
}
