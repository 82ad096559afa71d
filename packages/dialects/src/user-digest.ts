// The id of an end user where it does not fit: too long, or of characters that are not taken.

import { createHash } from 'node:crypto';

/** 64 characters of hex, which still tell one user from another. */
export function userDigest(user: string): string {
  return createHash('sha256').update(user).digest('hex');
}
