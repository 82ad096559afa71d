// How a connection that fails is classed, where no HTTP status says it.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { Failure, FailureKind } from '@entrepot/engine/outcome';
import { gatewayError } from './errors.ts';

/** One failed attempt: what the engine must know, and what the caller would be told. */
export interface Fault {
  readonly failure: Failure;
  readonly error: CanonicalError;
  readonly status: number | null;
}

export function fault(kind: FailureKind, error: CanonicalError, status: number | null): Fault {
  return { failure: { kind, retryAfterMs: null }, error, status };
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** What an error of the connection means: from Node, undici's connector or our reader. */
export function transportFault(cause: unknown, status: number | null): Fault {
  const code = errorCode(cause);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return fault('connect-timeout', gatewayError('upstream_unreachable'), status);
  }
  if (unreachable.has(code)) return fault('refused', gatewayError('upstream_unreachable'), status);
  if (code.startsWith('ERR_TLS') || code.includes('CERT')) {
    return fault('refused', gatewayError('upstream_unreachable', `TLS: ${code}.`), status);
  }
  if (code === 'bad_http' || code === 'too_large')
    return fault('protocol', gatewayError('upstream_protocol'), status);
  const error = gatewayError(status === null ? 'upstream_unreachable' : 'upstream_truncated');
  return fault(status === null ? 'reset' : 'truncated', error, status);
}

/** Connecting to several addresses fails with one error that holds the others. */
function errorCode(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  const { code, errors } = cause as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? errorCode(errors[0]) : '';
}
