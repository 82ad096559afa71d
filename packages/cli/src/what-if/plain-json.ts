// JSON for plain data that JSON alone does not carry: maps, and numbers that are not finite.

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { $map: [...one] };
    if (typeof one === 'number' && !Number.isFinite(one)) return { $number: String(one) };
    return one;
  });
}

/** What `toJson` was given. Throws SyntaxError. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) => {
    const { $map, $number } = (one ?? {}) as { $map?: [unknown, unknown][]; $number?: string };
    if (Array.isArray($map)) return new Map($map);
    return typeof $number === 'string' ? Number($number) : one;
  });
}
