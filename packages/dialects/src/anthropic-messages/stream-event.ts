// One event of a stream, as far as all its readers agree about it: what it is and what is none.

import { DialectError } from '../dialect.ts';
import { isObject, type JsonObject, parseJsonText } from '../json.ts';
import type { SseEvent } from '../sse.ts';

/**
 * The data of an event, with its type; null for the terminator of another dialect, which gateways
 * add to every stream. Throws DialectError (upstream).
 */
export function eventOf({ event, data }: SseEvent): (JsonObject & { type: string }) | null {
  if (data === '[DONE]') return null;
  const value = parseJsonText(data, 'upstream');
  if (!isObject(value)) throw notAnEvent();
  if (event === 'error') return { ...value, type: 'error' };
  if (typeof value.type === 'string') return { ...value, type: value.type };
  if (isObject(value.error)) return { ...value, type: 'error' };
  throw notAnEvent();
}

/** The SDK breaks on it too. */
export function secondAnswer(): DialectError {
  const message = 'A second answer begins in the middle of the first.';
  return new DialectError({ class: 'upstream', message });
}

function notAnEvent(): DialectError {
  const message = 'An event of the stream is not a JSON object with a type.';
  return new DialectError({ class: 'upstream', message });
}
