import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { FailureKind } from '@entrepot/engine/outcome';
import { failureKind } from '../failure-kind.ts';

/**
 * OpenAI and Azure answer 429 also to one request that is larger than the tokens of a minute.
 * Waiting cannot mend it and the upstream is well: it is too long for this deployment.
 */
export function openaiFailureKind(status: number, error: CanonicalError): FailureKind {
  if (status === 429 && error.message.startsWith('Request too large')) return 'context-length';
  return failureKind(status, error);
}
