// The cases of a sweep by what one wants of them: little cost, delay and concentration, much
// availability, and quality where it is scored. A case is on the frontier when no other is at
// least as good in all and better in one.

import type { CaseReport } from '@entrepot/replay/what-if/report';
import type { QualityReport } from './quality-report.ts';

/** Smaller is better in each. Differences below a tenth of a percent are none. */
function aimsOf(one: CaseReport, quality: QualityReport['quality']): readonly number[] {
  const worst = Number.POSITIVE_INFINITY;
  const rough = (value: number | null): number =>
    value === null ? worst : Number(value.toPrecision(3));
  const failing = one.availability === null ? worst : 1 - one.availability;
  const score = quality[one.name]?.score ?? null;
  const lacking = score === null ? worst : 1 - score;
  return [one.costUsd, one.ttftMs.p95, one.totalMs.p95, failing, one.hhi, lacking].map(rough);
}

/** The cases that no other beats, in their order. */
export function frontierOf<T extends CaseReport>(
  cases: readonly T[],
  quality: QualityReport['quality'] = {},
): T[] {
  const all = cases.map(one => ({ one, aims: aimsOf(one, quality) }));
  return all
    .filter(({ aims }) => !all.some(other => beats(other.aims, aims)))
    .map(({ one }) => one);
}

function beats(a: readonly number[], b: readonly number[]): boolean {
  return a.every((aim, i) => aim <= b[i]!) && a.some((aim, i) => aim < b[i]!);
}
