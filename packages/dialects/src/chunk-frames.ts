// Events of a model's own API in the frames of Bedrock's InvokeModelWithResponseStream: each frame
// is a `chunk` whose payload holds one event's JSON in base64. Both ways between them and
// server-sent events, so that decoders, encoders and taps see only those.
// (botocore, bedrock-runtime 2023-09-30)

import { errorOfMessage } from './bedrock-error.ts';
import { chunkFrame, eventName } from './bedrock-frames.ts';
import type { CanonicalError } from './canonical.ts';
import { DialectError } from './dialect.ts';
import { EventStreamFramer, MessageReader } from './event-stream.ts';
import { parseJsonObject, parseJsonText, stringAt } from './json.ts';
import { encodeSse, type SseEvent, SseParser } from './sse.ts';
import { joinBytes, textOf } from './utf8.ts';

const nothing = new Uint8Array(0);

/** How an event's JSON begins at Bedrock: what it is. */
const typeAtStart = /^\s*\{\s*"type"\s*:\s*"([a-z_]+)"/;

/** Bytes of frames to bytes of events; they may be split anywhere. */
export class ChunksToSse {
  readonly #framer = new EventStreamFramer();
  readonly #messages = new MessageReader();
  /** The exception that ended the stream. */
  error: CanonicalError | null = null;

  /**
   * The events of the frames that are whole now, each named by its `type`. Nothing follows an
   * exception. Throws DialectError (upstream) for a broken frame and for one that is no chunk.
   */
  push(bytes: Uint8Array): Uint8Array {
    if (this.error !== null) return nothing;
    const events: Uint8Array[] = [];
    for (const frame of this.#framer.push(bytes)) {
      const message = this.#messages.read(frame);
      const name = eventName(message);
      if (name === null) {
        this.error = errorOfMessage(message);
        break;
      }
      // Kinds of events that are not known yet say nothing of the answer.
      if (name === 'chunk') events.push(eventOf(message.payload));
    }
    return events.length === 0 ? nothing : joinBytes(events);
  }
}

/** The event in the payload of a chunk. Throws DialectError (upstream) for one without. */
export function chunkText(payload: Uint8Array): string {
  const encoded = stringAt(parseJsonObject(payload, 'upstream'), 'bytes');
  if (encoded === undefined) {
    const message = 'A chunk of the stream has no bytes.';
    throw new DialectError({ class: 'upstream', message });
  }
  return textOf(Buffer.from(encoded, 'base64'));
}

function eventOf(payload: Uint8Array): Uint8Array {
  const text = chunkText(payload);
  // Line breaks can only stand between values: within strings they are escaped.
  const line = /[\r\n]/.test(text) ? text.replace(/[\r\n]+\s*/g, ' ') : text;
  return encodeSse(typeAtStart.exec(line)?.[1] ?? typeInside(line), line);
}

function typeInside(text: string): string | null {
  const event = parseJsonText(text, 'upstream');
  const type = (event as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' ? type : null;
}

/** Bytes of events to bytes of frames. An event without data is no event of a model's. */
export class SseToChunks {
  readonly #parser = new SseParser();

  push(bytes: Uint8Array): Uint8Array {
    return framed(this.#parser.push(bytes));
  }

  end(): Uint8Array {
    return framed(this.#parser.end());
  }
}

function framed(events: readonly SseEvent[]): Uint8Array {
  const told = events.filter(({ data }) => data !== '');
  return told.length === 0 ? nothing : joinBytes(told.map(({ data }) => chunkFrame(data)));
}
