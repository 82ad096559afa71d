// What a run of the benchmarks found, as it is kept, and as a table.

import type { Quantiles } from './load/quantiles.ts';

export interface SideResult {
  readonly side: string;
  /** null where it is absent. */
  readonly version: string | null;
  readonly absent: string | null;
  /** From the start of its process to its first answer with status 200. */
  readonly coldStartMs: number | null;
  readonly idleRssBytes: number | null;
}

export interface Row {
  readonly work: string;
  readonly side: string;
  /** What CPU time is per: a request, or an event of a stream. */
  readonly unit: string;
  /** Open-loop, at which 99 of 100 are answered in 50 ms; null for paced streams. */
  readonly requestsPerSecond: number | null;
  /** Of the whole process tree, at the rate below. */
  readonly cpuUs: number;
  readonly rate: number | null;
  /** At that rate, less what the same load takes without a proxy. */
  readonly addedMs: Quantiles;
  readonly addedFirstByteMs: Quantiles;
  /** One, four and sixteen callers, each waiting for its answer: p50 and p99 added. */
  readonly sequential: readonly { readonly callers: number; readonly addedMs: Quantiles }[];
  readonly rssBytes: number;
  readonly failures: number;
}

export interface Result {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  readonly sides: readonly SideResult[];
  readonly rows: readonly Row[];
}

/** How often a row's CPU time is that of another side at the same work; null without one. */
export function ratioTo(rows: readonly Row[], row: Row, side: string): number | null {
  const other = rows.find(r => r.work === row.work && r.side === side);
  return other === undefined ? null : row.cpuUs / other.cpuUs;
}

export function less(a: Quantiles, b: Quantiles): Quantiles {
  return { p50: a.p50 - b.p50, p95: a.p95 - b.p95, p99: a.p99 - b.p99, p999: a.p999 - b.p999 };
}
