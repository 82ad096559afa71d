// Fields of a row of a file of published runs, whatever the row holds: what is left out is as if it
// were null, and what is of another type is said with the field's name.

export type Given = Readonly<Record<string, unknown>>;

/** A field that is not what it must be. */
export class WrongField extends Error {}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it is shown in a message: its beginning. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}

/** What must be there: neither null nor an empty text. */
export function needed<T>(value: T | null, name: string): T {
  if (value === null || value === '') throw new WrongField(`${name} is missing`);
  return value;
}

/** An object inside; `inside` of what it holds is its name and a dot. */
export function part(of: Given, name: string): Given | null {
  const value = of[name] ?? null;
  if (value === null || isObject(value)) return value;
  throw new WrongField(`${name} must be an object, not ${shown(value)}`);
}

/** A text, or null. */
export function text(of: Given, name: string, inside = ''): string | null {
  const value = of[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new WrongField(`${inside}${name} must be a text, not ${shown(value)}`);
}

/** True, false or null. */
export function flag(of: Given, name: string, inside = ''): boolean | null {
  const value = of[name] ?? null;
  if (value === null || typeof value === 'boolean') return value;
  throw new WrongField(`${inside}${name} must be true or false, not ${shown(value)}`);
}

/** A number above 0, or null. */
export function amount(of: Given, name: string, inside = ''): number | null {
  const value = of[name] ?? null;
  if (value === null || (typeof value === 'number' && value > 0)) return value;
  throw new WrongField(`${inside}${name} must be a number above 0, not ${shown(value)}`);
}

/** A whole number above 0, or null. */
export function count(of: Given, name: string, inside = ''): number | null {
  const value = amount(of, name, inside);
  if (value === null || Number.isInteger(value)) return value;
  throw new WrongField(`${inside}${name} must be a whole number, not ${value}`);
}

/** A count that may be 0. */
export function countOrNone(of: Given, name: string, inside = ''): number | null {
  return of[name] === 0 ? 0 : count(of, name, inside);
}

/** An amount that may be 0. */
export function amountOrNone(of: Given, name: string, inside = ''): number | null {
  return of[name] === 0 ? 0 : amount(of, name, inside);
}
