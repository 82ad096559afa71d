// Times to the first token by the length of the prompt, as a line and what scatters around it: how
// what-if draws them.

export interface FirstTokenLine {
  /** Median, of an empty prompt. */
  readonly seconds: number;
  readonly secondsPerInputToken: number;
  /** Deviation of the logarithm above the line, up to the 95th percentile. */
  readonly spread: number;
}

/** Of a normal distribution: the 95th percentile in deviations. */
export const deviationsOf95 = 1.645;
/** The least of the mean that does not hang on the prompt. */
const leastShare = 0.05;

/** Least squares, never falling with the length; then moved so that half are on each side. */
export function firstTokenLine(
  inputTokens: Uint32Array,
  ttftSeconds: Float64Array,
): FirstTokenLine {
  const count = Math.max(1, ttftSeconds.length);
  const mean = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i]!;
    return sum / count;
  };
  const tokens = mean(inputTokens);
  const seconds = mean(ttftSeconds);
  let squares = 0;
  let products = 0;
  for (let i = 0; i < ttftSeconds.length; i++) {
    squares += (inputTokens[i]! - tokens) ** 2;
    products += (inputTokens[i]! - tokens) * (ttftSeconds[i]! - seconds);
  }
  const steepest = tokens === 0 ? 0 : ((1 - leastShare) * seconds) / tokens;
  const slope = squares === 0 ? 0 : Math.min(steepest, Math.max(0, products / squares));
  const base = seconds - slope * tokens;
  const ratios = ttftSeconds.map((t, i) => t / (base + slope * inputTokens[i]!)).sort();
  const at = (share: number): number =>
    ratios[Math.min(ratios.length - 1, Math.floor(ratios.length * share))] ?? 1;
  const median = at(0.5);
  return {
    seconds: base * median,
    secondsPerInputToken: slope * median,
    spread: Math.max(0, Math.log(at(0.95) / median)) / deviationsOf95,
  };
}
