// From the texts of the catalog's files to a checked catalog. Pure: who calls it reads the files.

import type { Catalog, CatalogFile, OfferRecord } from './catalog.ts';
import type { Place } from './fields.ts';
import { CatalogError, type Problem } from './problem.ts';
import { readAccelerators } from './read/accelerators.ts';
import { readCommittedHost } from './read/committed-hosts.ts';
import { readInstances } from './read/instances.ts';
import { readLines } from './read/lines.ts';
import { readModel } from './read/models.ts';
import { readOffer } from './read/offers.ts';
import { readRegion, readService } from './read/services.ts';

/**
 * Loads the catalog from its files: models.jsonl, services.jsonl, regions.jsonl,
 * offers/<service>.jsonl, accelerators.json, instances.csv and, where there is one,
 * committed-hosts.jsonl, in any order; scenarios/ are left for `loadScenario`. Throws CatalogError
 * with all problems of all files.
 */
export function loadCatalog(files: readonly CatalogFile[]): Catalog {
  const problems: Problem[] = [];
  const one = (path: string): string => {
    const file = files.find(f => f.path === path);
    if (file === undefined) {
      problems.push({ file: path, line: 1, field: '', message: 'the file is missing' });
    }
    return file?.text ?? '';
  };
  const table = <T extends { readonly id: string }>(
    path: string,
    read: (value: unknown, place: Place, problems: Problem[]) => T,
  ): ReadonlyMap<string, T> => {
    const seen = new Map<string, T>();
    readLines(path, one(path), problems, (value, place) => {
      const record = read(value, place, problems);
      if (seen.has(record.id)) problems.push(twice(place, record.id));
      seen.set(record.id, record);
    });
    return seen;
  };
  const around = {
    services: table('services.jsonl', readService),
    regions: table('regions.jsonl', readRegion),
    models: table('models.jsonl', readModel),
  };
  const offers: OfferRecord[] = [];
  const ids = new Set<string>();
  for (const { path, text } of files.filter(f => /^offers\/[^/]+\.jsonl$/.test(f.path))) {
    readLines(path, text, problems, (value, place) => {
      const record = readOffer(value, place, problems, around);
      if (ids.has(record.id)) problems.push(twice(place, record.id));
      ids.add(record.id);
      offers.push(record);
    });
  }
  const accelerators = readAccelerators(
    'accelerators.json',
    one('accelerators.json') || '[]',
    problems,
  );
  const instances = readInstances('instances.csv', one('instances.csv'), problems);
  const committed = files.find(f => f.path === 'committed-hosts.jsonl');
  const committedHosts = readLines(
    'committed-hosts.jsonl',
    committed?.text ?? '',
    problems,
    (value, place) => readCommittedHost(value, place, problems),
  );
  if (problems.length > 0) throw new CatalogError(problems);
  return { ...around, offers, accelerators, instances, committedHosts };
}

function twice(place: Place, id: string): Problem {
  return { ...place, field: 'id', message: `${id} stands twice; ids must be unique` };
}
