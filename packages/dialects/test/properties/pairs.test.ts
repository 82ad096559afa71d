// Proves that a request that is read in one dialect and written in another is the same request, up
// to the losses of both, for each dialect and each model that another is written for.

import { describe, test } from 'node:test';
import { targets } from '@entrepot/dialects/capabilities/targets';
import fc from 'fast-check';
import { canonicalRequest } from '../shared/arbitrary/request.ts';
import { again } from './again.ts';
import { checkAgrees } from './agrees.ts';
import { runs } from './runs.ts';

const callers = targets.filter(({ id, dialect }) => id === dialect);

for (const caller of callers) {
  describe(caller.dialect, () => {
    for (const upstream of targets.filter(({ dialect }) => dialect !== caller.dialect)) {
      test(`to ${upstream.id}`, () => {
        const property = fc.property(canonicalRequest, request => {
          const asked = again(request, caller);
          if (asked === null) return;
          checkAgrees(request, asked.losses, asked.read, caller);
          const sent = again(asked.read, upstream);
          if (sent !== null) checkAgrees(asked.read, sent.losses, sent.read, upstream);
        });
        fc.assert(property, runs(60));
      });
    }
  });
}
