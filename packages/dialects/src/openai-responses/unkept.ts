// A request whose answer the upstream is told not to keep: in canonical form, and in the bytes that
// pass through. What openai does not keep it must be asked to hand out, or its reasoning could not
// come back.

import type { CanonicalRequest } from '../canonical.ts';
import type { Scan, TargetModel } from '../dialect.ts';
import { jsonOf } from '../json-member.ts';
import { spliceMembers } from '../json-splice.ts';
import type { Pieces } from '../pieces.ts';
import { encryptsReasoning } from './reasoning-encode.ts';
import { encryptedInclude } from './request-decode.ts';

export function unkept(request: CanonicalRequest): CanonicalRequest {
  const { extensions, ...rest } = request;
  if (extensions?.dialect !== 'openai-responses') return { ...request, store: false };
  const { store: _, previous_response_id: __, ...fields } = extensions.fields;
  return { ...rest, store: false, extensions: { ...extensions, fields } };
}

/** The body for another model, with `store: false`. The scan is of these bytes and has `fields`. */
export function spliceUnkept(body: Uint8Array, scan: Scan, target: TargetModel): Pieces {
  const put: Record<string, string> = { model: JSON.stringify(target.name), store: 'false' };
  if (encryptsReasoning(target)) {
    const member = scan.fields!.get('include');
    const value: unknown = member === undefined ? [] : jsonOf(body, member);
    const words: readonly unknown[] = Array.isArray(value) ? value : [];
    if (!words.includes(encryptedInclude)) {
      put.include = JSON.stringify([...words, encryptedInclude]);
    }
  }
  return [spliceMembers(body, [], put)];
}
