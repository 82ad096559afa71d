// Proves that spend is kept by cloud whatever a cloud is called, and that it passes with time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../src/defaults.ts';
import { addSpend, createSpend, spendForShares, spendOn } from '../src/spend.ts';
import { sumOf } from '../src/window.ts';

const settings = { ...defaults.spend, minCharges: 1 };

test('a cloud may be called as what every object inherits', () => {
  const spend = createSpend(settings);
  for (const cloud of ['constructor', 'toString', 'aws']) {
    const onCloud = spendOn(spend, settings, cloud);
    assert.equal(sumOf(onCloud, 0), 0, cloud);
    addSpend(spend, onCloud, { cloud, nanoUsd: 7, charges: 1 }, 0);
    assert.equal(sumOf(spendOn(spend, settings, cloud), 0), 7, cloud);
  }
  assert.equal(spendForShares(spend, settings, 0), 21);
});

test('what is older than the window is in no share', () => {
  const spend = createSpend(settings);
  const onAws = spendOn(spend, settings, 'aws');
  addSpend(spend, onAws, { cloud: 'aws', nanoUsd: 7, charges: 1 }, 0);
  assert.equal(sumOf(onAws, 2 * settings.windowMs), 0);
});
