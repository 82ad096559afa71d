// Proves that an upstream behaves as a plan predicts it: the medians at the planned load, growth
// with what is under way, the error of such predictions as its range, and words that say so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prediction } from '@entrepot/catalog/prediction';
import { deployment } from '../../engine/test/fleet.ts';
import { loadFactor, parametersOf } from '../src/upstream/drawn-parameters.ts';
import { predictedUpstream } from '../src/upstream/predicted-model.ts';

const predicted: Prediction = {
  by: 'a plan',
  requestsPerSecond: 5,
  underWay: 40,
  ttft: { ms: 100, msPerInputToken: 0.1, spread: 0.3, error: 0.2, growth: 0 },
  token: { ms: 30, spread: 0.1, error: 0.1, growth: 0.02 },
};

test('times are those of the plan at its load, and grow with what is under way', () => {
  const known = parametersOf(predictedUpstream(deployment('own'), predicted), null);
  assert.deepEqual([known.baseMs, known.prefillMsPerToken, known.msPerOutputToken], [100, 0.1, 30]);
  assert.deepEqual([known.ttftSigma, known.tokenSigma], [0.3, 0.1]);
  assert.equal(known.ttftLoad, null);
  assert.equal(loadFactor(known.tokenLoad!, 40), 1);
  assert.equal(loadFactor(known.tokenLoad!, 0), 1 / 1.8);
});

test('half of the draws are within the error of such predictions', () => {
  const { latency } = predictedUpstream(deployment('own'), predicted);
  assert.ok(Math.abs(latency.msPerOutputToken.logSd * 0.6745 - 0.1) < 1e-12);
  assert.equal(latency.baseMs.logSd, latency.prefillMsPerToken.logSd);
  assert.equal(latency.ttftCorrelation, 1);
});

test('what is predicted is said, with its load and its error', () => {
  const [said, failures] = predictedUpstream(deployment('own'), predicted).assumed;
  assert.match(said!, /100 ms and 0\.1 ms for each token of input, then 30 ms .* 40 requests/);
  assert.match(said!, /predicted by a plan, half of such predictions within 20 % and 10 %/);
  assert.match(failures!, /0\.2 % of attempts fail/);
});
