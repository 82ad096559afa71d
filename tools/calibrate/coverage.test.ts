// Proves, in small, that the 90 % intervals of predictions contain what comes about as often as
// they say, where upstreams are known from a ledger alone. `docs/calibration.md` has it in full.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf } from './coverage.ts';
import { coveredRoutes as routes } from './covered-routes.ts';

test('intervals contain the truth in about nine worlds of ten', () => {
  const options = { worlds: 40, ledgerRows: 300, requests: 400, seeds: 19, routes, seed: 1 };
  const covered = coverageOf(options);
  const all = Object.values(covered);
  const mean = all.reduce((sum, share) => sum + share, 0) / all.length;
  assert.ok(mean > 0.8 && mean < 0.98, JSON.stringify(covered));
  for (const [name, share] of Object.entries(covered)) assert.ok(share >= 0.7, `${name}: ${share}`);
});
