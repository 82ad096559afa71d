// Proves that spend is kept by cloud whatever a cloud is called, and that it passes with time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../src/defaults.ts';
import { addSpend, createSpend, spendForShares, spendOn } from '../src/spend.ts';

const settings = { ...defaults.spend, minCharges: 1 };

test('a cloud may be called as what every object inherits', () => {
  const spend = createSpend(settings);
  for (const cloud of ['constructor', 'toString', 'aws']) {
    assert.equal(spendOn(spend, cloud, 0), 0, cloud);
    addSpend(spend, settings, { cloud, nanoUsd: 7, charges: 1 }, 0);
    assert.equal(spendOn(spend, cloud, 0), 7, cloud);
  }
  assert.equal(spendForShares(spend, settings, 0), 21);
});

test('what is older than the window is in no share', () => {
  const spend = createSpend(settings);
  addSpend(spend, settings, { cloud: 'aws', nanoUsd: 7, charges: 1 }, 0);
  assert.equal(spendOn(spend, 'aws', 2 * settings.windowMs), 0);
});
