import type { Fields } from '../fields.ts';

/** The positive numbers under freely chosen names. */
export function readNamedNumbers(fields: Fields, name: string): (readonly [string, number])[] {
  const names = Object.keys((fields.raw(name) ?? {}) as object);
  const inner = fields.object(name, names);
  if (names.length === 0) fields.problem(name, 'must have at least one entry');
  return names.map(key => [key, inner.positiveOrNull(key) ?? 0] as const);
}
