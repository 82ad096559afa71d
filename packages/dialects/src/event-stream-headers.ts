// The headers of a frame of an AWS event stream: ten types of values, each of its own length. All
// are read, so that a header of a rare type never hides those behind it; only strings are written.

import { DialectError } from './dialect.ts';
import { textOf } from './utf8.ts';

/**
 * Integers of 8, 16 and 32 bits are numbers; those of 64 bits, and times in milliseconds, are
 * bigints; a UUID is its usual text.
 */
export type HeaderValue = boolean | number | bigint | string | Uint8Array;

const stringType = 7;
const maxNameBytes = 255;
const maxValueBytes = 32_767;

/** Throws DialectError (upstream) where the bytes are not headers to their very end. */
export function readHeaders(bytes: Uint8Array): ReadonlyMap<string, HeaderValue> {
  const headers = new Map<string, HeaderValue>();
  const reader = new HeaderReader(bytes);
  while (!reader.done) {
    const name = reader.text(reader.uint8());
    headers.set(name, reader.value(reader.uint8()));
  }
  return headers;
}

/** Throws RangeError for a name or a value that is too long to be written. */
export function writeHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(headers);
  const sizeBytes = entries.reduce((sum, [name, value]) => sum + sizeOf(name, value), 0);
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let at = 0;
  for (const [name, value] of entries) {
    const nameBytes = bytes.write(name, at + 1);
    at = bytes.writeUInt8(nameBytes, at) + nameBytes;
    at = bytes.writeUInt8(stringType, at);
    const valueBytes = bytes.write(value, at + 2);
    at = bytes.writeUInt16BE(valueBytes, at) + valueBytes;
  }
  return bytes;
}

function sizeOf(name: string, value: string): number {
  const nameBytes = Buffer.byteLength(name);
  const valueBytes = Buffer.byteLength(value);
  if (nameBytes > maxNameBytes || valueBytes > maxValueBytes) {
    throw new RangeError(`the header ${name} is too long`);
  }
  return nameBytes + valueBytes + 4;
}

class HeaderReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  text(length: number): string {
    const start = this.#skip(length);
    return textOf(this.#bytes, start, this.#at);
  }

  uint8(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  value(type: number): HeaderValue {
    switch (type) {
      case 0:
        return true;
      case 1:
        return false;
      case 2:
        return this.#view(1).getInt8(0);
      case 3:
        return this.#view(2).getInt16(0);
      case 4:
        return this.#view(4).getInt32(0);
      case 5:
      case 8:
        return this.#view(8).getBigInt64(0);
      case 6:
        return this.#take(this.#uint16());
      case stringType:
        return this.text(this.#uint16());
      case 9:
        return uuidText(this.#take(16));
      default:
        throw broken(`there is no type ${type}`);
    }
  }

  #uint16(): number {
    return (this.uint8() << 8) | this.uint8();
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  /** Made for values of rare types alone: a view costs more than a whole header of text. */
  #view(length: number): DataView {
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset + this.#skip(length), length);
  }

  /** The place before the step. */
  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw broken('they end within a value');
    this.#at = start + length;
    return start;
  }
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function broken(why: string): DialectError {
  const message = `The headers of a frame of the event stream are broken: ${why}.`;
  return new DialectError({ class: 'upstream', message, code: 'broken_frame' });
}
