// Signatures of the reasoning, on their way through a caller of this dialect. Such a caller keeps
// `thoughtSignature` and nothing else beside a part, so that another vendor's issuer travels inside
// it: without that it would come back as if Google had signed it, and be refused.

import { bytesOf, placeOf, textOf } from '../utf8.ts';

export const ownIssuer = 'google';

/** Base64 of `entrepot.`: Google's own signatures are base64 of something else. */
const prefix = 'ZW50cmVwb3Qu';
const sealed = /^entrepot\.(thinking|redacted)\.([a-z0-9-]*)\./;

/** As of the other dialects' bodies (sealed-signature.ts). */
export function holdsSealed(body: Uint8Array): boolean {
  return placeOf(`"${prefix}`, body) !== -1;
}

export interface Unsealed {
  readonly signature: string;
  readonly issuer?: string;
  /** The signature is what a vendor shows instead of its thinking. */
  readonly redacted: boolean;
}

/** `thoughtSignature` as a caller gets it: bytes in base64, as the field's type demands. */
export function seal(
  opaque: string,
  issuer: string | undefined,
  kind: 'thinking' | 'redacted' = 'thinking',
): string {
  if (issuer === ownIssuer && kind === 'thinking') return opaque;
  const bytes = bytesOf(`entrepot.${kind}.${issuer ?? ''}.${opaque}`);
  return Buffer.from(bytes).toString('base64');
}

/** The signature as its issuer made it, and who that was. */
export function unseal(thoughtSignature: string): Unsealed {
  const own = { signature: thoughtSignature, issuer: ownIssuer, redacted: false };
  if (!thoughtSignature.startsWith(prefix)) return own;
  const text = textOf(Buffer.from(thoughtSignature, 'base64'));
  const match = sealed.exec(text);
  if (match === null) return own;
  const signature = text.slice(match[0].length);
  const redacted = match[1] === 'redacted';
  return match[2] === '' ? { signature, redacted } : { signature, issuer: match[2]!, redacted };
}
