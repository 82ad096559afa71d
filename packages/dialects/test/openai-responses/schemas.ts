// The published schemas of this dialect, as validators: openai's own and that of Open Responses.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';

const folder = resolve(import.meta.dirname, '../../../../../shared/data/specs');
const files = {
  openai: 'openai_openapi_2026-08-21.json.gz',
  'open-responses': 'openresponses_openapi_2026-04-24.json',
} as const;

/** For `{ skip }` of a test: false where the schemas are there, else what is missing. */
export const schemasMissing: false | string = Object.values(files).every(file =>
  existsSync(join(folder, file)),
)
  ? false
  : 'needs ../shared/data/specs';

type Spec = keyof typeof files;
const loaded = new Map<Spec, { ajv: Ajv; names: ReadonlySet<string> }>();

function load(spec: Spec): { ajv: Ajv; names: ReadonlySet<string> } {
  const known = loaded.get(spec);
  if (known !== undefined) return known;
  const bytes = readFileSync(join(folder, files[spec]));
  const text = String(files[spec].endsWith('.gz') ? gunzipSync(bytes) : bytes);
  // The kinds of a union overlap in them (a message is an easy message and an item): any will do.
  const { components } = JSON.parse(text.replaceAll('"oneOf":', '"anyOf":'), nullable) as {
    components: { schemas: Record<string, object> };
  };
  // OpenAPI adds words to JSON Schema, and its formats are hints.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: spec, components });
  const made = { ajv, names: new Set(Object.keys(components.schemas)) };
  loaded.set(spec, made);
  return made;
}

/** OpenAPI's own word, which holds also where a list of values has no null. */
function nullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable: isNullable, ...rest } = value as Record<string, unknown>;
  if (typeof isNullable !== 'boolean') return value;
  return isNullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}

const validators = new Map<string, ValidateFunction>();

/** Throws AssertionError with the place of the first thing that the schema forbids. */
export function checkSchema(spec: Spec, name: string, value: unknown): void {
  const { ajv, names } = load(spec);
  assert.ok(names.has(name), `${spec} has a schema ${name}`);
  const ref = `${spec}#/components/schemas/${name}`;
  const validate = validators.get(ref) ?? ajv.compile({ $ref: ref });
  validators.set(ref, validate);
  if (validate(value)) return;
  const [error] = validate.errors ?? [];
  assert.fail(`${ref}: ${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`);
}
