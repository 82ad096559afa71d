// AWS Signature Version 4 over one request, by the official signer with Node's own hashes. The
// derived key is cached by the signer, per day, region and service.

import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';

export type Signer = SignatureV4;

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; absent for keys that do not. */
  readonly expiration?: Date;
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

class NodeSha256 {
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

/** Signs for one region and service with one set of credentials. Loaded by the first that signs. */
export async function signerFor(
  credentials: AwsCredentials,
  region: string,
  service: string,
): Promise<Signer> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  // The path is percent-encoded once more in the canonical request, as all services but S3 ask.
  const options = { uriEscapePath: true, applyChecksum: false, sha256: NodeSha256 };
  return new SignatureV4({ credentials, region, service, ...options });
}

export interface SignableRequest {
  readonly method: string;
  /** With the port where it is not the scheme's own: as the Host header will say it. */
  readonly host: string;
  /** Percent-encoded, without a query. */
  readonly path: string;
  /** Every header that is to be signed, names in lower case, without `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The headers that signing adds: name, value, name, value. */
export async function signRequest(
  signer: Signer,
  request: SignableRequest,
  nowMs: number,
): Promise<string[]> {
  const { method, path, host, body } = request;
  const headers = { ...request.headers, host };
  const message = { method, protocol: 'https:', hostname: host, path, headers, body };
  const signed = await signer.sign(message, { signingDate: new Date(nowMs) });
  return ['x-amz-date', 'x-amz-security-token', 'authorization'].flatMap(name => {
    const value = signed.headers[name];
    return value === undefined ? [] : [name, value];
  });
}
