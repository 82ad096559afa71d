// Proves that docs/capabilities.md is what the capability table in the code says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { capabilitiesPage } from '@entrepot/dialects/capabilities/markdown';

test('docs/capabilities.md is current', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), 'utf8');
  const isCurrent = committed === capabilitiesPage();
  assert.ok(isCurrent, 'it is stale. Write it anew: node tools/docs/write-capabilities.ts');
});
