// Values that only this dialect has, kept whole. A native block says what its value is: an item of
// the conversation (a hosted tool's call) or a part of a message.

import type { Block, Native, OfItem } from '../canonical.ts';
import { isObject, type JsonObject, objectAt } from '../json.ts';

const dialect = 'openai-responses';

export function native(value: unknown): Native {
  return { dialect, value };
}

export function nativeItem(item: JsonObject): Block {
  return { type: 'native', native: native({ item }) };
}

export function nativePart(part: JsonObject): Block {
  return { type: 'native', native: native({ part }) };
}

/** The value, if it is one of this dialect. */
export function ownValue(given: Native | undefined): JsonObject | undefined {
  return given?.dialect === dialect && isObject(given.value) ? given.value : undefined;
}

/** The item or the part in a native block of this dialect. */
export function ownBlock(given: Native, kind: 'item' | 'part'): JsonObject | undefined {
  return objectAt(ownValue(given), kind);
}

/**
 * The fields of an item that no block has, to stand beside its blocks. `status` is left out: why
 * the answer stopped tells it.
 */
export function ofItem(item: JsonObject, blockFields: ReadonlySet<string>): OfItem {
  const rest = Object.entries(item).filter(
    ([key, value]) => !blockFields.has(key) && key !== 'status' && value !== null,
  );
  return rest.length === 0 ? {} : { item: native(Object.fromEntries(rest)) };
}

export const messageFields: ReadonlySet<string> = new Set(['type', 'role', 'content']);
export const callFields: ReadonlySet<string> = new Set(['type', 'call_id', 'name', 'arguments']);
export const outputFields: ReadonlySet<string> = new Set(['type', 'call_id', 'output']);
