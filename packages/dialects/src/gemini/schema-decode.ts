// The OpenAPI subset in which Gemini first described data, as JSON Schema, which every other
// dialect takes: types in capitals or numbers, `nullable`, and keys in two spellings.

import { isObject, type JsonObject } from '../json.ts';
import { camelCased } from './proto-reader.ts';

const types = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
/** 64-bit numbers, which JSON of protocol buffers writes as strings. */
const counts = ['minItems', 'maxItems', 'minProperties', 'maxProperties', 'minLength', 'maxLength'];

/** Keys that are not known are kept as they are. */
export function decodeSchema(schema: JsonObject): Record<string, unknown> {
  const { type, nullable, ...rest } = camelCased(schema, '') as JsonObject;
  const out: Record<string, unknown> = { ...rest };
  const word = typeOf(type);
  if (word !== undefined) out.type = nullable === true ? [word, 'null'] : word;
  if (nullable === true && Array.isArray(rest.enum)) out.enum = [...rest.enum, null];
  for (const key of counts) {
    if (typeof out[key] === 'string') out[key] = Number(out[key]);
  }
  if (isObject(rest.items)) out.items = decodeSchema(rest.items);
  if (Array.isArray(rest.anyOf)) {
    out.anyOf = rest.anyOf.map(inner => (isObject(inner) ? decodeSchema(inner) : inner));
    if (nullable === true && word === undefined) (out.anyOf as unknown[]).push({ type: 'null' });
  }
  if (isObject(rest.properties)) {
    const entries = Object.entries(rest.properties);
    out.properties = Object.fromEntries(
      entries.map(([key, inner]) => [key, isObject(inner) ? decodeSchema(inner) : inner]),
    );
  }
  return out;
}

/** undefined for a type that is not specified. */
function typeOf(type: unknown): unknown {
  if (typeof type === 'number') return types[type] || undefined;
  if (type === 'TYPE_UNSPECIFIED') return undefined;
  return typeof type === 'string' ? type.toLowerCase() : type;
}
