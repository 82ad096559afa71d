// Whether a body can go to a model as it is: what others signed of their thinking is refused there.

import type { Scan, TargetModel } from '../dialect.ts';
import { holdsSealed } from '../sealed-signature.ts';
import { placeOf } from '../utf8.ts';
import { usualIssuer } from './vendor.ts';

const signed = ['"signature"', '"redactedContent"'];

/** False for what is sealed, and for signatures before a model of a vendor that makes none. */
export function takes(body: Uint8Array, _scan: Scan, { vendor }: TargetModel): boolean {
  if (holdsSealed(body)) return false;
  return vendor === usualIssuer || signed.every(key => placeOf(key, body) === -1);
}
