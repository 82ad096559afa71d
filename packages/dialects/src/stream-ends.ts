// How a stream fails that ends and should not yet, in one wording for all dialects.

import type { CanonicalError } from './canonical.ts';

/** The bytes ended, and the dialect's own terminator was not among them. */
export const truncated: CanonicalError = {
  class: 'truncated',
  message: 'The stream ended before the answer was whole.',
  code: 'upstream_truncated',
};

/** The terminator came, and nothing before it. */
export const empty: CanonicalError = {
  class: 'upstream',
  message: 'The stream ended without an answer.',
  code: 'upstream_empty',
};
