// What a DialectError says.

import assert from 'node:assert/strict';
import type { CanonicalError } from '@entrepot/dialects/canonical';
import { DialectError } from '@entrepot/dialects/dialect';

/** The error that the call throws; fails if it throws nothing or something else. */
export function thrown(call: () => unknown): CanonicalError {
  try {
    call();
  } catch (cause) {
    assert.ok(cause instanceof DialectError, `not a DialectError: ${cause}`);
    return cause.error;
  }
  return assert.fail('nothing was thrown');
}
