// What a function gave back. Here it is always an object: `output` has what it gave, `error` why it
// failed, and an object without either is the output itself (FunctionResponse of the API).

import type { TextBlock } from '../canonical.ts';
import { DialectError } from '../dialect.ts';
import { isObject, type JsonObject, parseJsonText } from '../json.ts';

/** Longer numbers would be rounded when they are read and written again. */
const longNumber = /\d{16}/;

export function decodeFunctionResponse(response: JsonObject): {
  readonly content: readonly TextBlock[];
  readonly isError: boolean;
} {
  const keys = Object.keys(response);
  const only = keys.length === 1 ? keys[0] : undefined;
  const isError = only === 'error' && typeof response.error === 'string';
  const plain = isError ? response.error : only === 'output' ? response.output : undefined;
  const whole = keys.length === 0 ? '' : JSON.stringify(response);
  const text = typeof plain === 'string' ? plain : whole;
  return { content: text === '' ? [] : [{ type: 'text', text }], isError };
}

/** Text that is an object already is not wrapped again, unless it looks as if it were. */
export function encodeFunctionResponse(texts: readonly string[], isError: boolean): JsonObject {
  const text = texts.filter(said => said !== '').join('\n');
  if (isError) return { error: text };
  if (text === '') return {};
  const object = objectOfText(text);
  return object === null || isWrapped(object) ? { output: text } : object;
}

/** It would be read as something else: what a function said, or why it failed. */
function isWrapped(response: JsonObject): boolean {
  const [key, ...more] = Object.keys(response);
  if (more.length > 0 || (key !== 'output' && key !== 'error')) return false;
  return typeof response[key] === 'string';
}

/** The object that a text is, if it can be written again as it was; else null. */
function objectOfText(text: string): JsonObject | null {
  if (!/^\s*\{/.test(text) || longNumber.test(text)) return null;
  return parsedObject(text);
}

/** Arguments of a call: none are `{}`; null for text that is no JSON object. */
export function argumentsOf(argumentsJson: string): JsonObject | null {
  return argumentsJson === '' ? {} : parsedObject(argumentsJson);
}

function parsedObject(text: string): JsonObject | null {
  try {
    const value = parseJsonText(text, 'invalid_request');
    return isObject(value) ? value : null;
  } catch (cause) {
    if (cause instanceof DialectError) return null;
    throw cause;
  }
}
