// Proves that a request that is written in a dialect is read again as it was, up to what the
// encoder declares to be lost and the substitutes that the capability table names; and that what a
// dialect reads, it writes and reads the same, without a loss. What is written for services without
// a published schema keeps to their rules.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targets } from '@entrepot/dialects/capabilities/targets';
import fc from 'fast-check';
import { canonicalRequest } from '../shared/arbitrary/request.ts';
import { again } from './again.ts';
import { checkAgrees } from './agrees.ts';
import { checkShape } from './request-shape.ts';
import { runs } from './runs.ts';

for (const target of targets) {
  describe(target.id, () => {
    test('what is written is read again, but for declared losses', () => {
      const property = fc.property(canonicalRequest, request => {
        const written = again(request, target);
        if (written === null) return;
        checkAgrees(request, written.losses, written.read, target);
        const isRuled = !target.dialect.startsWith('openai');
        if (isRuled) checkShape[target.dialect](JSON.parse(String(Buffer.from(written.body))));
      });
      fc.assert(property, runs(300));
    });

    test('what is read is written and read the same', () => {
      const property = fc.property(canonicalRequest, request => {
        const read = again(request, target)?.read;
        if (read === undefined) return;
        const { losses, read: once } = again(read, target)!;
        assert.deepEqual(losses, []);
        assert.deepEqual(once, read);
      });
      fc.assert(property, runs(300));
    });
  });
}
