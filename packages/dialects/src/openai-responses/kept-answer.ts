// What an answer says of being kept, written over what the upstream said of it: its id, the answer
// that it continues and whether it is kept are the gateway's to tell. Events without a response
// object pass untouched; the terminal one is held back until it is known whether it was kept.

import { DialectError } from '../dialect.ts';
import { type JsonObject, objectAt, parseJsonObject, stringAt } from '../json.ts';
import { encodeSse, framesOf, SseFramer, sseEventIn } from '../sse.ts';
import { joinBytes, textOf } from '../utf8.ts';
import { eventOf } from './stream-decode.ts';

export interface AnswerMark {
  /** null leaves the upstream's own. */
  readonly id: string | null;
  readonly previous: string | null;
  readonly store: boolean;
}

export function markAnswer(response: JsonObject, { id, previous, store }: AnswerMark): JsonObject {
  return { ...response, ...(id === null ? {} : { id }), previous_response_id: previous, store };
}

/** The response object of a whole answer. Throws DialectError (upstream). */
export function readAnswer(bytes: Uint8Array): JsonObject {
  return parseJsonObject(bytes, 'upstream');
}

const responseKey = '"response"';

/** Marks the events of a stream; takes any cut of bytes and gives whole events. */
export class StreamMarker {
  readonly #framer = new SseFramer();
  readonly #mark: AnswerMark;
  #last: { readonly type: string; readonly event: JsonObject } | null = null;
  /** What follows the terminal event, such as `[DONE]`. */
  readonly #after: Uint8Array[] = [];

  constructor(mark: AnswerMark) {
    this.#mark = mark;
  }

  push(bytes: Uint8Array): Uint8Array {
    const framed = this.#framer.push(bytes);
    const { first, start, ends } = framed;
    const end = ends.at(-1);
    // Most pieces are of events without a response object: they go on as they are, at once.
    if (end === undefined || saysResponse(bytes, start, end)) {
      return joinBytes(framesOf(bytes, framed).flatMap(frame => this.#read(frame)));
    }
    const before = first === null ? [] : this.#read(first);
    return joinBytes([...before, ...this.#passed(bytes.subarray(start, end))]);
  }

  /** At the end of the bytes: the response object of the terminal event, marked. */
  end(): JsonObject | null {
    const rest = this.#framer.end();
    if (rest.length > 0) this.#after.push(...this.#read(rest));
    return objectAt(this.#last?.event, 'response') ?? null;
  }

  /** The terminal event and all behind it, telling what has become of the answer. */
  last(isKept: boolean): Uint8Array {
    if (this.#last === null) return joinBytes(this.#after);
    const { type, event } = this.#last;
    const response = { ...objectAt(event, 'response'), store: isKept };
    const terminal = encodeSse(type, JSON.stringify({ ...event, response }));
    return joinBytes([terminal, ...this.#after]);
  }

  #read(frame: Uint8Array): Uint8Array[] {
    const event = this.#eventIn(frame);
    const response = objectAt(event, 'response');
    if (event === undefined || response === undefined) return this.#passed(frame);
    const type = stringAt(event, 'type') ?? 'message';
    const marked = { ...event, response: markAnswer(response, this.#mark) };
    if (type !== 'response.completed' && type !== 'response.incomplete') {
      return [encodeSse(type, JSON.stringify(marked))];
    }
    this.#last = { type, event: marked };
    return [];
  }

  #passed(bytes: Uint8Array): Uint8Array[] {
    if (this.#last === null) return [bytes];
    this.#after.push(bytes);
    return [];
  }

  #eventIn(frame: Uint8Array): JsonObject | undefined {
    if (!saysResponse(frame, 0, frame.length)) return undefined;
    const sse = sseEventIn(frame);
    if (sse === undefined || sse.data === '[DONE]') return undefined;
    try {
      return { type: sse.event, ...eventOf(sse) };
    } catch (cause) {
      // What is no event is for those to judge who read the whole stream.
      if (cause instanceof DialectError) return undefined;
      throw cause;
    }
  }
}

/** Quotes within strings are escaped: only a key (or a plain word) can match. */
function saysResponse(bytes: Uint8Array, start: number, end: number): boolean {
  return textOf(bytes, start, end).includes(responseKey);
}
