// Proves that a floor of quality keeps what is known to be good enough, by route, and nothing else.
// How: a file of scores as text, over a route with three models.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadQuality } from '@entrepot/catalog/load-quality';
import { CatalogError } from '@entrepot/catalog/problem';
import type { Route } from '../src/deployment.ts';
import { withMinQuality } from '../src/min-quality.ts';
import { deployment, route as routeOver } from './fleet.ts';

const head = 'source: judged by hand\nseenOn: 2026-11-24\n';

function qualityOf(scores: string) {
  return loadQuality({ path: 'quality.yaml', text: `${head}scores:\n${scores}` });
}

const deployments = [
  deployment('a', { model: 'acme/large' }),
  deployment('b', { model: 'acme/small' }),
  deployment('c', { model: 'acme/new' }),
];

function route(name: string): Route {
  return { ...routeOver(deployments), name };
}

const quality = qualityOf(`
  - { model: acme/large, score: 0.8, interval: [0.75, 0.85] }
  - { model: acme/small, score: 0.7, interval: [0.6, 0.8] }
  - { route: easy, model: acme/small, score: 0.9, interval: [0.8, 0.95] }`);

test('the lower end of an interval counts, and what is unknown does not pass', () => {
  const hard = withMinQuality(route('hard'), quality, 0.7);
  assert.deepEqual(
    hard.route.deployments.map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(
    hard.ruledOut.map(({ deployment: { id }, reason }) => `${id}: ${reason}`),
    ['b: quality at least 0.6, must be 0.7', 'c: quality unknown, must be 0.7'],
  );
  const easy = withMinQuality(route('easy'), quality, 0.7);
  assert.deepEqual(
    easy.route.deployments.map(({ id }) => id),
    ['a', 'b'],
  );
});

const wrong: readonly [string, RegExp][] = [
  ['  - { model: a/b, score: 0.8 }', /quality\.yaml:4: scores\[0\]\.interval: must be \[least/],
  ['  - { model: a/b, score: 0.9, interval: [0.1, 0.8] }', /score: must lie in its interval/],
  ['  - { model: a/b, score: 2, interval: [1, 3] }', /interval: must be a number from 0 to 1/],
  [
    '  - { model: a/b, score: 0.5, interval: [0, 1] }\n  - { model: a/b, score: 0.6, interval: [0, 1] }',
    /quality\.yaml:5: model: a\/b is scored twice/,
  ],
];

for (const [scores, message] of wrong) {
  test(`a file of scores is told what is wrong with ${scores.trim()}`, () => {
    assert.throws(
      () => qualityOf(scores),
      (error: unknown) => {
        assert(error instanceof CatalogError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
