// The cases of a sweep by what one wants of them: little cost, delay and concentration, much
// availability, and quality where it is scored. A case is on the frontier when no other is at
// least as good in all and better in one.

import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import type { QualityReport } from './quality-report.ts';

/** What is wanted, as a number that is better the smaller it is; null is worse than any. */
export type Aim = (one: CaseReport) => number | null;

export const aims: Readonly<Record<'cost' | 'latency' | 'failing' | 'concentration', Aim>> = {
  cost: one => one.costUsd,
  latency: one => one.ttftMs.p95,
  failing: one => (one.availability === null ? null : 1 - one.availability),
  concentration: one => one.hhi,
};

/** What a case lacks of the full score. */
export function lacking(quality: QualityReport['quality']): Aim {
  return ({ name }) => {
    const score = quality[name]?.score ?? null;
    return score === null ? null : 1 - score;
  };
}

/** Differences below this share are luck. */
const leastDifference = 0.005;

/** The cases that no other beats in the aims, in their order. */
export function frontierOf<T extends CaseReport>(
  cases: readonly T[],
  wanted: readonly Aim[] = Object.values(aims),
): T[] {
  const all = cases.map(one => ({
    one,
    values: wanted.map(aim => aim(one) ?? Number.POSITIVE_INFINITY),
  }));
  return all
    .filter(({ values }) => !all.some(other => beats(other.values, values)))
    .map(({ one }) => one);
}

function beats(a: readonly number[], b: readonly number[]): boolean {
  const isBetter = (i: number): boolean => a[i]! < b[i]! * (1 - leastDifference);
  const isWorse = (i: number): boolean => b[i]! < a[i]! * (1 - leastDifference);
  return !a.some((_, i) => isWorse(i)) && a.some((_, i) => isBetter(i));
}
