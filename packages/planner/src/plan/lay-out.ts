// Lays a job out on chips of one accelerator, or says why that cannot be and what would.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import { chipOf } from '../chip.ts';
import { type Layout, layoutProblems, type TrainingJob } from '../layout.ts';
import type { Fitted } from '../train/fitted.ts';
import { type Ground, groundOf } from '../train/ground.ts';
import type { GivenLayout } from '../train/published-run.ts';
import { type BestLayout, bestLayout } from './best-layout.ts';
import type { LaidOut } from './plan-on-hosts.ts';
import { type PlannedStack, stackFor } from './stack-for.ts';
import type { TrainingRequest } from './training-request.ts';
import { isValidated, stepInterval } from './uncertainty.ts';

/** More chips than anybody has rented at once. */
const mostChips = 262_144;

/** The layout on so many chips, or the reason that there is none. */
export function layOut(
  request: TrainingRequest,
  accelerator: Accelerator,
  chips: number,
  fitted: Fitted,
): LaidOut | { readonly reason: string } {
  const { vendor, firstYear } = accelerator;
  if (vendor === 'nvidia' && firstYear !== null && firstYear < 2020) {
    return {
      reason: 'it has no matrix units for bf16: a model of this size is not trained in fp16',
    };
  }
  const stack = stackFor(chipOf(accelerator), request.precision, request.asOf, fitted);
  const job = jobOf(request);
  const ground = groundOf(job, stack.chip, stack.parameters);
  if ('missing' in ground) {
    return { reason: `cannot be judged: its ${ground.missing.join(', ')} is not known` };
  }
  const found = bestLayout(ground, request.given, chips * stack.ranks, stack.framework);
  if (found === null) return { reason: noValid(job, request.given, chips * stack.ranks) };
  if (!found.step.memory.fits) {
    return { reason: tooLarge(ground, request, stack, chips, found) };
  }
  return {
    acceleratorId: accelerator.id,
    chips,
    stack,
    validated: isValidated(accelerator.id, fitted),
    layout: found.layout,
    step: found.step,
    stepSeconds: stepInterval(found.step.seconds, request.model, accelerator.id, fitted),
    unknown: ground.unknown,
    place: null,
  };
}

export function jobOf(request: TrainingRequest): TrainingJob {
  const { model, sequence, globalBatch, precision } = request;
  return { model, sequence, globalBatch, precision, frozenBase: false };
}

/** Which of the given degrees is in the way, in the words of the rules of layouts. */
function noValid(job: TrainingJob, given: Partial<GivenLayout>, ranks: number): string {
  const one = { tp: 1, sp: false, pp: 1, vpp: 1, cp: 1, ep: 1, etp: 1, microBatch: 1 };
  const base = { ...one, sharding: 'zero1', shards: null, recompute: 'none', recomputedShare: 1 };
  const layout = { ...base, dp: 1, ...given } as Layout;
  const problems = layoutProblems(job, layout);
  if (problems.length > 0) return problems.join('; ');
  const fixed = layout.tp * layout.pp * layout.cp;
  if (ranks % fixed !== 0) {
    const near = Math.max(1, Math.floor(ranks / fixed)) * fixed;
    return `${fixed} ranks of a replica do not divide ${ranks}; ${near} ranks would do`;
  }
  const { globalBatch } = job;
  return `no layout on ${ranks} ranks divides a batch of ${globalBatch} sequences: a batch of ${nextMultiple(ranks, globalBatch)} would`;
}

function nextMultiple(ranks: number, batch: number): number {
  let power = 1;
  while (power < batch || ranks % power !== 0) {
    power *= 2;
    if (power > ranks * 1024) return ranks;
  }
  return power;
}

/** How much is missing, and from how many chips on it would fit. */
function tooLarge(
  ground: Ground,
  request: TrainingRequest,
  { ranks, framework }: PlannedStack,
  chips: number,
  { layout, step }: BestLayout,
): string {
  const gb = (bytes: number): string => `${Math.round(bytes / 1e9)} GB`;
  const { totalBytes, capacityBytes } = step.memory;
  const each = ranks === 1 ? 'a chip' : `a rank (${ranks} a chip)`;
  const least = `${gb(totalBytes)} of ${gb(capacityBytes)} on ${each} at best`;
  const said = `does not fit: ${least} (tp ${layout.tp}, pp ${layout.pp})`;
  for (let more = chips * 2; more <= mostChips; more *= 2) {
    const found = bestLayout(ground, request.given, more * ranks, framework);
    if (found?.step.memory.fits) return `${said}; it fits on ${more} chips`;
  }
  return `${said}; no number of chips up to ${mostChips} is enough`;
}
