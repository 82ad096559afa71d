// A figure with the range that it is likely to be in: what is printed beside every prediction.

/** `low <= likely <= high`, in the unit that the name of the figure says. */
export interface Interval {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** A figure that is known. */
export function exactly(value: number): Interval {
  return { low: value, likely: value, high: value };
}

/** The figure with a relative error on both sides: 0.1 is 10 %. */
export function around(likely: number, error: number): Interval {
  return { low: likely / (1 + error), likely, high: likely * (1 + error) };
}

/** What a function that grows with all its arguments makes of them, end by end. */
export function growing(
  compute: (...values: number[]) => number,
  ...inputs: readonly Interval[]
): Interval {
  const at = (end: keyof Interval): number => compute(...inputs.map(input => input[end]));
  return { low: at('low'), likely: at('likely'), high: at('high') };
}

/** 1/x of an interval above 0. */
export function inverse({ low, likely, high }: Interval): Interval {
  return { low: 1 / high, likely: 1 / likely, high: 1 / low };
}
