// Frames of AWS event streams, found in bytes that come in pieces, and written. Each frame carries
// two checksums and both are checked; each byte is copied at most a bounded number of times.
// (docs.aws.amazon.com, "Event stream encoding"; awslabs/aws-c-event-stream)

import { crc32 } from 'node:zlib';
import { DialectError } from './dialect.ts';
import { type HeaderValue, readHeaders, writeHeaders } from './event-stream-headers.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** The largest frame that is held in memory; the format itself allows 24 MB. */
export const maxFrameBytes: number = 16 * 1024 * 1024;
/** The format's own limit. */
export const maxHeadersBytes: number = 128 * 1024;

/** Length of the frame, length of the headers, checksum of the two. */
const preludeBytes = 12;
const checksumBytes = 4;
const smallestFrameBytes: number = preludeBytes + checksumBytes;

export interface EventStreamMessage {
  readonly headers: ReadonlyMap<string, HeaderValue>;
  readonly payload: Uint8Array;
}

/** Bytes to whole frames; the bytes may be split anywhere. */
export class EventStreamFramer {
  readonly #prelude = new GrowingBytes();
  readonly #frame = new GrowingBytes();
  /** Length of the frame in `#frame`; 0 while its prelude is not whole. */
  #frameBytes = 0;
  #broken: DialectError | null = null;

  /**
   * The frames that are whole now, their checksums proved: subarrays of `bytes` where the frame
   * came in one piece. Throws DialectError (upstream) at the first byte that cannot be right, and
   * again at each later call: what follows a broken frame cannot be told apart.
   */
  *push(bytes: Uint8Array): Generator<Uint8Array, void, void> {
    if (this.#broken !== null) throw this.#broken;
    try {
      let at = 0;
      while (at < bytes.length) {
        const whole = this.#wholeAt(bytes, at);
        const frame = whole ?? this.#gather(bytes, at);
        at += whole === null ? this.#gathered : whole.length;
        if (frame === null) continue;
        checkFrame(frame);
        yield frame;
      }
    } catch (cause) {
      if (cause instanceof DialectError) this.#broken = cause;
      throw cause;
    }
  }

  /** A frame has begun that is not whole: at the end of the bytes, it was cut off. */
  get isInside(): boolean {
    return this.#prelude.length > 0 || this.#frameBytes > 0;
  }

  /** The frame that begins at this place and ends in the same piece. */
  #wholeAt(bytes: Uint8Array, at: number): Uint8Array | null {
    if (this.isInside || bytes.length - at < preludeBytes) return null;
    const end = at + readPrelude(bytes, at).frameBytes;
    return end <= bytes.length ? bytes.subarray(at, end) : null;
  }

  /** How many bytes the last call of `#gather` took. */
  #gathered = 0;

  /** Takes bytes up to the end of the prelude, or of the frame; the frame if it is whole then. */
  #gather(bytes: Uint8Array, at: number): Uint8Array | null {
    const inPrelude = this.#frameBytes === 0;
    const wanted = inPrelude
      ? preludeBytes - this.#prelude.length
      : this.#frameBytes - this.#frame.length;
    const part = bytes.subarray(at, at + wanted);
    this.#gathered = part.length;
    (inPrelude ? this.#prelude : this.#frame).append(part);
    if (part.length < wanted) return null;
    if (inPrelude) {
      const prelude = this.#prelude.take();
      this.#frameBytes = readPrelude(prelude, 0).frameBytes;
      this.#frame.append(prelude);
      return null;
    }
    this.#frameBytes = 0;
    return this.#frame.take();
  }
}

/**
 * Reads the frames that came from a framer. Those of an answer have the same headers again and
 * again: headers are read anew only where their bytes differ from those of the frame before.
 */
export class MessageReader {
  #head: Uint8Array = new Uint8Array(0);
  #headers: EventStreamMessage['headers'] = new Map();

  /** Headers and payload. Throws DialectError (upstream). */
  read(frame: Uint8Array): EventStreamMessage {
    const payloadStart = preludeBytes + uint32(frame, 4);
    if (!this.#isSameHead(frame, payloadStart)) {
      const head = frame.slice(preludeBytes, payloadStart);
      this.#headers = readHeaders(head);
      this.#head = head;
    }
    const payload = frame.subarray(payloadStart, frame.length - checksumBytes);
    return { headers: this.#headers, payload };
  }

  #isSameHead(frame: Uint8Array, payloadStart: number): boolean {
    const { length } = this.#head;
    if (payloadStart - preludeBytes !== length) return false;
    for (let at = 0; at < length; at++) {
      if (frame[preludeBytes + at] !== this.#head[at]) return false;
    }
    return true;
  }
}

/** The frame of a message whose headers are all strings. Throws RangeError for one too long. */
export function writeMessage(
  headers: Readonly<Record<string, string>>,
  payload: Uint8Array,
): Uint8Array {
  return writeFrame(writeHeaders(headers), payload);
}

/** The frame of a message whose headers have been written, as those are that do not change. */
export function writeFrame(head: Uint8Array, payload: Uint8Array): Uint8Array {
  const frameBytes = smallestFrameBytes + head.length + payload.length;
  const frame = Buffer.allocUnsafe(frameBytes);
  frame.writeUInt32BE(frameBytes, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(head, preludeBytes);
  frame.set(payload, preludeBytes + head.length);
  const end = frameBytes - checksumBytes;
  frame.writeUInt32BE(crc32(frame.subarray(0, end)), end);
  return frame;
}

function readPrelude(
  bytes: Uint8Array,
  at: number,
): { readonly frameBytes: number; readonly headersBytes: number } {
  if (crc32(bytes.subarray(at, at + 8)) !== uint32(bytes, at + 8)) {
    throw broken('the checksum of its beginning is wrong');
  }
  const frameBytes = uint32(bytes, at);
  const headersBytes = uint32(bytes, at + 4);
  if (frameBytes > maxFrameBytes) throw broken(`it is larger than ${maxFrameBytes} bytes`);
  if (headersBytes > maxHeadersBytes) throw broken('its headers are too large');
  if (frameBytes < smallestFrameBytes + headersBytes) throw broken('its lengths do not agree');
  return { frameBytes, headersBytes };
}

function checkFrame(frame: Uint8Array): void {
  const end = frame.length - checksumBytes;
  if (crc32(frame.subarray(0, end)) !== uint32(frame, end)) throw broken('its checksum is wrong');
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}

function broken(why: string): DialectError {
  const message = `A frame of the event stream is broken: ${why}.`;
  return new DialectError({ class: 'upstream', message, code: 'broken_frame' });
}
