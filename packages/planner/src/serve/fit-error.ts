// How far the fitted physics was off on runs of pairs that no fit had seen.

import type { FittedServing, GroupErrors } from './read-parameters.ts';

/** Error of a prediction that nothing could be checked on, as a share. */
export const unvalidatedError = 0.6;

/** Median error of a measure: of all runs, or of this accelerator's where those are worse. */
export function medianError(
  { crossValidation }: FittedServing,
  chipId: string,
  measure: GroupErrors['measure'],
): number {
  const own = crossValidation.groups.find(g => g.name === chipId && g.measure === measure);
  return Math.max(crossValidation[measure].median, own?.median ?? 0);
}
