// Proves that the search finds the best there is: against every layout of small cases, computed one
// by one without bounds; and that shares of a search add up to the whole.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAccelerators } from '@entrepot/catalog/read/accelerators';
import { chipOf } from '../../src/chip.ts';
import { chipsOf, type Layout, layoutProblems, type TrainingJob } from '../../src/layout.ts';
import { mergeResults, searchLayouts } from '../../src/search/search.ts';
import { recomputes, shardings } from '../../src/search/space.ts';
import { type Ground, groundOf } from '../../src/train/ground.ts';
import { stepOn } from '../../src/train/step.ts';
import { usualParameters } from '../../src/train/step-parameters.ts';
import { llama8b, llama405b, mixtral8x7b } from '../shapes.ts';

const path = new URL('../../../../catalog/accelerators.json', import.meta.url);
const accelerators = readAccelerators('accelerators.json', readFileSync(path, 'utf8'), []);

function ground(job: TrainingJob, id: string): Ground {
  const found = groundOf(job, chipOf(accelerators.find(a => a.id === id)!), usualParameters);
  if ('missing' in found) assert.fail(found.missing.join());
  return found;
}

const dense: TrainingJob = {
  model: { ...llama8b, layers: 8 },
  sequence: 4096,
  globalBatch: 16,
  precision: 'bf16',
  frozenBase: false,
};
const sparse: TrainingJob = { ...dense, model: { ...mixtral8x7b, layers: 4 } };

/** Every layout of the space, by nothing but counting. */
function* every(job: TrainingJob, chips: number, domain: number): Generator<Layout> {
  const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);
  const powers = (most: number) => upTo(most).filter(n => Number.isInteger(Math.log2(n)));
  const { experts, layers } = job.model;
  for (const tp of upTo(Math.min(chips, domain))) {
    for (const cp of powers(chips)) {
      for (const pp of upTo(chips)) {
        const dp = chips / (tp * cp * pp);
        if (!Number.isInteger(dp)) continue;
        for (const microBatch of powers(16)) {
          for (const ep of upTo(experts?.count ?? 1)) {
            for (const etp of new Set(experts === null ? [1] : [1, tp])) {
              for (const vpp of upTo(Math.max(1, Math.floor(layers / pp)))) {
                if (vpp > 1 && (job.globalBatch / (dp * microBatch)) % pp !== 0) continue;
                for (const sharding of shardings) {
                  for (const recompute of recomputes.filter(r => r !== 'offload')) {
                    const layout: Layout = {
                      ...{ tp, sp: tp > 1, pp, vpp, dp, cp, ep, etp, microBatch, sharding },
                      ...{ shards: null, recompute, recomputedShare: 1 },
                    };
                    if (layoutProblems(job, layout).length === 0) yield layout;
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

for (const [name, job, id, chips] of [
  ['dense', dense, 'H100-SXM', 8],
  ['dense over hosts', dense, 'A100-40GB', 16],
  ['experts', sparse, 'H100-SXM', 16],
] as const) {
  test(`${name}: the best found is the best of all that fit, and all were counted`, () => {
    const on = ground(job, id);
    let count = 0;
    const fitting: number[] = [];
    for (const layout of every(job, chips, on.links.domain)) {
      count++;
      assert.equal(chipsOf(layout), chips);
      const step = stepOn(on, layout);
      if (step.memory.fits) fitting.push(step.seconds);
    }
    fitting.sort((a, b) => a - b);
    const found = searchLayouts(on, chips, { keep: 5 });
    assert.ok(fitting.length > 20);
    assert.deepEqual(
      found.best.map(f => f.seconds),
      fitting.slice(0, 5),
    );
    assert.equal(found.considered, count);
  });
}

test('shares of a search add up to the whole', () => {
  const on = ground(dense, 'H100-SXM');
  const whole = searchLayouts(on, 8, { keep: 3 });
  const parts = [0, 1, 2].map(index => searchLayouts(on, 8, { keep: 3, share: { index, of: 3 } }));
  const merged = mergeResults(parts, 3);
  assert.deepEqual(
    merged.best.map(f => f.seconds),
    whole.best.map(f => f.seconds),
  );
  assert.equal(merged.considered, whole.considered);
});

test('where nothing fits, the layout that needs the least memory is told', () => {
  const on = ground({ ...dense, model: llama405b, globalBatch: 64 }, 'A100-40GB');
  const found = searchLayouts(on, 8);
  assert.equal(found.best.length, 0);
  assert.ok(found.smallest!.memoryBytes > on.hbmBytes);
});
