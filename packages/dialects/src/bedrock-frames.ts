// The frames of a stream of Bedrock: events by name, and exceptions that end it.

import { DialectError } from './dialect.ts';
import { type EventStreamMessage, writeFrame, writeMessage } from './event-stream.ts';
import { writeHeaders } from './event-stream-headers.ts';
import type { JsonObject } from './json.ts';
import { bytesOf } from './utf8.ts';

export function eventFrame(name: string, payload: JsonObject): Uint8Array {
  return writeFrame(eventHead(name), bytesOf(JSON.stringify(payload)));
}

const chunkHead = eventHead('chunk');

/** An event of a model's own API, in base64. */
export function chunkFrame(json: string): Uint8Array {
  const base64 = Buffer.from(json, 'utf8').toString('base64');
  return writeFrame(chunkHead, bytesOf(`{"bytes":"${base64}"}`));
}

function eventHead(name: string): Uint8Array {
  const type = { ':event-type': name, ':content-type': 'application/json' };
  return writeHeaders({ ...type, ':message-type': 'event' });
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
