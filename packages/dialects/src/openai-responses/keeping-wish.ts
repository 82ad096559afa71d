// What a caller's request says of keeping answers: this one, and the one that it continues.

import type { Scan } from '../dialect.ts';
import { badField, type JsonObject, parseJsonObject } from '../json.ts';
import { jsonOf } from '../json-member.ts';
import { textOf } from '../utf8.ts';

export interface KeepingWish {
  /** null where it says nothing; the API keeps then. */
  readonly store: boolean | null;
  /** The id of the answer that it continues. */
  readonly previous: string | null;
  /** Set to anything but null or false. */
  readonly conversation: boolean;
  readonly background: boolean;
}

/** Throws DialectError (invalid_request) for a field of a wrong type. */
export function readKeepingWish(body: Uint8Array, scan: Scan | null): KeepingWish {
  const said = reader(body, scan);
  const store = said('store');
  if (store !== null && typeof store !== 'boolean') throw badField('store', 'expected a boolean');
  const previous = said('previous_response_id');
  if (previous !== null && typeof previous !== 'string') {
    throw badField('previous_response_id', 'expected a string');
  }
  const isSet = (key: string): boolean => (said(key) ?? false) !== false;
  return {
    store,
    previous: previous || null,
    conversation: isSet('conversation'),
    background: isSet('background'),
  };
}

/** The JSON text of the request's `input`; `null` where it has none. */
export function inputText(body: Uint8Array, scan: Scan | null): string {
  const member = scan?.fields?.get('input');
  if (member !== undefined) return textOf(body, member.start, member.end);
  return scan === null ? JSON.stringify(bodyOf(body).input ?? null) : 'null';
}

function reader(body: Uint8Array, scan: Scan | null): (key: string) => unknown {
  if (scan === null) {
    const parsed = bodyOf(body);
    return key => parsed[key] ?? null;
  }
  return key => {
    const member = scan.fields?.get(key);
    return member === undefined ? null : jsonOf(body, member);
  };
}

function bodyOf(body: Uint8Array): JsonObject {
  return parseJsonObject(body, 'invalid_request');
}
