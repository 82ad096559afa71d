// Proves what is made of limits: plans wait for capacity or shrink to it, regions are not put
// together for training and why is said in figures, replicas for serving are of any generation
// and cloud.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogError } from '@entrepot/catalog/problem';
import type { CapacityLimit } from '@entrepot/planner/capacity/capacity';
import { crossRegion, crossRegionText } from '@entrepot/planner/capacity/cross-region';
import { placeServing } from '@entrepot/planner/capacity/place-serving';
import { splitRegions, trainingPlaces } from '@entrepot/planner/capacity/place-training';
import { readCapacity } from '@entrepot/planner/capacity/read-capacity';

const names = {
  acceleratorId: (name: string) => (name === 'h100' ? 'H100-SXM' : null),
  suggest: () => 'Did you mean "H100-SXM"?',
  clouds: ['aws', 'google'],
} as const;

const here: CapacityLimit = {
  acceleratorId: 'H100-SXM',
  cloud: 'aws',
  region: 'us-east-1',
  chips: 5000,
  from: null,
  until: null,
  usdPerHour: null,
};
const later: CapacityLimit = { ...here, region: 'us-west-2', chips: 16_384, from: '2027-01-01' };
const ending: CapacityLimit = { ...here, region: 'eu-west-1', chips: 6000, until: '2026-12-24' };

test('a file of limits is read, and every problem of it is named by its place', () => {
  const one = { accelerator: 'h100', cloud: 'aws', region: 'us-east-1', chips: 5000 };
  assert.deepEqual(readCapacity({ limits: [one] }, 'limits.yaml', names), [here]);
  const wrong = { ...one, accelerator: 'h9', chips: 0, from: 'soon', quota: 1 };
  assert.throws(
    () => readCapacity({ limits: [wrong] }, 'limits.yaml', names),
    (error: CatalogError) => {
      const fields = error.problems.map(p => p.field);
      for (const field of ['accelerator', 'chips', 'from', 'quota']) {
        assert.ok(fields.includes(`limits[0].${field}`), field);
      }
      assert.match(error.message, /no accelerator "h9"\. Did you mean "H100-SXM"/);
      return error instanceof CatalogError;
    },
  );
  assert.throws(() => readCapacity({}, 'limits.yaml', names), /must be a list of limits/);
});

test('a job shrinks to what is there, and can wait for more', () => {
  const places = trainingPlaces([here, later, ending], 16_384, '2026-11-24');
  assert.deepEqual(
    places.map(p => [p.limit.region, p.chips, p.waitDays, p.spanDays]),
    [
      ['us-east-1', 4096, 0, null],
      ['us-west-2', 16_384, 38, null],
      ['eu-west-1', 4096, 0, 30],
    ],
  );
  assert.deepEqual(trainingPlaces([ending], 8, '2026-12-24'), []);
});

test('regions that have enough together only are found, cloud by cloud', () => {
  const google: CapacityLimit = { ...here, cloud: 'google', region: 'us-central1', chips: 9000 };
  assert.deepEqual(splitRegions([here, ending, google], 10_000), [
    ['aws us-east-1', 'aws eu-west-1'],
  ]);
  assert.deepEqual(splitRegions([here, ending], 5_500), [], 'one of them is enough');
  assert.deepEqual(splitRegions([here, ending], 50_000), [], 'both are not');
});

test('training across regions is refused with its arithmetic', () => {
  const { bytesPerStep, seconds, usdPerStep } = crossRegion(405e9, 2, 10);
  assert.equal(bytesPerStep, 810e9);
  assert.equal(seconds, 6.48);
  assert.ok(Math.abs(usdPerStep - 32.4) < 1e-9);
  const text = crossRegionText(405e9, ['aws us-east-1', 'aws us-west-2'], 10, 900_000);
  assert.match(text, /2 x 2 B x 405B x 1\/2 = 810 GB/);
  assert.match(text, /6\.5 s at 1 Tb\/s beside a step of 10\.0 s \(x1\.65\), and \$29M/);
});

test('serving takes the cheapest replicas first, then other generations and clouds', () => {
  const base = { cloud: 'aws', chips: 8, requestsPerSecond: 10 } as const;
  const h100 = { ...base, acceleratorId: 'H100-SXM', usdPerHour: 40 };
  const a100 = {
    ...base,
    acceleratorId: 'A100-80GB',
    cloud: 'google',
    requestsPerSecond: 4,
    usdPerHour: 20,
  };
  const few: CapacityLimit = { ...here, chips: 20 };
  const old: CapacityLimit = { ...here, acceleratorId: 'A100-80GB', cloud: 'google', chips: 64 };
  const { placed, unmet, usdPerHour } = placeServing(
    [a100, h100],
    [old, few, later],
    30,
    '2026-11-24',
  );
  assert.deepEqual(
    placed.map(p => [p.choice.acceleratorId, p.replicas]),
    [
      ['H100-SXM', 2],
      ['A100-80GB', 3],
    ],
  );
  assert.equal(unmet, 0);
  assert.equal(usdPerHour, 140);
  const short = placeServing([h100], [few], 30, '2026-11-24');
  assert.equal(short.unmet, 10);
});
