// The form of the answer, for an upstream. The API takes a schema only if all of its objects are
// closed: what it then gives keeps also to the schema as it was.

import type { CanonicalRequest, ResponseFormat } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';

type SchemaFormat = Extract<ResponseFormat, { type: 'json_schema' }>;

/** `format` of `output_config`; null where there is none to ask for. */
export function encodeFormat(
  { responseFormat }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject | null {
  if (responseFormat === undefined || responseFormat.type === 'text') return null;
  if (responseFormat.type === 'json_object') {
    losses.add('responseFormat', 'there is no JSON without a schema here');
    return null;
  }
  if (!target.jsonSchema) {
    losses.add('responseFormat', 'the model has no structured output');
    return null;
  }
  return { type: 'json_schema', schema: schemaOf(responseFormat) };
}

/** The name is left out: it means nothing to the answer. The description is part of the schema. */
function schemaOf({ schema, description }: SchemaFormat): unknown {
  const closed = close(schema) as JsonObject;
  if (description === undefined || closed.description !== undefined) return closed;
  return { ...closed, description };
}

/** Keys under which schemas stand by names of their own, and those under which one or many do. */
const named = new Set(['properties', '$defs', 'definitions']);
const nested = new Set(['items', 'anyOf', 'oneOf', 'allOf']);

/** The depth of the request's JSON is limited: so is this. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (!isObject(schema)) return schema;
  const closed = Object.entries(schema).map(([key, value]) => {
    if (nested.has(key)) return [key, close(value)];
    if (!named.has(key) || !isObject(value)) return [key, value];
    const members = Object.entries(value).map(([name, member]) => [name, close(member)]);
    return [key, Object.fromEntries(members)];
  });
  const isOpen = schema.type === 'object' && !('additionalProperties' in schema);
  return Object.fromEntries(isOpen ? [...closed, ['additionalProperties', false]] : closed);
}
