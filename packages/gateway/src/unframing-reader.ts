// Reads a stream that a cloud carries in frames of its own: what is inside them goes to the reader
// of the dialect, which sees the bytes that the dialect has everywhere else.

import type { CanonicalError, Usage } from '@entrepot/dialects/canonical';
import type { Unframer } from './clouds/cloud.ts';
import type { StreamReader } from './stream-reader.ts';

export class UnframingReader implements StreamReader {
  readonly #unframer: Unframer;
  readonly #inner: StreamReader;

  constructor(unframer: Unframer, inner: StreamReader) {
    this.#unframer = unframer;
    this.#inner = inner;
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.#inner.push(this.#unframer.push(bytes));
  }

  end(): Uint8Array {
    return this.#inner.end();
  }

  breakOff(error: CanonicalError): Uint8Array {
    return this.#inner.breakOff(error);
  }

  get started(): boolean {
    return this.#inner.started;
  }

  get complete(): boolean {
    return this.#inner.complete;
  }

  /** A whole answer stays whole, whatever its frames say afterwards. */
  get error(): CanonicalError | null {
    return this.#inner.error ?? (this.complete ? null : this.#unframer.error);
  }

  get usage(): Usage | null {
    return this.#inner.usage;
  }

  get stopRaw(): string | null {
    return this.#inner.stopRaw;
  }

  get lost(): readonly string[] {
    return this.#inner.lost;
  }
}
