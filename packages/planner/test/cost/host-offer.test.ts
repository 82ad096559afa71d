// Proves which instance types count as hosts of a large job, that unknown prices stay unknown, and
// that a job's cost is hosts and spares times hours times price.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import { cheapestByCloud, hasFabric, hostOffers } from '@entrepot/planner/cost/host-offer';
import { breakEvenUsdPerHour, cheapestTerm, jobCost } from '@entrepot/planner/cost/job-cost';
import { exactly } from '@entrepot/planner/interval';

const instances: InstanceType[] = [
  host({ cloud: 'aws', name: 'p5.48xlarge', usd: 55 }),
  host({ cloud: 'aws', name: 'p5.4xlarge', usd: 6, chips: 1 }),
  host({ cloud: 'azure', name: 'Standard_ND96isr_H100_v5', usd: 98, region: 'eastus' }),
  host({ cloud: 'azure', name: 'Standard_ND96isr_H100_v5', usd: 140, region: 'australiaeast' }),
  host({ cloud: 'azure', name: 'Standard_ND96is_noIB_H100_v5', usd: 88 }),
  host({ cloud: 'google', name: 'a3-megagpu-8g', usd: 92, spot: 30 }),
  host({ cloud: 'aws', name: 'trn2.48xlarge', usd: null, chips: 16, acceleratorId: 'Trainium2' }),
];

test('hosts are whole, and joined by a network for it', () => {
  const offers = hostOffers(instances, { acceleratorId: 'H100-SXM', asOf: '2026-11-01' });
  assert.deepEqual(
    offers.map(o => [o.instance, o.region]),
    [
      ['p5.48xlarge', 'us-east-1'],
      ['Standard_ND96isr_H100_v5', 'eastus'],
      ['Standard_ND96isr_H100_v5', 'australiaeast'],
      ['a3-megagpu-8g', 'us-east-1'],
    ],
  );
  assert.equal(hasFabric('Standard_ND96amsr_A100_v4'), true);
  assert.equal(hasFabric('Standard_ND96ams_A100_v4'), false);
  assert.equal(hasFabric('Standard_NC96ads_A100_v4'), false);
});

test('the cheapest region of a cloud is taken, of those that were asked for', () => {
  const query = { acceleratorId: 'H100-SXM', asOf: '2026-11-01' };
  const all = cheapestByCloud(hostOffers(instances, query), 'on-demand');
  assert.deepEqual(
    all.map(o => [o.cloud, o.region]),
    [
      ['aws', 'us-east-1'],
      ['azure', 'eastus'],
      ['google', 'us-east-1'],
    ],
  );
  const there = hostOffers(instances, { ...query, regions: ['australiaeast'] });
  assert.deepEqual(
    there.map(o => o.usdPerHour['on-demand']),
    [140],
  );
});

test('what was not yet seen on the day is not there', () => {
  const query = { acceleratorId: 'H100-SXM', asOf: '2020-01-01' };
  assert.deepEqual(hostOffers(instances, query), []);
});

test('an unknown price stays unknown, and the user can say it', () => {
  const query = { acceleratorId: 'Trainium2', asOf: '2026-11-01' };
  const [unknown] = hostOffers(instances, query);
  const rented = { hosts: 10, spareHosts: 2, days: daysOf(5) };
  const cost = jobCost(unknown!, rented);
  assert.deepEqual(cost, { 'on-demand': null, spot: null, committed: null });
  assert.equal(cheapestTerm(cost), null);
  const own = { cloud: 'aws', instance: 'trn2.48xlarge', region: null, usdPerHour: 40 } as const;
  const [known] = hostOffers(instances, { ...query, ownPrices: [{ ...own, term: 'committed' }] });
  const said = jobCost(known!, rented);
  assert.deepEqual(said.committed, exactly(12 * 24 * 5 * 40));
  assert.equal(said['on-demand'], null);
  assert.equal(cheapestTerm(said), 'committed');
  assert.equal(breakEvenUsdPerHour(said.committed!.likely, rented, 5), 40);
});

test('capacity taken ahead has the price of its day, for as many hosts as are sold', () => {
  const sold = {
    cloud: 'aws',
    instance: 'trn2.48xlarge',
    product: 'blocks',
    mostHosts: 256,
    mostDays: 182,
    source: 'a page',
    seenOn: '2026-10-09',
  } as const;
  const committedHosts = [
    { ...sold, from: '2026-07-22', nanoUsdPerHour: 35e9 },
    { ...sold, from: '2026-10-07', nanoUsdPerHour: 36e9 },
  ];
  const at = (asOf: string): number | null => {
    const [offer] = hostOffers(instances, { acceleratorId: 'Trainium2', asOf, committedHosts });
    return offer!.usdPerHour.committed;
  };
  assert.deepEqual(['2026-11-01', '2026-10-06', '2026-07-21'].map(at), [36, 35, null]);
  const own = { cloud: 'aws', instance: 'trn2.48xlarge', region: null, usdPerHour: 40 } as const;
  const [mine] = hostOffers(instances, {
    acceleratorId: 'Trainium2',
    asOf: '2026-11-01',
    committedHosts,
    ownPrices: [{ ...own, term: 'committed' }],
  });
  assert.deepEqual([mine!.usdPerHour.committed, mine!.committed], [40, null]);
});

test('a term on which that many hosts are not sold is taken where it is the only price', () => {
  const cost = { 'on-demand': exactly(10), spot: null, committed: exactly(5) };
  assert.equal(cheapestTerm(cost), 'committed');
  assert.equal(cheapestTerm(cost, ['on-demand', 'spot']), 'on-demand');
  assert.equal(cheapestTerm({ ...cost, 'on-demand': null }, ['on-demand', 'spot']), 'committed');
});

test('spot costs less by the hour and takes longer', () => {
  const query = { acceleratorId: 'H100-SXM', asOf: '2026-11-01', clouds: ['google'] };
  const [google] = hostOffers(instances, query);
  const days = { ...daysOf(10), spot: exactly(50) };
  const cost = jobCost(google!, { hosts: 1, spareHosts: 0, days });
  assert.equal(cost['on-demand']!.likely, 92 * 240);
  assert.equal(cost.spot!.likely, 30 * 1200);
  assert.equal(cheapestTerm(cost), 'on-demand');
});

function daysOf(days: number): { 'on-demand': Days; spot: Days; committed: Days } {
  return { 'on-demand': exactly(days), spot: exactly(days), committed: exactly(days) };
}

type Days = ReturnType<typeof exactly>;

interface Host {
  readonly cloud: InstanceType['cloud'];
  readonly name: string;
  readonly usd: number | null;
  readonly spot?: number;
  readonly chips?: number;
  readonly region?: string;
  readonly acceleratorId?: string;
}

function host(of: Host): InstanceType {
  return {
    cloud: of.cloud,
    name: of.name,
    region: of.region ?? 'us-east-1',
    accelerator: 'chip',
    acceleratorId: of.acceleratorId ?? 'H100-SXM',
    acceleratorCount: of.chips ?? 8,
    acceleratorMemoryMib: null,
    vcpus: null,
    memoryGib: null,
    onDemandNanoUsdPerHour: of.usd === null ? null : of.usd * 1e9,
    spotNanoUsdPerHour: of.spot === undefined ? null : of.spot * 1e9,
    source: 'test',
    seenOn: '2026-07-20',
  };
}
