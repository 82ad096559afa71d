// Node's own hash in the form that AWS's signer asks for.

import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

type Bytes = string | ArrayBuffer | ArrayBufferView;

export class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', view(secret));
  }

  update(bytes: Bytes): void {
    this.#hash.update(view(bytes));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function view(bytes: Bytes): string | Uint8Array {
  if (typeof bytes === 'string') return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
