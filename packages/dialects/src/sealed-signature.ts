// What one vendor signed, on its way through a caller of another's dialect. Such a caller keeps a
// signature and nothing else beside the text, so that the name of the issuer travels inside it:
// without that the text would come back as if the dialect's own vendor had signed it, and be
// refused.

import { placeOf } from './utf8.ts';

const mark = /^entrepot\.([a-z0-9-]*)\./;

/**
 * The body of a request has something that was sealed for a caller: no upstream can read it, so
 * that the bytes cannot go on as they are. Within a string the quote would be escaped.
 */
export function holdsSealed(body: Uint8Array): boolean {
  return placeOf('"entrepot.', body) !== -1;
}

export interface Unsealed {
  readonly opaque: string;
  readonly issuer?: string;
}

/** The signature or redacted data as a caller gets it; what `own` signed is left as it is. */
export function seal(opaque: string, issuer: string | undefined, own: string): string {
  return issuer === own ? opaque : `entrepot.${issuer ?? ''}.${opaque}`;
}

/** The signature or redacted data as its issuer made it, and who that was. */
export function unseal(sealed: string, own: string): Unsealed {
  const match = mark.exec(sealed);
  if (match === null) return { opaque: sealed, issuer: own };
  const opaque = sealed.slice(match[0].length);
  return match[1] === '' ? { opaque } : { opaque, issuer: match[1]! };
}
