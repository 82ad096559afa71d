// One part of an upstream's answer, whole or in a chunk. Tolerant: what is no part says nothing.

import type { Signed } from '../canonical.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { unseal } from './signature.ts';

export type SaidPart =
  | ({ readonly type: 'text' | 'thinking'; readonly text: string } & Signed)
  | { readonly type: 'redacted_thinking'; readonly data: string; readonly issuer?: string }
  | ({ readonly type: 'call'; readonly call: JsonObject } & Signed)
  | { readonly type: 'native'; readonly part: JsonObject };

const plainKeys: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtSignature']);

/** null for a part that says nothing: an empty text without a signature. */
export function readPart(part: JsonObject): SaidPart | null {
  const thoughtSignature = stringAt(part, 'thoughtSignature');
  const opened = thoughtSignature ? unseal(thoughtSignature) : null;
  const signed: Signed =
    opened === null
      ? {}
      : {
          signature: opened.signature,
          ...(opened.issuer === undefined ? {} : { issuer: opened.issuer }),
        };
  const call = objectAt(part, 'functionCall');
  if (call !== undefined) return { type: 'call', call, ...signed };
  const text = stringAt(part, 'text');
  if (text === undefined && Object.keys(part).some(key => !plainKeys.has(key))) {
    return { type: 'native', part };
  }
  if (opened?.redacted) {
    const { signature: data, issuer } = opened;
    return { type: 'redacted_thinking', data, ...(issuer === undefined ? {} : { issuer }) };
  }
  if (!text && opened === null) return null;
  const type = part.thought === true ? 'thinking' : 'text';
  return { type, text: text ?? '', ...signed };
}

const citationKeys = ['groundingMetadata', 'citationMetadata', 'urlContextMetadata'];

/** What a candidate names as its sources; null where it names none. */
export function citationsOf(candidate: JsonObject): JsonObject | null {
  return pick(candidate, citationKeys);
}

/** The fields of these names that are objects and say something; null for none. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject | null {
  const entries = keys
    .map(key => [key, object[key]] as const)
    .filter(([, value]) => isObject(value) && Object.keys(value).length > 0);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
