// The state of the reasoning that Google hangs on a call, where its own Chat Completions endpoint
// has it: `extra_content.google.thought_signature`. A caller that sends the call back as it came
// sends this too; one that keeps known fields alone loses it, and nothing else.

import type { Signed } from '../canonical.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';

/** Of a call in an answer or in history. Gateways that stand before this one spell it otherwise. */
export function callSignature(call: JsonObject): Signed {
  const extra = objectAt(call, 'extra_content');
  const signature =
    stringAt(objectAt(extra, 'google'), 'thought_signature') ??
    stringAt(objectAt(extra, 'vertex'), 'thought_signature') ??
    stringAt(objectAt(call, 'provider_specific_fields'), 'thought_signature');
  return signature ? { signature, issuer: 'google' } : {};
}

/** What stands in the call beside its function; nothing for another vendor's signature. */
export function signatureFields({ signature, issuer }: Signed): JsonObject {
  if (signature === undefined || issuer !== 'google') return {};
  return { extra_content: { google: { thought_signature: signature } } };
}
