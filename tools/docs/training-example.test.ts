// Proves that docs/examples/training.md says what the catalog and the fitted parameters say now.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { trainingExample } from './training-example.ts';

test('docs/examples/training.md is current', () => {
  const file = join(import.meta.dirname, '../../docs/examples/training.md');
  const isCurrent = readFileSync(file, 'utf8') === trainingExample();
  assert.ok(isCurrent, 'it is stale. Write it anew: node tools/docs/write-training-example.ts');
});
