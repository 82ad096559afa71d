// Lays a job out on chips of one accelerator, or says why that cannot be and what would.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import { chipOf } from '../chip.ts';
import { type Layout, layoutProblems, type TrainingJob } from '../layout.ts';
import type { Fitted } from '../train/fitted.ts';
import { type Ground, groundOf } from '../train/ground.ts';
import type { GivenLayout } from '../train/published-run.ts';
import { bestLayout } from './best-layout.ts';
import type { LaidOut } from './plan-on-hosts.ts';
import { stackFor } from './stack-for.ts';
import { openLayout, type TrainingRequest } from './training-request.ts';
import { isValidated } from './uncertainty.ts';

/** More chips than anybody has rented at once. */
const mostChips = 262_144;

/** The layout on so many chips, or the reason that there is none. */
export function layOut(
  request: TrainingRequest,
  accelerator: Accelerator,
  chips: number,
  fitted: Fitted,
): LaidOut | { readonly reason: string } {
  const stack = stackFor(chipOf(accelerator), request.precision, request.asOf, fitted);
  const job = jobOf(request);
  const ground = groundOf(job, stack.chip, stack.parameters);
  if ('missing' in ground) {
    return { reason: `cannot be judged: its ${ground.missing.join(', ')} is not known` };
  }
  // MaxText shards all states; the others replicate weights and shard the optimizer.
  const usual = { sharding: stack.framework === 'maxtext' ? 'zero3' : 'zero1' } as const;
  const given: GivenLayout = { ...openLayout, ...usual, ...request.given };
  const found = bestLayout(ground, job, given, chips * stack.ranks);
  if (found === null) return { reason: noValid(job, given, chips * stack.ranks) };
  if (!found.step.memory.fits) {
    return { reason: tooLarge(ground, job, given, chips, stack.ranks, found.layout) };
  }
  return {
    acceleratorId: accelerator.id,
    chips,
    stack,
    validated: isValidated(accelerator.id, fitted),
    layout: found.layout,
    step: found.step,
    unknown: ground.unknown,
    place: null,
  };
}

export function jobOf(request: TrainingRequest): TrainingJob {
  const { model, sequence, globalBatch, precision } = request;
  return { model, sequence, globalBatch, precision, frozenBase: false };
}

/** Which of the given degrees is in the way, in the words of the rules of layouts. */
function noValid(job: TrainingJob, given: GivenLayout, ranks: number): string {
  const one = { tp: 1, sp: false, pp: 1, vpp: 1, cp: 1, ep: 1, etp: 1, microBatch: 1 };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const base = { ...one, sharding: 'zero1', shards: null, recompute: 'none', recomputedShare: 1 };
  const layout = { ...base, dp: 1, ...said } as Layout;
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
  job: TrainingJob,
  given: GivenLayout,
  chips: number,
  ranks: number,
  least: Layout,
): string {
  const gb = (bytes: number): string => `${Math.round(bytes / 1e9)} GB`;
  const of = bestLayout(ground, job, given, chips * ranks)!.step.memory;
  const each = ranks === 1 ? 'a chip' : `a rank (${ranks} a chip)`;
  const said = `does not fit: ${gb(of.totalBytes)} of ${gb(of.capacityBytes)} on ${each} at best (tp ${least.tp}, pp ${least.pp})`;
  for (let more = chips * 2; more <= mostChips; more *= 2) {
    const found = bestLayout(ground, job, given, more * ranks);
    if (found?.step.memory.fits) return `${said}; it fits on ${more} chips`;
  }
  return `${said}; no number of chips up to ${mostChips} is enough`;
}
