// Seeded randomness: each request draws from a stream of its own, named by seed, cloud and number,
// so that what one request draws never shifts what another gets.

/** Uniform in [0, 1). */
export type Random = () => number;

/** mulberry32 (public domain), seeded by the FNV-1a hash of a text. Never for secrets. */
export function randomFrom(text: string): Random {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A factor whose logarithm is normal with mean 0 and deviation `sigma` (Box-Muller). */
export function lognormal(random: Random, sigma: number): number {
  if (sigma === 0) return 1;
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

/** `length` letters and digits, as in the ids that clouds make. */
export function randomText(random: Random, length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  for (let i = 0; i < length; i++) text += letters[Math.floor(random() * letters.length)];
  return text;
}

/** In the form of a random UUID (RFC 9562, version 4). */
export function randomUuid(random: Random): string {
  const hex = Array.from({ length: 8 }, () =>
    Math.floor(random() * 0x10000)
      .toString(16)
      .padStart(4, '0'),
  );
  const [a, b, c, d, e, f, g, h] = hex as [string, ...string[]];
  return `${a}${b}-${c}-4${d!.slice(1)}-a${e!.slice(1)}-${f}${g}${h}`;
}
