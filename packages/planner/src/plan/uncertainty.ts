// How far a predicted step may be from a measured one. The errors are those of predictions of pairs
// of chip and model that were left out of the fit (docs/accuracy.md); where no run of the chip is
// public nothing says how far off it is, and the range is what one generation moved by software.

import { around, type Interval } from '../interval.ts';
import type { ModelShape } from '../model-shape.ts';
import { accuracyOn, type Fitted } from '../train/fitted.ts';

/** Where a fit has no cross-validation with it: ninety of a hundred runs were within it. */
const usualError = { dense: 0.2, experts: 0.45 };
/**
 * Trainium1 reached 15 to 31 % of its peak over the releases of its software: a factor of two, half
 * of it to either side.
 */
const unvalidatedError = { dense: 0.5, experts: 0.8 };

/** Whether published runs of the chip are behind the fit. */
export function isValidated(acceleratorId: string, fitted: Fitted): boolean {
  if (fitted.accuracy.length > 0) return accuracyOn(fitted, acceleratorId) !== null;
  return fitted.factors.some(f => f.level === 'chip' && f.of === acceleratorId);
}

/**
 * The step with the range that ninety of a hundred held-out runs were in: those of the chip or
 * those of the kind of model, whichever were further off.
 */
export function stepInterval(
  seconds: number,
  model: ModelShape,
  acceleratorId: string,
  fitted: Fitted,
): Interval {
  const kind = model.experts === null ? 'dense' : 'experts';
  if (!isValidated(acceleratorId, fitted)) return around(seconds, unvalidatedError[kind]);
  const ofKind = fitted.accuracy.find(a => a.by === 'kind' && a.name === kind);
  const ofChip = accuracyOn(fitted, acceleratorId);
  const error = ofKind === undefined ? usualError[kind] : ofKind.p90;
  return around(seconds, Math.max(error, ofChip?.p90 ?? 0));
}
