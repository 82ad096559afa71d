// Proves that no bytes crash a reader of them, make it slow, or make two readers of the same bytes
// differ: seeded changes of right bodies and streams, a bounded number of them. More, and other
// seeds: npm run fuzz -- --minutes 5 --seed 7

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingsMissing } from '../shared/recordings.ts';
import { type Failure, fuzz } from './fuzz.ts';
import { ownSeeds, recordedSeeds, type Seed } from './seeds.ts';
import { targets } from './targets.ts';

function failures(seeds: readonly Seed[], seed: number, count: number): readonly string[] {
  const told: string[] = [];
  const tell = ({ target, at, reason }: Failure): number =>
    told.push(`${target}: ${reason} (node tools/fuzz/run.ts --seed ${seed} --at ${at})`);
  fuzz(seeds, seed, 0, count, tell);
  return told;
}

test('changed bodies and streams of our own', () => {
  assert.deepEqual(failures(ownSeeds, 1, 20_000), []);
});

test('changed recordings', { skip: recordingsMissing }, () => {
  assert.deepEqual(failures([...ownSeeds, ...recordedSeeds()], 2, 10_000), []);
});

test('every target reads what it is meant to read', () => {
  for (const { name, kinds, run } of targets) {
    const read = ownSeeds.filter(({ kind, bytes }) => {
      if (!kinds.includes(kind)) return false;
      try {
        run(bytes, () => 0.5);
        return true;
      } catch {
        return false;
      }
    });
    assert.ok(read.length > 0, name);
  }
});
