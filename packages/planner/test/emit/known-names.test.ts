// Proves that emitted files use only names that were found in the engines' own sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownNames } from './known-names.ts';
import { usedNames } from './names.ts';

for (const [engine, used] of Object.entries(usedNames)) {
  test(`${engine}: every name that is used was found in its sources`, () => {
    assert.ok(used.length > 5, `${used.length} names are used`);
    const known = new Set(knownNames[engine]?.names);
    assert.deepEqual(
      used.filter(name => !known.has(name)),
      [],
      'look them up: node tools/validators/write-known-names.ts',
    );
  });
}
