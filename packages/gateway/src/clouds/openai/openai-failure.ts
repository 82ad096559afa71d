import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { FailureKind } from '@entrepot/engine/outcome';
import { failureKind } from '../failure-kind.ts';

/**
 * Reasoning that another account or deployment encrypted is what this one cannot read; who made it
 * can. OpenAI and Azure answer 429 also to one request that is larger than the tokens of a minute.
 * Waiting cannot mend it and the upstream is well: it is too long for this deployment.
 */
export function openaiFailureKind(status: number, error: CanonicalError): FailureKind {
  if (status === 429 && error.message.startsWith('Request too large')) return 'context-length';
  if (error.code === 'invalid_encrypted_content') return 'unsupported';
  return failureKind(status, error);
}
