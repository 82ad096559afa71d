// A value that is valid against a simple JSON Schema: types, properties, items, enum, const,
// bounds, anyOf / oneOf / allOf and local $ref. What a schema says beyond that is not looked at.

import type { Random } from '../random.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Deeper values are cut short: schemas may refer to themselves. */
const deepest = 12;

export function valueFor(schema: Schema, random: Random): unknown {
  return new Generator(schema, random).value(schema, 0);
}

class Generator {
  readonly #root: Schema;
  readonly #random: Random;

  constructor(root: Schema, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  value(schema: Schema, depth: number): unknown {
    if ('const' in schema) return schema.const;
    const choices = list(schema.enum);
    if (choices.length > 0) return choices[this.#below(choices.length)];
    if (typeof schema.$ref === 'string') return this.value(this.#resolve(schema.$ref), depth + 1);
    if (depth > deepest) return null;
    const alternatives = [...list(schema.anyOf), ...list(schema.oneOf)].filter(isSchema);
    if (alternatives.length > 0) {
      return this.value(depth < deepest / 2 ? alternatives[0]! : alternatives.at(-1)!, depth + 1);
    }
    const all = list(schema.allOf).filter(isSchema);
    if (all.length > 0) return this.value(merge([schema, ...all]), depth + 1);
    return this.#ofType(typeOf(schema), schema, depth);
  }

  #ofType(type: string, schema: Schema, depth: number): unknown {
    switch (type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
        return this.#number(schema, 1);
      case 'number':
        return this.#number(schema, 0.5);
      case 'boolean':
        return this.#random() < 0.5;
      case 'null':
        return null;
      default:
        return this.#string(schema);
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const required = list(schema.required);
    const made: Record<string, unknown> = {};
    for (const [name, child] of Object.entries(
      isSchema(schema.properties) ? schema.properties : {},
    )) {
      // Optional properties of deep values are left out, which ends most recursion.
      if (!required.includes(name) && depth > 2) continue;
      made[name] = this.value(isSchema(child) ? child : {}, depth + 1);
    }
    return made;
  }

  #array(schema: Schema, depth: number): unknown[] {
    const least = whole(schema.minItems) ?? (depth > 4 ? 0 : 1);
    const most = whole(schema.maxItems) ?? Math.max(least, 2);
    const count = Math.min(most, Math.max(least, 1 + this.#below(2)));
    const items = isSchema(schema.items) ? schema.items : {};
    return Array.from({ length: depth > 4 ? least : count }, () => this.value(items, depth + 1));
  }

  /** A multiple of `step`, and of `multipleOf`, within the bounds. */
  #number(schema: Schema, step: number): number {
    const unit = typeof schema.multipleOf === 'number' ? schema.multipleOf : step;
    const above = finite(schema.exclusiveMinimum);
    const below = finite(schema.exclusiveMaximum);
    const least = above === null ? (finite(schema.minimum) ?? 0) : above + unit;
    const most = below === null ? (finite(schema.maximum) ?? least + 100 * unit) : below - unit;
    const first = Math.ceil(least / unit);
    const last = Math.max(first, Math.floor(most / unit));
    return (first + this.#below(last - first + 1)) * unit;
  }

  #string(schema: Schema): string {
    const example = typeof schema.format === 'string' ? formats[schema.format] : undefined;
    if (example !== undefined) return example;
    const words = ['Rotterdam', 'Singapore', 'copper', 'grain', 'timber', 'Monday'];
    const word = words[this.#below(words.length)]!;
    const least = whole(schema.minLength) ?? 0;
    const most = whole(schema.maxLength) ?? Math.max(least, word.length);
    return word.padEnd(least, 'x').slice(0, most);
  }

  /** `#/$defs/port` in the root; what is not there is any value. */
  #resolve(reference: string): Schema {
    let found: unknown = this.#root;
    for (const part of reference.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      found = isSchema(found) ? found[key] : undefined;
    }
    return isSchema(found) ? found : {};
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  duration: 'PT1H',
  email: 'harbour@example.com',
  hostname: 'example.com',
  uri: 'https://example.com/',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function typeOf(schema: Schema): string {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (typeof type === 'string') return type;
  if (isSchema(schema.properties)) return 'object';
  return isSchema(schema.items) ? 'array' : 'string';
}

function merge(schemas: readonly Schema[]): Schema {
  const properties = Object.assign({}, ...schemas.map(s => s.properties ?? {}));
  const required = schemas.flatMap(s => list(s.required));
  const { allOf: _, ...merged } = Object.assign({}, ...schemas) as Record<string, unknown>;
  return { ...merged, properties, required };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function whole(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
