// Money is whole nano-USD, prices whole pico-USD per token. Products are exact.

/** Tokens of one kind at one price. null is an unknown price. */
export interface Priced {
  readonly tokens: number;
  readonly pricePicoUsd: number | null;
}

/**
 * What tokens cost, in nano-USD, rounded half up once. null where a price is needed and unknown, or
 * where a count is not a count (negative, fractional). Throws RangeError beyond 2^53 nano-USD,
 * which is nine million dollars.
 */
export function nanoUsd(tokens: number, pricePicoUsd: number | null): number | null {
  if (!isCount(tokens)) return null;
  if (tokens === 0) return 0;
  if (pricePicoUsd === null) return null;
  // A product that comes out safe is exact: a larger one could not have rounded down into range.
  const picoUsd = tokens * pricePicoUsd;
  if (Number.isSafeInteger(picoUsd)) return roundedToNano(picoUsd);
  return nanoUsdOfAll([{ tokens, pricePicoUsd }]);
}

/** The same for tokens of several kinds that make one amount. */
export function nanoUsdOfAll(kinds: readonly Priced[]): number | null {
  let sum = 0;
  for (const { tokens, pricePicoUsd } of kinds) {
    if (!isCount(tokens)) return null;
    if (tokens === 0) continue;
    if (pricePicoUsd === null) return null;
    sum += tokens * pricePicoUsd;
  }
  return Number.isSafeInteger(sum) ? roundedToNano(sum) : largeNanoUsd(kinds);
}

/** What is beyond the safe integers in pico-USD, none of it unknown. */
function largeNanoUsd(kinds: readonly Priced[]): number {
  let picoUsd = 0n;
  for (const { tokens, pricePicoUsd } of kinds) {
    if (pricePicoUsd !== null) picoUsd += BigInt(tokens) * BigInt(pricePicoUsd);
  }
  const nano = Number((picoUsd + 500n) / 1000n);
  if (!Number.isSafeInteger(nano)) throw new RangeError(`not a charge: ${nano} nano-USD`);
  return nano;
}

/** Adds amounts of which one may be unknown: then so is the sum. */
export function sumNanoUsd(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function isCount(tokens: number): boolean {
  return Number.isSafeInteger(tokens) && tokens >= 0;
}

/** The quotient in a double may be off by one: the remainder, which is exact, tells. */
function roundedToNano(picoUsd: number): number {
  let nano = Math.floor(picoUsd / 1000);
  let rest = picoUsd - nano * 1000;
  if (rest < 0) {
    nano -= 1;
    rest += 1000;
  }
  return rest >= 500 ? nano + 1 : nano;
}
