// JSON that others wrote: parsing under a limit of depth, and reading known keys. `ObjectReader` is
// for callers' bodies and refuses what is wrong with the path of the field; the `...At` functions
// are for upstreams' bodies and take what is wrong for absent.

import { DialectError } from './dialect.ts';
import { textOf } from './utf8.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** Deeper nesting is refused: writing such a value again would exhaust the stack. */
export const maxJsonDepth = 128;

/** Far more top-level keys than any API has; a scan holds in memory where each of them stands. */
export const maxJsonKeys = 1_000;

/** Whose fault bytes are that cannot be read. */
export type Blame = 'invalid_request' | 'upstream';

/** Throws DialectError of class `blame` for bytes that are not JSON or nest too deep. */
export function parseJson(bytes: Uint8Array, blame: Blame): unknown {
  return parseJsonText(textOf(bytes), blame);
}

/** As `parseJson`, of a text: the data of an event. */
export function parseJsonText(text: string, blame: Blame): unknown {
  checkDepth(text, blame);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the text, which may be private; only its position is told.
    const position = /position \d+/.exec((cause as Error).message)?.[0];
    const where = position === undefined ? '' : ` at ${position}`;
    throw new DialectError({ class: blame, message: `Invalid JSON${where}.` });
  }
}

/** Throws DialectError of class `blame` when the bytes are not one JSON object. */
export function parseJsonObject(bytes: Uint8Array, blame: Blame): JsonObject {
  const value = parseJson(bytes, blame);
  if (isObject(value)) return value;
  throw new DialectError({ class: blame, message: 'The body must be a JSON object.' });
}

function checkDepth(text: string, blame: Blame): void {
  if (text.length <= 2 * maxJsonDepth) return;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxJsonDepth) throw tooDeep(blame);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
}

/** Index of the closing quote; the length of the text when there is none. */
function stringEnd(text: string, start: number): number {
  let at = start;
  while (true) {
    at = text.indexOf('"', at + 1);
    if (at === -1) return text.length;
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return at;
  }
}

export function tooDeep(blame: Blame): DialectError {
  const message = `Invalid JSON: nesting deeper than ${maxJsonDepth}.`;
  return new DialectError({ class: blame, message });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(object: JsonObject | undefined, key: string): number | undefined {
  const value = object?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isObject(value) ? value : undefined;
}

/** An empty array where there is none. */
export function arrayAt(object: JsonObject | undefined, key: string): readonly unknown[] {
  const value = object?.[key];
  return Array.isArray(value) ? value : [];
}

/** The elements that are objects. */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  return arrayAt(object, key).filter(isObject);
}

/** DialectError (invalid_request) for the field of a caller's request. */
export function badField(field: string, message: string, code?: string): DialectError {
  const text = `Invalid '${field}': ${message}.`;
  const base = { class: 'invalid_request', message: text, field } as const;
  return new DialectError(code === undefined ? base : { ...base, code });
}

/**
 * Reads the keys of an object in a caller's request. Absent and null are the same: undefined. A
 * wrong type throws DialectError (invalid_request) with the path of the field, such as
 * `messages[2].content[0].type`.
 */
export class ObjectReader {
  readonly object: JsonObject;
  readonly path: string;

  /** `path` is empty for the body itself. */
  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw badField(path || 'body', 'expected an object');
    this.object = value;
    this.path = path;
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  /** DialectError (invalid_request) for the field of this key. */
  bad(key: string, message: string): DialectError {
    return badField(this.pathOf(key), message);
  }

  /** The value as it is; own keys only. */
  value(key: string): unknown {
    if (!Object.hasOwn(this.object, key)) return undefined;
    return this.object[key] ?? undefined;
  }

  string(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'string') return value;
    throw this.bad(key, 'expected a string');
  }

  requiredString(key: string): string {
    const value = this.string(key);
    if (value === undefined) throw this.bad(key, 'it is required');
    return value;
  }

  number(key: string, min: number = -Infinity, max: number = Infinity): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw this.bad(key, 'expected a number');
    if (value < min) throw this.bad(key, `it must be at least ${min}`);
    if (value > max) throw this.bad(key, `it must be at most ${max}`);
    return value;
  }

  integer(key: string, min: number = -Infinity, max: number = Infinity): number | undefined {
    const value = this.number(key, min, max);
    if (value === undefined || Number.isSafeInteger(value)) return value;
    throw this.bad(key, 'expected an integer');
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.bad(key, 'expected true or false');
  }

  /** The value, if it is one of the words. */
  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (words.includes(value as Word)) return value as Word;
    throw this.bad(key, `expected one of ${words.join(', ')}`);
  }

  child(key: string): ObjectReader | undefined {
    const value = this.value(key);
    return value === undefined ? undefined : new ObjectReader(value, this.pathOf(key));
  }

  requiredObject(key: string): ObjectReader {
    const value = this.child(key);
    if (value === undefined) throw this.bad(key, 'it is required');
    return value;
  }

  array(key: string): readonly unknown[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value;
    throw this.bad(key, 'expected an array');
  }

  /** An array of objects, each with its place in its path. */
  objects(key: string): readonly ObjectReader[] | undefined {
    return this.array(key)?.map(
      (value, index) => new ObjectReader(value, `${this.pathOf(key)}[${index}]`),
    );
  }

  /** An array of strings. */
  strings(key: string): readonly string[] | undefined {
    return this.array(key)?.map((value, index) => {
      if (typeof value === 'string') return value;
      throw this.bad(`${key}[${index}]`, 'expected a string');
    });
  }

  /** The fields whose keys are not known, as they are; undefined when there is none. */
  unknownFields(known: ReadonlySet<string>): Record<string, unknown> | undefined {
    const rest = Object.entries(this.object).filter(([key]) => !known.has(key));
    return rest.length === 0 ? undefined : Object.fromEntries(rest);
  }
}
