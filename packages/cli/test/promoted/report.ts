// A report of a what-if with few figures, as far as promotion and verification read it.

import type { Report, ReportedCase } from '../../src/commands/policy/report-file.ts';

const open = { p50: null, p95: null, p99: null };

export function reportedCase(name: string, changes: Partial<ReportedCase> = {}): ReportedCase {
  return {
    name,
    costUsd: 10,
    costByCloud: { openai: 10 },
    ttftMs: { p50: 300, p95: 900, p99: 1500 },
    totalMs: { p50: 3000, p95: 9000, p99: 15_000 },
    availability: 0.999,
    hhi: 10_000,
    failovers: 1,
    intervals: {
      costUsd: [9, 11],
      ttftMs: { ...open, p50: [250, 350] },
      totalMs: open,
      availability: [0.99, 1],
      failovers: null,
      hhi: null,
    },
    ...changes,
  };
}

export function reportOf(...scenarios: readonly ReportedCase[]): Report {
  const traffic = { requests: 1000, spanSeconds: 3600 };
  return { traffic, base: reportedCase('base'), scenarios };
}
