// Keys of callers. Only hashes are held; a key is looked up by its hash, so that no comparison of
// the secret itself can leak how much of it was right.

import { hash } from 'node:crypto';
import type { HeaderMap } from '@entrepot/dialects/dialect';
import { gatewayError, Refusal } from './errors.ts';

export interface Principal {
  /** The id under which requests are recorded. */
  readonly key: string;
}

export interface KeyHash {
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
}

export class Keys {
  readonly #byHash: ReadonlyMap<string, Principal>;
  readonly #open: Principal | null;

  /** `keys` null means that no key is asked for (`auth: none`). */
  constructor(keys: readonly KeyHash[] | null) {
    this.#byHash = new Map(keys?.map(k => [k.sha256, { key: k.name }]));
    this.#open = keys === null ? { key: 'anyone' } : null;
  }

  /** Throws a Refusal when there is no key or an unknown one. */
  principal(headers: HeaderMap): Principal {
    if (this.#open !== null) return this.#open;
    const key = keyOf(headers);
    if (key === null) throw new Refusal(gatewayError('missing_key'));
    const principal = this.#byHash.get(hash('sha256', key));
    if (principal === undefined) throw new Refusal(gatewayError('invalid_key'));
    return principal;
  }
}

/** Every SDK has its own header for the key. */
function keyOf(headers: HeaderMap): string | null {
  const { authorization } = headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) {
    return authorization.slice(7).trim();
  }
  const key = headers['x-api-key'] ?? headers['api-key'] ?? headers['x-goog-api-key'];
  return typeof key === 'string' && key.length > 0 ? key : null;
}
