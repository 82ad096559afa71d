// A caller's JSON as Google's servers read it: JSON of protocol buffers. A field may be written
// `inlineData` or `inline_data`, one message may stand where a list of them is meant, and an enum
// may be a number.

import { badField, isObject, type JsonObject, ObjectReader } from '../json.ts';

export class ProtoReader extends ObjectReader {
  /** Maps (arguments, labels, schemas) are no messages: read them by `value`. */
  constructor(value: unknown, path: string) {
    super(camelCased(value, path), path);
  }

  override child(key: string): ProtoReader | undefined {
    const value = this.value(key);
    return value === undefined ? undefined : new ProtoReader(value, this.pathOf(key));
  }

  override objects(key: string): readonly ProtoReader[] | undefined {
    const value = this.value(key);
    if (isObject(value)) return [new ProtoReader(value, this.pathOf(key))];
    return this.array(key)?.map(
      (item, index) => new ProtoReader(item, `${this.pathOf(key)}[${index}]`),
    );
  }

  override requiredObject(key: string): ProtoReader {
    const value = this.child(key);
    if (value === undefined) throw this.bad(key, 'it is required');
    return value;
  }

  /** An object whose keys are the caller's own. */
  map(key: string): JsonObject | undefined {
    const value = this.value(key);
    if (value === undefined || isObject(value)) return value;
    throw this.bad(key, 'expected an object');
  }

  /** A word of an enum, or its number: the words stand in the order of their numbers. */
  enumWord<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.value(key);
    const word = typeof value === 'number' ? words[value] : undefined;
    return word ?? this.oneOf(key, words);
  }

  /** True if the object has a key that is not among these. */
  saysMoreThan(known: ReadonlySet<string>): boolean {
    return Object.keys(this.object).some(key => !known.has(key) && this.value(key) !== undefined);
  }
}

/** The value with its own keys in camel case; not those of values inside. */
export function camelCased(value: unknown, path: string): unknown {
  if (!isObject(value) || !Object.keys(value).some(key => key.includes('_'))) return value;
  const entries = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const camel = key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) =>
      letter.toUpperCase(),
    );
    if (entries.has(camel)) {
      throw badField(path === '' ? camel : `${path}.${camel}`, 'it is written twice');
    }
    entries.set(camel, inner);
  }
  return Object.fromEntries(entries);
}
