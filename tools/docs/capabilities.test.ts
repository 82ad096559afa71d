// Proves that docs/capabilities.md is what the capability tables in the code say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { wholePage } from '@entrepot/gateway/capabilities/page';

test('docs/capabilities.md is current', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), 'utf8');
  const isCurrent = committed === wholePage();
  assert.ok(isCurrent, 'it is stale. Write it anew: node tools/docs/write-capabilities.ts');
});
