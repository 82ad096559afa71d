// Answers of one connection, read out of its bytes as they come, cut anywhere. Pieces of a body are
// passed on where they lie: nothing is copied but a head that comes in parts.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { readHead } from './answer-head.ts';
import { HttpError } from './http-error.ts';

export interface AnswerParts {
  head(status: number, headers: HeaderMap): void;
  /** A piece of the body, never empty. */
  body(bytes: Buffer): void;
  /** The answer is whole. `keepsAlive`: another may follow on the connection. */
  end(keepsAlive: boolean): void;
}

const headLimitBytes = 32 * 1024;
const lineLimitBytes = 4 * 1024;
/** Of a chunk's length in hexadecimal: more than a body can be long. */
const lengthDigits = 12;

type State = 'head' | 'body' | 'until-close' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailer';

export class AnswerReader {
  readonly #parts: AnswerParts;
  #state: State = 'head';
  /** Of a head or a line that is not whole yet. */
  #begun: Buffer | null = null;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left = 0;
  #keepsAlive = true;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Throws HttpError `bad_http`; nothing more can be read then. */
  push(bytes: Buffer): void {
    let rest: Buffer | null = bytes;
    while (rest !== null && rest.length > 0) rest = this.#step(rest);
  }

  /** The connection has ended. Throws HttpError `cut_off` inside an answer or before one. */
  endOfBytes(): void {
    if (this.#state !== 'until-close') throw new HttpError('cut_off', 'its answer is not whole');
    this.#whole(null);
  }

  /** Reads what it can of one part; gives what lies behind it. */
  #step(bytes: Buffer): Buffer | null {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes);
      case 'body':
      case 'chunk':
        return this.#piece(bytes);
      case 'until-close':
        this.#parts.body(bytes);
        return null;
      default:
        return this.#line(bytes);
    }
  }

  #head(bytes: Buffer): Buffer | null {
    const all = this.#begun === null ? bytes : Buffer.concat([this.#begun, bytes]);
    if (all[0] !== 0x48 /* H */) throw new HttpError('bad_http', 'it does not speak HTTP');
    const end = all.indexOf('\r\n\r\n', 0, 'latin1');
    if (end > headLimitBytes || (end === -1 && all.length > headLimitBytes)) {
      throw new HttpError('bad_http', `its head is over ${headLimitBytes} bytes`);
    }
    this.#begun = end === -1 ? all : null;
    if (end === -1) return null;
    const { status, headers, bodyEnd, keepsAlive } = readHead(all.toString('latin1', 0, end));
    const rest = all.subarray(end + 4);
    if (status === 101) throw new HttpError('bad_http', 'it speaks another protocol');
    // Said before the answer, as 103 is.
    if (status < 200) return rest;
    this.#keepsAlive = keepsAlive;
    this.#parts.head(status, headers);
    if (bodyEnd === 0) return this.#whole(rest);
    if (bodyEnd === 'chunked') this.#state = 'chunk-line';
    else if (bodyEnd === 'until-close') this.#state = 'until-close';
    else {
      this.#state = 'body';
      this.#left = bodyEnd;
    }
    return rest;
  }

  #piece(bytes: Buffer): Buffer | null {
    const isAll = bytes.length <= this.#left;
    const piece = isAll ? bytes : bytes.subarray(0, this.#left);
    const rest = isAll ? null : bytes.subarray(piece.length);
    this.#left -= piece.length;
    this.#parts.body(piece);
    if (this.#left > 0) return null;
    if (this.#state === 'body') return this.#whole(rest);
    this.#state = 'chunk-end';
    return rest;
  }

  /** The length of a chunk, the end of one, or a line of the trailer. */
  #line(bytes: Buffer): Buffer | null {
    const all = this.#begun === null ? bytes : Buffer.concat([this.#begun, bytes]);
    const end = all.indexOf('\r\n', 0, 'latin1');
    if (end > lineLimitBytes || (end === -1 && all.length > lineLimitBytes)) {
      throw new HttpError('bad_http', `a line is over ${lineLimitBytes} bytes`);
    }
    this.#begun = end === -1 ? all : null;
    if (end === -1) return null;
    const rest = all.subarray(end + 2);
    if (this.#state === 'trailer') return end === 0 ? this.#whole(rest) : rest;
    if (this.#state === 'chunk-end') this.#chunkEnds(end);
    else this.#chunkBegins(all, end);
    return rest;
  }

  #chunkBegins(line: Buffer, end: number): void {
    let length = 0;
    let at = 0;
    for (; at < end; at++) {
      const digit = hexadecimal(line[at]!);
      if (digit === -1) break;
      length = length * 16 + digit;
    }
    // What follows is an extension, which is nothing to us.
    const isPlain = at === end || line[at] === 0x3b || line[at] === 0x20 || line[at] === 0x09;
    if (at === 0 || at > lengthDigits || !isPlain) {
      throw new HttpError('bad_http', 'the length of a chunk is no length');
    }
    this.#left = length;
    this.#state = length === 0 ? 'trailer' : 'chunk';
  }

  #chunkEnds(length: number): void {
    if (length > 0) throw new HttpError('bad_http', 'a chunk is longer than it said');
    this.#state = 'chunk-line';
  }

  /** What follows an answer that nobody has asked for is not read. */
  #whole(rest: Buffer | null): null {
    const isLast = rest === null || rest.length === 0;
    this.#state = 'head';
    this.#parts.end(this.#keepsAlive && isLast);
    return null;
  }
}

/** -1 for what is no digit. */
function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
