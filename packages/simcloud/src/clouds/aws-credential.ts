// What the services of Amazon take as a credential: a Bedrock API key, or a signature that was made
// for this very service.

import type { SimulatedCredentials } from '../credentials.ts';
import type { Refusal } from '../refusal.ts';
import { verifySignature } from '../sigv4.ts';
import { bearer, header, type WireCall } from './face.ts';

/** null when the credential is taken. */
export function awsRefusal(
  service: string,
  call: WireCall,
  accepted: SimulatedCredentials,
  nowMs: number,
): Refusal | null {
  const key = bearer(call);
  if (key !== null) {
    return accepted.bedrock.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
  }
  const wrong = verifySignature(call, { service, keys: accepted.aws, nowMs });
  if (wrong === null) return null;
  return header(call, 'authorization') === null
    ? { reason: 'no-credential' }
    : { reason: 'signature', ...wrong };
}
