// Messages of one connection, read out of its bytes as they come, cut anywhere: a head, then a body
// of a known length, in chunks, or up to the end. Pieces of a body are passed on where they lie:
// nothing is copied but a head that comes in parts.

import { type BodyEnd, saidEnd } from './body-end.ts';
import { type HeaderLimits, readHeaderLines } from './header-lines.ts';
import { HttpError } from './http-error.ts';

/** How a message begins: an answer or a request. */
export interface HeadForm<Head extends { readonly bodyEnd: BodyEnd }> {
  readonly limitBytes: number;
  /** Throws HttpError for a first byte that no such head has. */
  begins(byte: number): void;
  /** The head of `text`; null for one that is only said before the message. Throws HttpError. */
  read(text: string): Head | null;
}

export interface MessageParts<Head> {
  head(head: Head): void;
  /** A piece of the body, never empty. */
  body(bytes: Buffer): void;
  /** The message is whole. `rest`: what came behind it, null for nothing. */
  end(rest: Buffer | null): void;
}

const lineLimitBytes = 4 * 1024;
/** Of all lines behind the last chunk. */
const trailerLimitBytes = 16 * 1024;
const trailerLimits: HeaderLimits = { lines: 1, once: new Set() };
/** Of a chunk's length in hexadecimal: more than a body can be long. */
const lengthDigits = 12;
/** Behind a chunk's length; nothing to us, and to be nothing else to anyone: RFC 9112, 7.1.1. */
const token = "[!#$%&'*+\\-.^_`|~\\w]+";
const quoted = '"[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*"';
const extensions = new RegExp(`^(?:;${token}(?:=(?:${token}|${quoted}))?)+$`);

type State = 'head' | 'body' | 'until-close' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailer';

export class MessageReader<Head extends { readonly bodyEnd: BodyEnd }> {
  readonly #form: HeadForm<Head>;
  readonly #parts: MessageParts<Head>;
  #state: State = 'head';
  /** Of a head or a line that is not whole yet. */
  #begun: Buffer | null = null;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left = 0;
  #trailerBytes = 0;

  constructor(form: HeadForm<Head>, parts: MessageParts<Head>) {
    this.#form = form;
    this.#parts = parts;
  }

  /** Nothing of a message has come since the last one. */
  get isBetween(): boolean {
    return this.#state === 'head' && this.#begun === null;
  }

  /**
   * Reads up to the end of one message; what lies behind it is told with its end. Throws HttpError;
   * nothing more can be read then.
   */
  push(bytes: Buffer): void {
    let rest: Buffer | null = bytes;
    while (rest !== null && rest.length > 0) rest = this.#step(rest);
  }

  /** The connection has ended. Throws HttpError `cut_off` inside a message or before one. */
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
    const { limitBytes } = this.#form;
    const all = this.#begun === null ? bytes : Buffer.concat([this.#begun, bytes]);
    if (this.#begun === null) this.#form.begins(all[0]!);
    const end = all.indexOf('\r\n\r\n', 0, 'latin1');
    if (end > limitBytes || (end === -1 && all.length > limitBytes)) {
      throw new HttpError('too_large', `its head is over ${limitBytes} bytes`);
    }
    this.#begun = end === -1 ? all : null;
    if (end === -1) return null;
    const head = this.#form.read(all.toString('latin1', 0, end));
    const rest = all.subarray(end + 4);
    if (head === null) return rest;
    const { bodyEnd } = head;
    if (bodyEnd === 'chunked') this.#state = 'chunk-line';
    else if (bodyEnd === 'until-close') this.#state = 'until-close';
    else if (bodyEnd > 0) {
      this.#state = 'body';
      this.#left = bodyEnd;
    }
    this.#parts.head(head);
    return bodyEnd === 0 ? this.#whole(rest) : rest;
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
    if (this.#state === 'chunk-end' && !isLineEnd(all)) {
      throw new HttpError('bad_http', 'a chunk is longer than it said');
    }
    const end = all.indexOf('\r\n', 0, 'latin1');
    if (end > lineLimitBytes || (end === -1 && all.length > lineLimitBytes)) {
      throw new HttpError('bad_http', `a line is over ${lineLimitBytes} bytes`);
    }
    this.#begun = end === -1 ? all : null;
    if (end === -1) return null;
    const rest = all.subarray(end + 2);
    if (this.#state === 'trailer') {
      if (end === 0) return this.#whole(rest);
      this.#trailer(all.toString('latin1', 0, end));
      return rest;
    }
    if (this.#state === 'chunk-end') this.#state = 'chunk-line';
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
    const isPlain = at === end || extensions.test(line.toString('latin1', at, end));
    if (at === 0 || at > lengthDigits || !isPlain) {
      throw new HttpError('bad_http', 'the length of a chunk is no length');
    }
    this.#left = length;
    this.#trailerBytes = 0;
    this.#state = length === 0 ? 'trailer' : 'chunk';
  }

  /** Read to be refused where it is none; what it says is nothing to us. */
  #trailer(line: string): void {
    this.#trailerBytes += line.length;
    if (this.#trailerBytes > trailerLimitBytes) {
      throw new HttpError('bad_http', `its trailer is over ${trailerLimitBytes} bytes`);
    }
    const said = saidEnd(readHeaderLines(`\r\n${line}`, 0, trailerLimits));
    if (said !== null) throw new HttpError('bad_http', 'its body has two lengths');
  }

  #whole(rest: Buffer | null): null {
    this.#state = 'head';
    this.#parts.end(rest === null || rest.length === 0 ? null : rest);
    return null;
  }
}

/** What has come of it is. */
function isLineEnd(bytes: Buffer): boolean {
  return bytes[0] === 0x0d && (bytes.length === 1 || bytes[1] === 0x0a);
}

/** -1 for what is no digit. */
function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
