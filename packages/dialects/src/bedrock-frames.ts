// The frames of a stream of Bedrock: events by name, and exceptions that end it.

import { DialectError } from './dialect.ts';
import { type EventStreamMessage, writeMessage } from './event-stream.ts';
import type { JsonObject } from './json.ts';
import { bytesOf } from './utf8.ts';

export function eventFrame(name: string, payload: JsonObject): Uint8Array {
  const type = { ':event-type': name, ':content-type': 'application/json' };
  return writeMessage({ ...type, ':message-type': 'event' }, bytesOf(JSON.stringify(payload)));
}

export function exceptionFrame(name: string, message: string): Uint8Array {
  const type = { ':exception-type': name, ':content-type': 'application/json' };
  const payload = bytesOf(JSON.stringify({ message }));
  return writeMessage({ ...type, ':message-type': 'exception' }, payload);
}

/** The name of an event; null for an exception or an error. Throws DialectError (upstream). */
export function eventName({ headers }: EventStreamMessage): string | null {
  const type = headers.get(':message-type');
  if (type === 'exception' || type === 'error') return null;
  const name = headers.get(':event-type');
  if (type === 'event' && typeof name === 'string') return name;
  const message = 'A frame of the stream does not say what it is.';
  throw new DialectError({ class: 'upstream', message });
}
