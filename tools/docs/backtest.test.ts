// Proves that docs/backtest.md says what the catalog and the scenarios give now. How: makes the
// page again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { backtestPage } from './backtest-page.ts';

test('docs/backtest.md is current: node tools/docs/write-backtest.ts', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/backtest.md'), 'utf8');
  assert.equal(page, await backtestPage());
});
