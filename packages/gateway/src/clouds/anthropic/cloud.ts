// Anthropic's own API. The caller's `anthropic-beta` is already among the headers of the call: this
// API is the one that knows every beta, so that none is held back here.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { FailureKind } from '@entrepot/engine/outcome';
import type { Address, Cloud } from '../cloud.ts';
import { failureKind } from '../failure-kind.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsKey, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';

const version: readonly string[] = ['anthropic-version', '2023-06-01'];

const headers = new PerTarget(target => [...version, ...credentialHeader(target, 'x-api-key')]);

const paths: ReadonlyMap<DialectName, string> = new Map([
  ['anthropic-messages', '/v1/messages'],
  ['anthropic-count-tokens', '/v1/messages/count_tokens'],
]);

const addresses = new PerTarget((target): ReadonlyMap<DialectName, Address> => {
  assertCallable(anthropic, target);
  const origin = new URL(target.endpoint ?? 'https://api.anthropic.com').origin;
  return new Map([...paths].map(([dialect, path]) => [dialect, { origin, path }]));
});

/** An empty account is told as 402, or as a 400 that only its text tells from a bad request. */
function kindOf(status: number, error: CanonicalError): FailureKind {
  if (status === 400 && error.message.startsWith('Your credit balance is too low')) return 'quota';
  return failureKind(status, error);
}

export const anthropic: Cloud = {
  name: 'anthropic',
  dialects: [...paths.keys()],
  requestIdHeader: 'request-id',
  problems: target => [
    ...urlProblems(target),
    ...needsKey(target),
    ...unusedProblems(target, ['apiVersion', 'project', 'region']),
  ],
  address: (target, dialect) => addresses.of(target).get(dialect)!,
  authorize: (call, target) => withHeaders(call, headers.of(target)),
  classify: (status, answerHeaders, error, nowMs) => ({
    kind: kindOf(status, error),
    retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
  }),
};
