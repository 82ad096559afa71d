// The exceptions of Bedrock's runtime, by name. (botocore, bedrock-runtime 2023-09-30)

import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { HeaderMap } from '@entrepot/dialects/dialect';
import type { FailureKind } from '@entrepot/engine/outcome';
import { failureKind } from '../failure-kind.ts';

const byException: ReadonlyMap<string, FailureKind> = new Map([
  ['AccessDeniedException', 'auth'],
  ['ExpiredTokenException', 'auth'],
  ['IncompleteSignatureException', 'auth'],
  ['InvalidClientTokenId', 'auth'],
  ['InvalidSignatureException', 'auth'],
  ['MissingAuthenticationTokenException', 'auth'],
  ['UnrecognizedClientException', 'auth'],
  ['ThrottlingException', 'rate-limit'],
  ['ModelNotReadyException', 'rate-limit'],
  ['ServiceQuotaExceededException', 'quota'],
  ['ServiceUnavailableException', 'overloaded'],
  ['ConflictException', 'server-error'],
  ['InternalServerException', 'server-error'],
  ['ModelErrorException', 'server-error'],
  ['ModelStreamErrorException', 'server-error'],
  ['ModelTimeoutException', 'server-error'],
  ['ResourceNotFoundException', 'not-found'],
]);

export function bedrockFailureKind(
  status: number,
  headers: HeaderMap,
  error: CanonicalError,
): FailureKind {
  const header: unknown = headers['x-amzn-errortype'];
  // A header that comes twice is a list, and names nothing.
  const name = exceptionName(typeof header === 'string' ? header : (error.code ?? ''));
  // A day's tokens are used up: no back-off of seconds will help.
  if (name === 'ThrottlingException' && /\bper day\b/i.test(error.message)) return 'quota';
  // The account must call this model through an inference profile: it is not here under this name.
  if (status === 400 && /on-demand throughput isn.t supported/i.test(error.message)) {
    return 'not-found';
  }
  return byException.get(name) ?? failureKind(status, error);
}

/**
 * `ThrottlingException:http://internal...` and `com.amazonaws#ThrottlingException` name the same;
 * inside a stream it is `throttlingException`.
 */
function exceptionName(text: string): string {
  const name = text.split(':', 1)[0]!.split('#').at(-1)!;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
