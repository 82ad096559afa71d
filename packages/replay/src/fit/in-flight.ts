// How much was under way at an upstream when an attempt began: told of the ledger's own attempts,
// for what others ask of it no ledger knows.

import type { AttemptRow } from './attempt-row.ts';
import { medianOf } from './moments.ts';

export interface Load {
  /** Other attempts that had begun and not ended. */
  readonly inFlight: number;
  /** Attempts that began within so long before as one usually takes, however long those took. */
  readonly arrivals: number;
}

/** Of each of `rows`, which are all attempts on one deployment, in their order. */
export function loadsOf(rows: readonly AttemptRow[]): Load[] {
  if (rows.length === 0) return [];
  const starts = Float64Array.from(rows, row => row.startedAtMs).sort();
  const ends = Float64Array.from(rows, row => row.startedAtMs + row.totalMs).sort();
  const usualMs = medianOf(rows.map(row => row.totalMs));
  return rows.map(({ startedAtMs }) => {
    const begun = countBelow(starts, startedAtMs);
    return {
      inFlight: Math.max(0, begun - countBelow(ends, startedAtMs)),
      arrivals: begun - countBelow(starts, startedAtMs - usualMs),
    };
  });
}

function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
