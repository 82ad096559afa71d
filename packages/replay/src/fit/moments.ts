// Figures of samples.

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)]! + sorted[Math.ceil(at)]!) / 2;
}

/** The root of the mean square. */
export function deviationOf(residuals: readonly number[]): number {
  return Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length);
}
