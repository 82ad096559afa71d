// Numbers that look random and are the same for the same seed. (mulberry32)

export type Random = () => number;

/** Numbers in [0, 1). */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer in [0, below). */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** One of them; the list is not empty. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[below(random, items.length)]!;
}

/** The bytes in pieces, cut at up to `most` random places; no piece is empty. */
export function inPieces(random: Random, bytes: Uint8Array, most: number): Uint8Array[] {
  const places = Array.from({ length: below(random, most + 1) }, () =>
    below(random, bytes.length + 1),
  );
  const ends = [...places.sort((one, two) => one - two), bytes.length];
  return ends
    .map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end))
    .filter(({ length }) => length > 0);
}
