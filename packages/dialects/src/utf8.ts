// Text and bytes. Buffer is used because it is several times faster than TextDecoder on the short
// pieces that a stream is made of.

/** Text of UTF-8 bytes [start, end); a bad sequence becomes U+FFFD. A byte-order mark is kept. */
export function textOf(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  return bufferOf(bytes).toString('utf8', start, end);
}

/** The same memory. A view of it costs more than a short text, and is made only where needed. */
function bufferOf(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the text stands in the bytes, from `start` on; -1 where it does not. */
export function placeOf(text: string, bytes: Uint8Array, start = 0): number {
  return bufferOf(bytes).indexOf(text, start);
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** One array of many; the only one itself, not copied. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
