// The report of a what-if, as far as promotion and verification read it.

import { readFileSync } from 'node:fs';
import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { UsageError } from '../../command.ts';

type Read = 'name' | 'costUsd' | 'costByCloud' | 'ttftMs' | 'totalMs' | 'availability' | 'hhi';
type ReadIntervals = 'costUsd' | 'ttftMs' | 'totalMs' | 'availability' | 'failovers' | 'hhi';

export type ReportedCase = Pick<CaseReport, Read | 'failovers'> & {
  readonly intervals: Pick<CaseReport['intervals'], ReadIntervals>;
};

export interface Report {
  readonly traffic: Pick<WhatIfReport['traffic'], 'requests' | 'spanSeconds'>;
  readonly base: ReportedCase;
  readonly scenarios: readonly ReportedCase[];
}

/** The text of a report, and what it says. Throws UsageError when it is none. */
export function readReport(file: string): { readonly text: string; readonly report: Report } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read the report: ${(cause as Error).message}`);
  }
  return { text, report: parseReport(text, file) };
}

export function parseReport(text: string, file: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${(cause as Error).message}`);
  }
  const { traffic, base, scenarios } = (value ?? {}) as Partial<Report>;
  const isReport = typeof traffic?.requests === 'number' && base && Array.isArray(scenarios);
  if (isReport) return value as Report;
  throw new UsageError(
    `${file} is no report of a what-if: make one with "what-if ... --json FILE"`,
  );
}

/** The case of a report that is meant: the one of that name, or the only one. */
export function caseOf(report: Report, name: string | null, option: string): ReportedCase {
  const names = report.scenarios.map(one => one.name);
  const found =
    name === null && names.length === 1
      ? report.scenarios[0]
      : report.scenarios.find(one => one.name === name);
  if (found !== undefined) return found;
  const wanted = name === null ? 'has several scenarios' : `has no scenario "${name}"`;
  throw new UsageError(`the report ${wanted}; ${option} must name one of: ${names.join(', ')}`);
}
