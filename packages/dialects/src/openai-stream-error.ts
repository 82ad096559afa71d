// Failures inside an answer in chunks: in one of them or in a whole answer of status 200, and the
// event that ends a stream. The body itself is the same in all dialects of openai.

import type { CanonicalError } from './canonical.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from './json.ts';
import { errorBody, readError } from './openai-error.ts';
import { encodeSse } from './sse.ts';

/**
 * The error that a chunk or a whole answer of status 200 carries; null if it carries none. To
 * finish with `error` is how OpenRouter and Mistral tell that a host failed midway.
 */
export function errorInside(value: JsonObject): CanonicalError | null {
  if (isSaid(value.error)) return readError(value, 200);
  // Groq says in its own corner why a stream broke.
  const groq = objectAt(value, 'x_groq');
  if (groq !== undefined && isSaid(groq.error)) return readError(groq, 200);
  for (const choice of arrayAt(value, 'choices')) {
    if (!isObject(choice)) continue;
    if (isSaid(choice.error) || choice.finish_reason === 'error') return readError(choice, 200);
  }
  return null;
}

function isSaid(error: unknown): boolean {
  return isObject(error) || (typeof error === 'string' && error !== '');
}

/** openai's SDKs throw on a chunk with `error`. No `[DONE]` follows. */
export function encodeStreamError(error: CanonicalError): Uint8Array {
  return encodeSse(null, JSON.stringify(errorBody(error)));
}
