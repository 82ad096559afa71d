// Every feature of the catalog has a bit of its own in a request's flags, and comes back from it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featureNames } from '@entrepot/catalog/read/offers';
import { featureBit, featuresOf, isStream } from '../src/request-columns.ts';

test('each feature has its own bit, within 16', () => {
  const bits = featureNames.map(featureBit);
  assert.equal(new Set(bits).size, featureNames.length);
  assert.ok(bits.every(bit => bit > 0 && bit <= 0xffff));
});

test('flags give back the features that made them', () => {
  const flags = featureBit('streaming') | featureBit('vision') | featureBit('logprobs');
  assert.deepEqual(featuresOf(flags), ['streaming', 'vision', 'logprobs']);
  assert.equal(isStream(flags), true);
  assert.equal(isStream(featureBit('tools')), false);
  assert.equal(featuresOf(flags), featuresOf(flags));
});
