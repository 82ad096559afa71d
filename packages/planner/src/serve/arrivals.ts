// Requests as the simulation takes them: columns in the order of time. Batches of the traffic
// readers have the same columns.

export interface Arrivals {
  readonly count: number;
  /** Ascending. */
  readonly atMs: Float64Array;
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
}

/** Mean lengths and rate of some arrivals. */
export interface ArrivalMeans {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

/** Means over arrivals, of which there must be two or more at different times for a rate. */
export function arrivalMeans({ count, atMs, inputTokens, outputTokens }: Arrivals): ArrivalMeans {
  let input = 0;
  let output = 0;
  for (let i = 0; i < count; i++) {
    input += inputTokens[i]!;
    output += outputTokens[i]!;
  }
  const seconds = count === 0 ? 0 : (atMs[count - 1]! - atMs[0]!) / 1000;
  return {
    inputTokens: input / Math.max(1, count),
    outputTokens: Math.max(1, output / Math.max(1, count)),
    requestsPerSecond: seconds === 0 ? 0 : (count - 1) / seconds,
    seconds,
  };
}

/** The `most` arrivals in a row that come in the shortest time: where a queue is longest. */
export function busiest(arrivals: Arrivals, most: number): Arrivals {
  const { count, atMs, inputTokens, outputTokens } = arrivals;
  if (count <= most) return arrivals;
  let from = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + most <= count; i++) {
    const span = atMs[i + most - 1]! - atMs[i]!;
    if (span < least) {
      least = span;
      from = i;
    }
  }
  return {
    count: most,
    atMs: atMs.slice(from, from + most),
    inputTokens: inputTokens.slice(from, from + most),
    outputTokens: outputTokens.slice(from, from + most),
  };
}
