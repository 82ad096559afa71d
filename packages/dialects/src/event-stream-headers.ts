// The headers of a frame of an AWS event stream: ten types of values, each of its own length. All
// are read, so that a header of a rare type never hides those behind it; only strings are written.

import { DialectError } from './dialect.ts';
import { bytesOf, joinBytes, textOf } from './utf8.ts';

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
    const name = textOf(reader.take(reader.uint8()));
    headers.set(name, reader.value(reader.uint8()));
  }
  return headers;
}

/** Throws RangeError for a name or a value that is too long to be written. */
export function writeHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  return joinBytes(
    Object.entries(headers).flatMap(([name, value]) => {
      const nameBytes = bytesOf(name);
      const valueBytes = bytesOf(value);
      if (nameBytes.length > maxNameBytes || valueBytes.length > maxValueBytes) {
        throw new RangeError(`the header ${name} is too long`);
      }
      const { length } = valueBytes;
      return [
        Uint8Array.of(nameBytes.length),
        nameBytes,
        Uint8Array.of(stringType, length >>> 8, length),
        valueBytes,
      ];
    }),
  );
}

class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  value(type: number): HeaderValue {
    switch (type) {
      case 0:
        return true;
      case 1:
        return false;
      case 2:
        return this.#view.getInt8(this.#skip(1));
      case 3:
        return this.#view.getInt16(this.#skip(2));
      case 4:
        return this.#view.getInt32(this.#skip(4));
      case 5:
      case 8:
        return this.#view.getBigInt64(this.#skip(8));
      case 6:
        return this.take(this.#view.getUint16(this.#skip(2)));
      case stringType:
        return textOf(this.take(this.#view.getUint16(this.#skip(2))));
      case 9:
        return uuidText(this.take(16));
      default:
        throw broken(`there is no type ${type}`);
    }
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
