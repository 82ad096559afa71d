// Money as people write it (USD, decimal) and as the project computes with it (integers).
// Prices of tokens: integer pico-USD per token; 1 USD per million tokens is 1,000,000 of them.
// Prices of instances: integer nano-USD per hour.

const picoPerUsdPerMtok = 1_000_000;
const nanoPerUsd = 1_000_000_000;

/**
 * USD per million tokens, as a file says it, in pico-USD per token. null when the number is
 * negative, not finite, or finer than one pico-USD: exact or nothing.
 */
export function toPicoUsd(usdPerMtok: number): number | null {
  return toWhole(usdPerMtok, picoPerUsdPerMtok);
}

/** USD in nano-USD; null when it is negative, not finite, or finer than one nano-USD. */
export function toNanoUsd(usd: number): number | null {
  return toWhole(usd, nanoPerUsd);
}

/** Pico-USD per token as USD per million tokens: exact, at least two decimals (`0.0375`). */
export function formatUsdPerMtok(picoUsd: number): string {
  return format(picoUsd, 6);
}

/** Nano-USD as USD: exact, at least two decimals. */
export function formatUsd(nanoUsd: number): string {
  return format(nanoUsd, 9);
}

/**
 * The test is a round trip: whole / scale is correctly rounded, so it gives the same double again
 * exactly when `value` is the double nearest to that decimal number.
 */
function toWhole(value: number, scale: number): number | null {
  const whole = Math.round(value * scale);
  if (!Number.isSafeInteger(whole) || whole < 0 || whole / scale !== value) return null;
  return whole;
}

function format(units: number, decimals: number): string {
  if (!Number.isSafeInteger(units) || units < 0) {
    throw new RangeError(`money must be a whole number from 0 up, not ${units}`);
  }
  const digits = String(units).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals);
  const rest = fraction.slice(2).replace(/0+$/, '');
  return `${digits.slice(0, -decimals)}.${fraction.slice(0, 2)}${rest}`;
}
