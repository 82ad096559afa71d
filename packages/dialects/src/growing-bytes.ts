// Bytes that come in pieces and are wanted as one: a buffer that doubles, so that each byte is
// copied a bounded number of times even when pieces are single bytes.

const firstCapacity = 1024;
const nothing = new Uint8Array(0);

export class GrowingBytes {
  #buffer: Uint8Array = nothing;
  length = 0;

  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(firstCapacity, 2 * this.#buffer.length, needed));
      grown.set(this.#buffer.subarray(0, this.length));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.length);
    this.length = needed;
  }

  /** All that came since the last call; the memory is the caller's from now on. */
  take(): Uint8Array {
    const taken = this.#buffer.subarray(0, this.length);
    this.#buffer = nothing;
    this.length = 0;
    return taken;
  }
}
