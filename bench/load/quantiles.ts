// Quantiles of measured times, exact: all values are kept.

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/** Sorts `values` in place. All 0 where there are none. */
export function quantiles(values: number[]): Quantiles {
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) };
}

export function median(values: readonly number[]): number {
  return quantiles([...values]).p50;
}
