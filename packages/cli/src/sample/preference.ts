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
 * Mean and 90 % interval of the pairs' outcomes (1, 0.5, 0): Wilson's, which keeps within 0 and 1
 * and holds for few pairs. Ties make the outcomes vary less than it takes for granted, so with them
 * it is wider than it must be. Nothing judged is nothing known: 0.5 within 0 and 1.
 */
export function preferenceOf({ wins, ties, losses }: Tally): Preference {
  const pairs = wins + ties + losses;
  if (pairs === 0) return { pairs, score: 0.5, least: 0, most: 1 };
  const score = (wins + ties / 2) / pairs;
  const square = (z * z) / pairs;
  const middle = (score + square / 2) / (1 + square);
  const half = (z * Math.sqrt((score * (1 - score)) / pairs + square / (4 * pairs))) / (1 + square);
  return {
    pairs,
    score,
    least: Math.max(0, Math.min(score, middle - half)),
    most: Math.min(1, Math.max(score, middle + half)),
  };
}
