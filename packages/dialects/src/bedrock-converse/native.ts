// Values that only this dialect has, kept whole.

import type { Block, Native } from '../canonical.ts';
import { isObject, type JsonObject } from '../json.ts';

export function native(value: unknown): Native {
  return { dialect: 'bedrock-converse', value };
}

export function nativeBlock(value: JsonObject): Block {
  return { type: 'native', native: native(value) };
}

/** The value, if it is one of this dialect. */
export function ownValue({ dialect, value }: Native): JsonObject | null {
  return dialect === 'bedrock-converse' && isObject(value) ? value : null;
}
