// Server-sent events by the rules of the WHATWG (html.spec.whatwg.org, section 9.2.6): a parser to
// events, a framer that cuts bytes into whole events without reading them, and the writer. All
// three look at each byte once, whatever the sizes of the pieces that come.

import { DialectError } from './dialect.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { bytesOf, textOf } from './utf8.ts';

export interface SseEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** The largest event that is held in memory; beyond it the stream is refused. */
export const maxSseEventBytes: number = 4 * 1024 * 1024;

const lf = 0x0a;
const cr = 0x0d;
const colon = 0x3a;
const space = 0x20;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Bytes to events; the bytes may be split anywhere, also within a character or a line ending. */
export class SseParser {
  /** The line that has not ended yet. */
  readonly #carry = new GrowingBytes();
  /** The last byte was CR: a LF that follows belongs to the same line ending. */
  #afterCr = false;
  #firstLine = true;
  #event = '';
  #data: string | null = null;
  #eventBytes = 0;

  /** Throws DialectError (upstream) when an event is larger than `maxSseEventBytes`. */
  push(bytes: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    const { length } = bytes;
    let start = 0;
    if (this.#afterCr && length > 0) {
      if (bytes[0] === lf) start = 1;
      this.#afterCr = false;
    }
    for (let at = start; at < length; at++) {
      const byte = bytes[at]!;
      if (byte > cr || (byte !== lf && byte !== cr)) continue;
      if (at > start || this.#carry.length > 0) this.#endLine(bytes, start, at, events);
      else {
        this.#firstLine = false;
        this.#dispatch(events);
        at = lastLineEnd(bytes, at);
      }
      if (bytes[at] === cr) {
        if (at + 1 === length) this.#afterCr = true;
        else if (bytes[at + 1] === lf) at++;
      }
      start = at + 1;
    }
    if (start < length) {
      checkSize(this.#eventBytes + this.#carry.length + length - start);
      this.#carry.append(bytes.subarray(start));
    }
    return events;
  }

  /** At the end of the bytes: the last event, if its blank line or line ending is missing. */
  end(): SseEvent[] {
    const events: SseEvent[] = [];
    if (this.#carry.length > 0) this.#endLine(new Uint8Array(0), 0, 0, events);
    this.#dispatch(events);
    return events;
  }

  #endLine(bytes: Uint8Array, start: number, end: number, events: SseEvent[]): void {
    if (this.#carry.length === 0) {
      this.#line(bytes, start, end, events);
      return;
    }
    this.#carry.append(bytes.subarray(start, end));
    const line = this.#carry.take();
    this.#line(line, 0, line.length, events);
  }

  #line(bytes: Uint8Array, lineStart: number, end: number, events: SseEvent[]): void {
    let start = lineStart;
    if (this.#firstLine) {
      this.#firstLine = false;
      if (byteOrderMark.every((byte, at) => bytes[start + at] === byte)) start += 3;
    }
    if (start >= end) {
      this.#dispatch(events);
      return;
    }
    if (bytes[start] === colon) return;
    let nameEnd = start;
    while (nameEnd < end && bytes[nameEnd] !== colon) nameEnd++;
    let valueStart = nameEnd + 1;
    if (valueStart < end && bytes[valueStart] === space) valueStart++;
    if (isName(bytes, start, nameEnd, 'data')) {
      this.#eventBytes += end - start;
      checkSize(this.#eventBytes);
      const value = valueStart < end ? textOf(bytes, valueStart, end) : '';
      this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    } else if (isName(bytes, start, nameEnd, 'event')) {
      this.#event = valueStart < end ? textOf(bytes, valueStart, end) : '';
    }
  }

  #dispatch(events: SseEvent[]): void {
    if (this.#data !== null) events.push({ event: this.#event || 'message', data: this.#data });
    else if (this.#event === '') return;
    this.#event = '';
    this.#data = null;
    this.#eventBytes = 0;
  }
}

/** Line ends that follow a blank line say nothing more, and there may be very many. */
function lastLineEnd(bytes: Uint8Array, start: number): number {
  let next = start + 1;
  while (next < bytes.length && (bytes[next] === lf || bytes[next] === cr)) next++;
  return next - 1;
}

/** The event in bytes that hold no more than one; undefined where they hold none. */
export function sseEventIn(bytes: Uint8Array): SseEvent | undefined {
  const parser = new SseParser();
  return parser.push(bytes)[0] ?? parser.end()[0];
}

function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at++) {
    if (bytes[start + at] !== name.charCodeAt(at)) return false;
  }
  return true;
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= maxSseEventBytes) return;
  const message = `An event of the stream is larger than ${maxSseEventBytes} bytes.`;
  throw new DialectError({ class: 'upstream', message, code: 'event_too_large' });
}

/** Where the whole events are in a piece of bytes. */
export interface Framed {
  /** The event that began in an earlier piece and ends in this one; null where none does. */
  readonly first: Uint8Array | null;
  /** Where the first of the events begins that lie in this piece alone, and where each ends. */
  readonly start: number;
  readonly ends: readonly number[];
}

/** The events themselves, for those who look at each: those of the piece without a copy. */
export function framesOf(bytes: Uint8Array, { first, start, ends }: Framed): Uint8Array[] {
  const frames = first === null ? [] : [first];
  let at = start;
  for (const end of ends) {
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

/**
 * Bytes to whole events, blank line included, for those who pass them on untouched. Joined, the
 * events and the rest are the bytes that came in.
 */
export class SseFramer {
  readonly #pending = new GrowingBytes();
  #lineEmpty = true;
  #afterCr = false;

  /**
   * The events that are whole now. Throws DialectError (upstream) when an event is larger than
   * `maxSseEventBytes`.
   */
  push(bytes: Uint8Array): Framed {
    const ends = this.#endsIn(bytes);
    const last = ends.at(-1) ?? 0;
    let first: Uint8Array | null = null;
    let start = 0;
    if (this.#pending.length > 0 && last > 0) {
      start = ends.shift()!;
      checkSize(this.#pending.length + start);
      this.#pending.append(bytes.subarray(0, start));
      first = this.#pending.take();
    }
    if (last < bytes.length) {
      checkSize(this.#pending.length + bytes.length - last);
      this.#pending.append(bytes.subarray(last));
    }
    return { first, start, ends };
  }

  /** At the end of the bytes: what came after the last whole event; empty when nothing did. */
  end(): Uint8Array {
    return this.#pending.take();
  }

  #endsIn(bytes: Uint8Array): number[] {
    const ends: number[] = [];
    const { length } = bytes;
    let lineEmpty = this.#lineEmpty;
    let afterCr = this.#afterCr;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at]!;
      if (byte > cr || (byte !== lf && byte !== cr)) {
        lineEmpty = false;
        afterCr = false;
        continue;
      }
      const secondHalf = byte === lf && afterCr;
      afterCr = byte === cr;
      if (secondHalf) continue;
      if (lineEmpty) {
        // They are of this event. A LF that comes in the next piece opens the next one, where it
        // does no harm.
        at = lastLineEnd(bytes, at);
        afterCr = bytes[at] === cr;
        ends.push(at + 1);
      }
      lineEmpty = true;
    }
    this.#lineEmpty = lineEmpty;
    this.#afterCr = afterCr;
    return ends;
  }
}

/** The bytes of one event; `event` null writes no `event:` line. */
export function encodeSse(event: string | null, data: string): Uint8Array {
  const lines = /[\r\n]/.test(data) ? data.split(/\r\n|\r|\n/).join('\ndata: ') : data;
  return bytesOf(`${event === null ? '' : `event: ${event}\n`}data: ${lines}\n\n`);
}
