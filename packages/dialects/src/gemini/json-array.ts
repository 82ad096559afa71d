// The other form of a stream, without `alt=sse`: one JSON array whose elements are the chunks, sent
// piece by piece. Both ways between it and events, so that decoders, encoders and taps see only
// those.

import { DialectError } from '../dialect.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import { encodeSse, maxSseEventBytes, SseParser } from '../sse.ts';
import { bytesOf, joinBytes, textOf } from '../utf8.ts';

const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const separator = '\n,\r\n';
const nothing = new Uint8Array(0);

/** Bytes of an array to bytes of events; they may be split anywhere. */
export class JsonArrayToSse {
  readonly #element = new GrowingBytes();
  /** Of the element that is open; 0 between elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #opened = false;
  #closed = false;

  /**
   * The events of the elements that are whole now. An object alone, as errors may come, is one
   * element. Throws DialectError (upstream) for what is no array, and for an element larger than
   * `maxSseEventBytes`.
   */
  push(bytes: Uint8Array): Uint8Array {
    const events: Uint8Array[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#depth === 0) {
        start = at;
        this.#between(byte);
      } else if (this.#within(byte)) {
        this.#keep(bytes.subarray(start, at + 1));
        events.push(eventOf(this.#element.take()));
      }
    }
    if (this.#depth > 0) this.#keep(bytes.subarray(start));
    return joinBytes(events);
  }

  /** The array has been closed. What decides whether an answer is whole is its finish. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Between elements: what begins or ends one, or the array. */
  #between(byte: number): void {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    if (this.#closed) throw notAnArray();
    if (byte === openObject) this.#depth = 1;
    else if (byte === openArray && !this.#opened) this.#opened = true;
    else if (byte === closeArray && this.#opened) this.#closed = true;
    else if (byte !== 0x2c || !this.#opened) throw notAnArray();
  }

  /** True if the byte ends the element. */
  #within(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inString = false;
      return false;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openObject || byte === openArray) this.#depth++;
    else if (byte === closeObject || byte === closeArray) this.#depth--;
    return this.#depth === 0;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#element.length + bytes.length > maxSseEventBytes) {
      const message = `An element of the stream is larger than ${maxSseEventBytes} bytes.`;
      throw new DialectError({ class: 'upstream', message, code: 'event_too_large' });
    }
    this.#element.append(bytes);
  }
}

/** Line breaks can only stand between the values of an element: within strings they are escaped. */
function eventOf(element: Uint8Array): Uint8Array {
  return encodeSse(null, textOf(element).replace(/[\r\n]+\s*/g, ' '));
}

function notAnArray(): DialectError {
  return new DialectError({ class: 'upstream', message: 'The stream is not a JSON array.' });
}

/** Bytes of events to bytes of an array. */
export class SseToJsonArray {
  readonly #parser = new SseParser();
  #opened = false;

  /** The elements of the events that are whole now. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#write(this.#parser.push(bytes).map(event => event.data));
  }

  /**
   * After the last event, be it a finish or an error; a stream that just breaks off is not closed.
   */
  end(): Uint8Array {
    const last = this.#write(this.#parser.end().map(event => event.data));
    return joinBytes([last, bytesOf(this.#opened ? '\n]\n' : '[]\n')]);
  }

  #write(elements: readonly string[]): Uint8Array {
    if (elements.length === 0) return nothing;
    const before = this.#opened ? separator : '[';
    this.#opened = true;
    return bytesOf(before + elements.join(separator));
  }
}
