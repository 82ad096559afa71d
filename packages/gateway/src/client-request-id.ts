// The caller's own id of a request, `x-client-request-id` as openai has it: given back, so that the
// caller can match what it sent. It is not the request's id here: two callers may choose the same.

import type { IncomingMessage } from 'node:http';

/** openai takes ASCII of up to 512 characters. (its API reference, "Debugging requests") */
const plain = /^[\x21-\x7e]{1,512}$/;

/** Adds it to a flat list of names and values; what is not plain is left out. */
export function pushClientRequestId(head: string[], request: IncomingMessage): void {
  const id = request.headers['x-client-request-id'];
  if (typeof id === 'string' && plain.test(id)) head.push('x-client-request-id', id);
}
