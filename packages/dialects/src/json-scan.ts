// One strict look at the bytes of a JSON object, without building it: where each top-level value
// stands, so that one of them can be replaced in the bytes, how much text there is, and which
// watched words occur. Not recursive, linear, and as exact as JSON.parse about what is JSON
// (RFC 8259), with UTF-8 and a limit of depth besides.

import { isUtf8 } from 'node:buffer';
import { DialectError } from './dialect.ts';
import { maxJsonDepth, maxJsonKeys, tooDeep } from './json.ts';
import { JsonWatch } from './json-watch.ts';
import { plainEnd } from './plain-end.ts';
import { textOf } from './utf8.ts';

export type JsonKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** One key of the top-level object. */
export interface JsonMember {
  readonly key: string;
  /** Byte at which the key's opening quote stands. */
  readonly keyStart: number;
  /** Byte range [start, end) of the value, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly kind: JsonKind;
  /** Bytes of the string values in it, those under binary keys left out. */
  readonly textBytes: number;
}

export interface JsonScan {
  readonly members: ReadonlyMap<string, JsonMember>;
  /** A top-level key is written with escapes or stands twice: readers may differ about it. */
  readonly ambiguous: boolean;
  /** Watched words that occur, each with a bit (1 << depth) for the depths of their objects. */
  readonly found: ReadonlyMap<string, number>;
  /** How many strings stand under binary keys. */
  readonly binaryStrings: number;
}

/** True if the word occurs in an object at one of the depths (the top-level object is 1). */
export function foundAt(scan: JsonScan, word: string, ...depths: readonly number[]): boolean {
  const mask = scan.found.get(word) ?? 0;
  return depths.some(depth => (mask & (1 << depth)) !== 0);
}

/**
 * Throws DialectError (invalid_request): not JSON (with the byte's place), not UTF-8, not an
 * object, nested deeper than 128, or of more than `maxJsonKeys` keys.
 */
export function scanJson(bytes: Uint8Array, watch: JsonWatch = watchNothing): JsonScan {
  if (!isUtf8(bytes)) throw invalid('it is not UTF-8');
  return new Scanner(bytes, watch).scan();
}

const watchNothing = new JsonWatch({});
const typeKey = new JsonWatch({ keys: ['type'] });

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Letters that may follow a backslash alone. */
const escapable = new Uint8Array(256);
for (const letter of '"\\/bfnrt') escapable[letter.charCodeAt(0)] = 1;

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #watch: JsonWatch;
  #at = 0;
  #depth = 0;
  /** 1 where the container of that depth is an object. */
  readonly #isObject = new Uint8Array(maxJsonDepth + 1);
  #textBytes = 0;
  #binaryStrings = 0;
  /** Of the key just read, below the top level. */
  #underBinary = false;
  #underType = false;
  /** Of the string just read. */
  #escaped = false;
  readonly #members = new Map<string, JsonMember>();
  #topKeys = 0;
  #ambiguous = false;
  readonly #found = new Map<string, number>();
  /** Of the top-level member being read. */
  #member = { key: '', keyStart: 0, start: 0, textBytes: 0 };

  constructor(bytes: Uint8Array, watch: JsonWatch) {
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#watch = watch;
  }

  scan(): JsonScan {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== openObject) {
      if (this.#at >= this.#bytes.length) throw this.#unexpected();
      throw invalid(`expected an object at byte ${this.#at}`);
    }
    this.#containers();
    this.#skipSpace();
    if (this.#at < this.#bytes.length) throw this.#unexpected();
    return {
      members: this.#members,
      ambiguous: this.#ambiguous,
      found: this.#found,
      binaryStrings: this.#binaryStrings,
    };
  }

  /** From the first brace to its partner. */
  #containers(): void {
    const bytes = this.#bytes;
    this.#open(openObject);
    let first = true;
    while (this.#depth > 0) {
      this.#skipSpace();
      const inObject = this.#isObject[this.#depth] === 1;
      if (bytes[this.#at] === (inObject ? closeObject : closeArray)) {
        this.#close();
        first = false;
        continue;
      }
      if (!first) {
        this.#expect(comma);
        this.#skipSpace();
      }
      if (inObject) this.#key();
      const byte = bytes[this.#at];
      first = byte === openObject || byte === openArray;
      if (first) this.#open(byte!);
      else this.#scalar(byte);
    }
  }

  #open(byte: number): void {
    if (++this.#depth > maxJsonDepth) throw tooDeep('invalid_request');
    this.#isObject[this.#depth] = byte === openObject ? 1 : 0;
    this.#at++;
  }

  #close(): void {
    this.#at++;
    this.#depth--;
    if (this.#depth === 1) {
      this.#endMember(this.#bytes[this.#at - 1] === closeObject ? 'object' : 'array');
    }
  }

  #key(): void {
    const start = this.#at + 1;
    if (this.#bytes[this.#at] !== quote) throw this.#unexpected();
    this.#string();
    const end = this.#at - 1;
    this.#skipSpace();
    this.#expect(colon);
    this.#skipSpace();
    if (this.#depth === 1) {
      if (++this.#topKeys > maxJsonKeys) throw invalid(`it has more than ${maxJsonKeys} keys`);
      const key = textOf(this.#bytes, start, end);
      if (this.#escaped || this.#members.has(key)) this.#ambiguous = true;
      const textBytes = this.#textBytes;
      this.#member = { key, keyStart: start - 1, start: this.#at, textBytes };
    }
    this.#underBinary = this.#watch.isBinary(this.#bytes, start, end);
    this.#underType = typeKey.key(this.#bytes, start, end) !== null;
    this.#note(this.#watch.key(this.#bytes, start, end));
  }

  #note(word: string | null): void {
    if (word === null || this.#depth > 30) return;
    this.#found.set(word, (this.#found.get(word) ?? 0) | (1 << this.#depth));
  }

  #scalar(byte: number | undefined): void {
    let kind: JsonKind;
    if (byte === quote) kind = this.#text();
    else if (byte === 0x74) kind = this.#literal('true', 'boolean');
    else if (byte === 0x66) kind = this.#literal('false', 'boolean');
    else if (byte === 0x6e) kind = this.#literal('null', 'null');
    else kind = this.#number();
    if (this.#depth === 1) this.#endMember(kind);
  }

  #text(): JsonKind {
    const start = this.#at + 1;
    this.#string();
    const inObject = this.#isObject[this.#depth] === 1;
    if (inObject && this.#underBinary) this.#binaryStrings++;
    else this.#textBytes += this.#at - 1 - start;
    if (inObject && this.#underType) {
      this.#note(this.#watch.type(this.#bytes, start, this.#at - 1));
    }
    return 'string';
  }

  #endMember(kind: JsonKind): void {
    const { key, keyStart, start, textBytes } = this.#member;
    const own = this.#textBytes - textBytes;
    this.#members.set(key, { key, keyStart, start, end: this.#at, kind, textBytes: own });
  }

  /** From the opening quote to behind the closing one. */
  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    let escaped = false;
    while (true) {
      at = plainEnd(bytes, this.#words, at);
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte !== backslash) throw this.#unexpected(at);
      escaped = true;
      if (escapable[bytes[at + 1]!] === 1) at += 2;
      else at = this.#unicodeEscape(at);
    }
    this.#escaped = escaped;
    this.#at = at + 1;
  }

  /** From the backslash to behind the four digits. */
  #unicodeEscape(at: number): number {
    if (this.#bytes[at + 1] !== 0x75) throw this.#unexpected(at + 1);
    for (let digit = at + 2; digit < at + 6; digit++) {
      if (!isHexDigit(this.#bytes[digit])) throw this.#unexpected(digit);
    }
    return at + 6;
  }

  #literal(word: string, kind: JsonKind): JsonKind {
    for (let at = 0; at < word.length; at++, this.#at++) {
      if (this.#bytes[this.#at] !== word.charCodeAt(at)) throw this.#unexpected();
    }
    return kind;
  }

  #number(): JsonKind {
    const bytes = this.#bytes;
    if (bytes[this.#at] === 0x2d) this.#at++;
    if (bytes[this.#at] === 0x30) this.#at++;
    else this.#digits();
    if (bytes[this.#at] === 0x2e) {
      this.#at++;
      this.#digits();
    }
    const exponent = bytes[this.#at];
    if (exponent === 0x65 || exponent === 0x45) {
      this.#at++;
      const sign = bytes[this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#digits();
    }
    return 'number';
  }

  /** One digit or more. */
  #digits(): void {
    if (!isDigit(this.#bytes[this.#at])) throw this.#unexpected();
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    let byte = bytes[this.#at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      byte = bytes[++this.#at];
    }
  }

  #expect(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw this.#unexpected();
    this.#at++;
  }

  #unexpected(at: number = this.#at): DialectError {
    return invalid(
      at >= this.#bytes.length ? 'it ends too early' : `unexpected character at byte ${at}`,
    );
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function invalid(message: string): DialectError {
  return new DialectError({ class: 'invalid_request', message: `Invalid JSON: ${message}.` });
}
