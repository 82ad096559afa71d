import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { FailureKind } from '@entrepot/engine/outcome';
import { failureKind } from '../failure-kind.ts';

/**
 * FAILED_PRECONDITION is about the account and not about the request: no billing, or a country
 * without the free tier (ai.google.dev/gemini-api/docs/troubleshooting). Another cloud may answer.
 */
export function geminiFailureKind(status: number, error: CanonicalError): FailureKind {
  if (error.code === 'FAILED_PRECONDITION') return 'auth';
  return failureKind(status, error);
}
