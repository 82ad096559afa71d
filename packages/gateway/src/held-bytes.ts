// Bytes that have come and cannot go on yet.

export class HeldBytes {
  #chunks: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.length += bytes.length;
  }

  /**
   * All of them, in one piece; none are left. `areOurs` where nobody else reads what was added: its
   * memory is given back at once.
   */
  take(areOurs = false): Buffer {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.length = 0;
    if (chunks.length === 1) return chunks[0] as Buffer;
    const all = Buffer.concat(chunks);
    if (areOurs) for (const chunk of chunks) release(chunk);
    return all;
  }
}

/** Below this what is freed is not worth the call. */
const worthBytes = 16 * 1024;

/**
 * Gives the memory of bytes back now, which nobody reads any more: memory outside V8's heap that
 * waits for the collector makes it run sooner and longer, 20 ms at a time where bodies of a
 * megabyte come 30 times a second.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  // A part of a larger buffer is not alone in it.
  if (byteLength < worthBytes || byteLength !== buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
