// Looking into JSON of any shape, in tests that read it by the vendor's documentation.

export type Fields = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of an array, or none. */
export function fieldsAt(object: Fields, key: string): readonly Fields[] {
  return list(object[key]).map(objectOf);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Text that is no JSON stays the text; none at all is a call without arguments. */
export function argumentsOf(text: unknown): unknown {
  if (textOf(text) === '') return {};
  try {
    return JSON.parse(textOf(text));
  } catch {
    return text;
  }
}
