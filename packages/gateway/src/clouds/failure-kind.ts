// What an upstream's error means for the next decision, as far as all clouds agree on it. What only
// one cloud says (Bedrock's exception names) is read in that cloud's folder.

import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import type { FailureKind } from '@entrepot/engine/outcome';

/** Read from the upstream's own code: tells more than any status, and is believed over it. */
const precise: Partial<Record<ErrorClass, FailureKind>> = {
  context_length: 'context-length',
  content_filter: 'content-filter',
  quota: 'quota',
  auth: 'auth',
  permission: 'auth',
  not_found: 'not-found',
  wrong_method: 'not-found',
};

/** For an error inside a stream that began with 200, where the class is all there is. */
const byClass: Readonly<Record<ErrorClass, FailureKind>> = {
  invalid_request: 'invalid-request',
  context_length: 'context-length',
  content_filter: 'content-filter',
  unsupported: 'invalid-request',
  auth: 'auth',
  permission: 'auth',
  not_found: 'not-found',
  wrong_method: 'not-found',
  quota: 'quota',
  rate_limit: 'rate-limit',
  overloaded: 'overloaded',
  timeout: 'server-error',
  upstream: 'server-error',
  truncated: 'truncated',
  too_large: 'invalid-request',
  unavailable: 'overloaded',
  budget: 'quota',
};

/**
 * 408, 409 and 425 ask to be tried again, as the official SDKs do; 424 is a model that failed
 * behind Bedrock; 499 is a call that the upstream itself cancelled.
 */
const byStatus: ReadonlyMap<number, FailureKind> = new Map([
  [401, 'auth'],
  [402, 'quota'],
  [403, 'auth'],
  [404, 'not-found'],
  [407, 'auth'],
  [408, 'server-error'],
  [409, 'server-error'],
  [410, 'not-found'],
  [424, 'server-error'],
  [425, 'server-error'],
  [429, 'rate-limit'],
  [499, 'server-error'],
  [503, 'overloaded'],
  [529, 'overloaded'],
]);

/** Text is never searched for "429" or "rate limit": bodies echo what callers wrote. */
export function failureKind(status: number, error: CanonicalError): FailureKind {
  const known = precise[error.class];
  if (known !== undefined) return known;
  if (status >= 200 && status < 300) return byClass[error.class];
  const kind = byStatus.get(status);
  if (kind !== undefined) return kind;
  if (status >= 500) return 'server-error';
  // Redirects are never followed: they would carry the credential to another host.
  return status >= 400 ? 'invalid-request' : 'protocol';
}
