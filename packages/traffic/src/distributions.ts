// Draws from the distributions that traffic is made of.

/** Uniform in [0, 1). */
export type Random = () => number;

/** Box and Muller's transform of two uniform draws. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** Of mean 1. */
export function exponential(random: Random): number {
  return -Math.log(1 - random());
}

/** Of mean 1 and this shape. */
export function weibull(shape: number, random: Random): number {
  return exponential(random) ** (1 / shape) / Math.exp(logGamma(1 + 1 / shape));
}

/** Of mean 1 and this shape (Marsaglia and Tsang, 2000). */
export function gamma(shape: number, random: Random): number {
  if (shape < 1) {
    // A draw of shape + 1 has mean shape + 1 before the power brings it down.
    const raised = gamma(shape + 1, random) * (shape + 1);
    return (raised * (1 - random()) ** (1 / shape)) / shape;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return (d * v) / shape;
    }
  }
}

/** Stirling's series, after stepping up to where it is exact to 1e-10. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5);
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
