// How often a candidate is preferred to what served before, over pairs of answers to the same
// request: a tie is half. 0.5 is as good as before.

export interface Tally {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export interface Preference {
  readonly pairs: number;
  readonly score: number;
  readonly least: number;
  readonly most: number;
}

/** 90 %, two-sided. */
const z = 1.6448536269514722;

/**
 * Mean and 90 % interval of the pairs' outcomes (1, 0.5, 0): Wilson's with the correction for
 * counts (Newcombe 1998, method 4), which keeps within 0 and 1 and holds for few pairs too. Ties
 * make the outcomes vary less than it takes for granted, so with them it is wider than it must be.
 * Nothing judged is nothing known: 0.5 within 0 and 1.
 */
export function preferenceOf({ wins, ties, losses }: Tally): Preference {
  const n = wins + ties + losses;
  if (n === 0) return { pairs: n, score: 0.5, least: 0, most: 1 };
  const p = (wins + ties / 2) / n;
  const middle = 2 * n * p + z * z;
  const half = (sign: 1 | -1): number =>
    1 + z * Math.sqrt(z * z + sign * 2 - 1 / n + 4 * p * (n * (1 - p) - sign));
  const below = 2 * (n + z * z);
  return {
    pairs: n,
    score: p,
    least: p === 0 ? 0 : Math.max(0, (middle - half(-1)) / below),
    most: p === 1 ? 1 : Math.min(1, (middle + half(1)) / below),
  };
}
