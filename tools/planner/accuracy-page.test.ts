// Proves that docs/accuracy.md and its plot are what the kept errors give: a fit whose errors are
// not published fails here.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accuracyPage } from './accuracy-page.ts';

test('the page and the plot are those that the kept errors give', () => {
  for (const [name, text] of accuracyPage()) {
    assert.equal(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'), text, name);
  }
});
