// The caller's own id of a request, `x-client-request-id` as openai has it: given back, so that the
// caller can match what it sent. It is not the request's id here: two callers may choose the same.

import type { HeaderMap } from '@entrepot/dialects/dialect';

/** openai takes ASCII of up to 512 characters. (its API reference, "Debugging requests") */
const plain = /^[\x21-\x7e]{1,512}$/;

/** Adds it to a flat list of names and values; what is not plain is left out. */
export function pushClientRequestId(head: string[], headers: HeaderMap): void {
  const id = headers['x-client-request-id'];
  if (id !== undefined && plain.test(id)) head.push('x-client-request-id', id);
}
