// Bytes that have come and cannot go on yet.

export class HeldBytes {
  #chunks: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.length += bytes.length;
  }

  /** All of them, in one piece; none are left. */
  take(): Buffer {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.length = 0;
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }
}
