// Failures inside an answer: a response that failed, and the error event of a stream. openai's
// published schema has the event flat, its service nests it as the body of a failed call does.

import type { CanonicalError } from '../canonical.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { errorBody, readError } from '../openai-error.ts';
import { encodeSse } from '../sse.ts';

/** The error of a response that says it failed or was cancelled; null of any other. */
export function errorOfResponse(response: JsonObject): CanonicalError | null {
  const error = objectAt(response, 'error');
  const status = stringAt(response, 'status');
  if (status === 'completed' || status === 'incomplete') return null;
  if (status === 'cancelled') {
    return { class: 'upstream', message: 'The answer was cancelled.', code: 'cancelled' };
  }
  if (error === undefined && status !== 'failed') return null;
  return readError({ error: error ?? {} }, 200);
}

/** The error that an event of a stream is; null of any other event. */
export function errorOfEvent(event: JsonObject, name: string): CanonicalError | null {
  const type = stringAt(event, 'type') ?? name;
  const response = objectAt(event, 'response') ?? {};
  if (type === 'response.failed') return errorOfResponse({ ...response, status: 'failed' });
  if (type.startsWith('response.')) return errorOfResponse(response);
  if (isObject(event.error)) return readError(event, 200);
  if (type !== 'error') return null;
  const { type: _type, ...flat } = event;
  return readError(typeof event.error === 'string' ? event : flat, 200);
}

/**
 * openai's SDKs throw on an `error` event, flat or nested: both are written. They do not throw on
 * `response.failed`, whose half answer would pass for a whole one. Where the stream has passed
 * untouched its numbers are not known here: 0 stands for them.
 */
export function encodeStreamError(error: CanonicalError, sequenceNumber = 0): Uint8Array {
  const body = errorBody(error).error as JsonObject;
  const { message, param, code } = body;
  const event = {
    type: 'error',
    sequence_number: sequenceNumber,
    code,
    message,
    param,
    error: body,
  };
  return encodeSse('error', JSON.stringify(event));
}
