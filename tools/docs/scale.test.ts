// Proves that docs/scale.md says what the figures in bench/results/scale.json are.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScaleResult } from '../../bench/scale/result.ts';
import { scalePage } from './scale-page.ts';

test('docs/scale.md is current', () => {
  const root = join(import.meta.dirname, '../..');
  const text = readFileSync(join(root, 'bench/results/scale.json'), 'utf8');
  const committed = readFileSync(join(root, 'docs/scale.md'), 'utf8');
  const isCurrent = committed === scalePage(JSON.parse(text) as ScaleResult);
  assert.ok(isCurrent, 'it is stale. Write it anew: node tools/docs/write-scale.ts');
});
