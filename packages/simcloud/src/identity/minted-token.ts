// Access tokens of the simulated identity services: who made them, for which audience and until
// when stands in them under a seal, so that a simulated cloud can verify them by itself.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who makes tokens. */
export type Issuer = 'google' | 'entra';

const key = 'entrepot simulated identity';

/** `expiresAtMs` is Unix time. `serial` makes tokens of one moment differ. */
export function mintToken(
  issuer: Issuer,
  audience: string,
  expiresAtMs: number,
  serial: number,
): string {
  const claims = Buffer.from(JSON.stringify([issuer, audience, expiresAtMs, serial]));
  const text = claims.toString('base64url');
  return `simulated.${text}.${seal(text).toString('base64url')}`;
}

/** True for a token of this issuer and audience that has not ended. */
export function isMinted(token: string, issuer: Issuer, audience: string, nowMs: number): boolean {
  const [name, text = '', sealed = ''] = token.split('.');
  const bytes = Buffer.from(sealed, 'base64url');
  const expected = seal(text);
  if (name !== 'simulated' || bytes.length !== expected.length) return false;
  if (!timingSafeEqual(bytes, expected)) return false;
  const [by, to, endMs] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [
    string,
    string,
    number,
  ];
  return by === issuer && to === audience && nowMs < endMs;
}

function seal(text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
