// An error to the caller in the caller's own dialect, before anything of an answer was sent.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import { pushClientRequestId } from './client-request-id.ts';
import type { Arrival } from './path/accept.ts';

/** A caller whose body was not read is given this long and this much to finish sending it. */
const lingerMs = 2_000;
const lingerBytes = 64 * 1024 * 1024;

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
  const { caller, dialect, request } = arrival;
  const { response } = caller;
  const encoded = dialect.encodeError(error, arrival.requestId);
  if (response.headersSent || caller.gone) {
    caller.cutOff();
    return encoded.status;
  }
  const head: string[] = [];
  for (const [name, value] of Object.entries(encoded.headers)) head.push(name, value);
  head.push('x-request-id', arrival.requestId, 'content-length', String(encoded.body.length));
  pushClientRequestId(head, request);
  head.push('entrepot-attempts', String(attempts));
  if (offer !== null) head.push('entrepot-offer', offer);
  // SDKs retry 429 and 5xx by themselves; ours have been tried already.
  if (attempts > 0) head.push('x-should-retry', 'false');
  if (request.complete) response.writeHead(encoded.status, head).end(encoded.body);
  else {
    if (request.httpVersionMajor === 1) head.push('connection', 'close');
    response.writeHead(encoded.status, head).write(encoded.body);
    linger(arrival);
  }
  return encoded.status;
}

/**
 * Reads on for a while before closing: a caller that is still sending would see a reset connection
 * instead of the answer.
 */
function linger(arrival: Arrival): void {
  const { request, caller } = arrival;
  const { response } = caller;
  let size = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.removeAllListeners('data');
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > lingerBytes) end();
  });
  request.on('end', end);
  request.on('close', end);
  request.resume();
}
