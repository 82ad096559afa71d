// How far a predicted step may be from a measured one. The errors are those of predictions of pairs
// of chip and model that were left out of the fit (docs/accuracy.md); where no run of the chip is
// public nothing says how far off it is, and the range is what one generation moved by software.

import { around, type Interval } from '../interval.ts';
import type { ModelShape } from '../model-shape.ts';
import type { Fitted } from '../train/fitted.ts';

/** Ninety of a hundred held-out runs are within it. */
const heldOut = { dense: 0.2, experts: 0.45 };
/**
 * Trainium1 reached 15 to 31 % of its peak over the releases of its software: a factor of two, half
 * of it to either side.
 */
const unvalidated = { dense: 0.5, experts: 0.8 };

/** Whether published runs of the chip are behind the fit. */
export function isValidated(acceleratorId: string, fitted: Fitted): boolean {
  return fitted.factors.some(f => f.level === 'chip' && f.of === acceleratorId);
}

/** The step with the range it is in. */
export function stepInterval(seconds: number, model: ModelShape, validated: boolean): Interval {
  const kind = model.experts === null ? 'dense' : 'experts';
  return around(seconds, (validated ? heldOut : unvalidated)[kind]);
}
