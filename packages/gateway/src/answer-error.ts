// An error to the caller in the caller's own dialect, before anything of an answer was sent.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import { pushClientRequestId } from './client-request-id.ts';
import type { Arrival } from './path/accept.ts';

/**
 * How far a request came before it failed: how many deployments were called, the last one's offer.
 */
export interface Tried {
  readonly attempts: number;
  readonly offer: string | null;
}

/** Writes the error and gives its status. Does nothing to an answer that has begun. */
export function answerError(
  arrival: Arrival,
  error: CanonicalError,
  { attempts, offer }: Tried,
): number {
  const { inbound, dialect } = arrival;
  const encoded = dialect.encodeError(error, arrival.requestId);
  if (inbound.headSent || inbound.gone) {
    inbound.cutOff();
    return encoded.status;
  }
  const head: string[] = [];
  for (const [name, value] of Object.entries(encoded.headers)) head.push(name, value);
  head.push('x-request-id', arrival.requestId);
  pushClientRequestId(head, inbound.headers);
  head.push('entrepot-attempts', String(attempts));
  if (offer !== null) head.push('entrepot-offer', offer);
  // SDKs retry 429 and 5xx by themselves; ours have been tried already.
  if (attempts > 0) head.push('x-should-retry', 'false');
  inbound.send(encoded.status, head, encoded.body);
  return encoded.status;
}
