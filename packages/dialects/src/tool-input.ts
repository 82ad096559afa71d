// The arguments of a tool call, which are text in the canonical form and an object here.

import { DialectError } from './dialect.ts';
import { isObject, type JsonObject, parseJsonText } from './json.ts';

/** No text means no arguments; null for a text that is not a JSON object. */
export function toolInput(argumentsJson: string): JsonObject | null {
  if (argumentsJson.trim() === '') return {};
  try {
    const value = parseJsonText(argumentsJson, 'upstream');
    return isObject(value) ? value : null;
  } catch (cause) {
    if (cause instanceof DialectError) return null;
    throw cause;
  }
}
