// Money and counts as text, exactly: no figure passes through a float.

/** Nano-USD in USD with all nine decimals; `unknown` for null. */
export function usd(nanoUsd: bigint | number | null): string {
  if (nanoUsd === null) return 'unknown';
  const digits = BigInt(nanoUsd).toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** The number, or `unknown` for null. */
export function known(value: number | null): string {
  return value === null ? 'unknown' : String(value);
}

/** JSON on one line. Amounts beyond 2^53 are written out in full, as JSON allows. */
export function json(value: object): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? exact(v) : v));
}

/** TypeScript's library does not know JSON.rawJSON yet. */
function exact(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}
