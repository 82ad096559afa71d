// A catalog of two models and three offers, for tests that need to know all of it.

import type { CatalogFile } from '../src/catalog.ts';

export interface Draft {
  services: unknown[];
  regions: unknown[];
  models: unknown[];
  offers: unknown[];
  accelerators: unknown[];
  instances: string[];
}

const seen = { source: 'a source', seenOn: '2026-01-02' };

export const instanceColumns: string =
  'cloud,name,region,accelerator,acceleratorId,acceleratorCount,acceleratorMemoryMib,vcpus,' +
  'memoryGib,onDemandUsdPerHour,spotUsdPerHour,source,seenOn';

export function offerRecord(id: string, changes: object = {}): Record<string, unknown> {
  return {
    id,
    serviceModelId: id.split('/').at(-1),
    dialects: ['openai-chat'],
    contextTokens: 1000,
    maxOutputTokens: 100,
    features: ['streaming'],
    validFrom: null,
    validUntil: null,
    prices: [
      { from: null, usdPerMtok: { input: 10, output: 40 } },
      { from: '2026-03-01', usdPerMtok: { input: 2, output: 8, cachedRead: 0.5 } },
    ],
    ...seen,
    ...changes,
  };
}

export function draft(): Draft {
  return {
    services: [
      { id: 'shop', cloud: 'openai', name: 'Shop' },
      {
        id: 'stall',
        cloud: 'aws',
        name: 'Stall',
        slaAvailability: 0.99,
        slaSource: 's',
        slaSeenOn: '2026-01-02',
      },
    ],
    regions: [
      { id: 'global', cloud: null, name: 'anywhere', residency: 'global' },
      { id: 'us-east-1', cloud: 'aws', name: 'N. Virginia', residency: 'us' },
    ],
    models: [
      { id: 'acme/one', kind: 'chat', releasedOn: '2026-01-01', ...seen },
      { id: 'acme/two', kind: 'chat', ...seen },
    ],
    offers: [
      offerRecord('shop/global/acme/one'),
      offerRecord('shop/global/acme/one#batch'),
      offerRecord('shop/global/acme/two'),
    ],
    accelerators: [],
    instances: [],
  };
}

export function filesOf(from: Draft): CatalogFile[] {
  const lines = (records: readonly unknown[]): string =>
    records.map(r => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n');
  return [
    { path: 'services.jsonl', text: lines(from.services) },
    { path: 'regions.jsonl', text: lines(from.regions) },
    { path: 'models.jsonl', text: lines(from.models) },
    { path: 'offers/shop.jsonl', text: lines(from.offers) },
    { path: 'accelerators.json', text: JSON.stringify(from.accelerators, null, 2) },
    { path: 'instances.csv', text: [instanceColumns, ...from.instances].join('\n') },
  ];
}
