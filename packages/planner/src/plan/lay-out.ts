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
/** Numbers of chips above one that are tried, in multiples of it. */
const multiples = [
  1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 1024, 4096,
];

/** Whole hosts above a number of chips, nearest first. */
export function moreChips(chips: number, hostChips: number): number[] {
  const hosts = multiples.map(m => Math.max(1, Math.floor((chips * m) / hostChips)));
  const counts = [...new Set(hosts)].map(count => count * hostChips);
  return counts.filter(count => count > chips && count <= mostChips);
}

/** The layout on so many chips, or the reason that there is none. */
export function layOut(
  request: TrainingRequest,
  accelerator: Accelerator,
  chips: number,
  fitted: Fitted,
): LaidOut | { readonly reason: string } {
  const found = tryLayOut(request, accelerator, chips, fitted);
  return typeof found === 'function' ? { reason: found() } : found;
}

/** The same; why there is none is found only when it is asked for, as that takes searches. */
export function tryLayOut(
  request: TrainingRequest,
  accelerator: Accelerator,
  chips: number,
  fitted: Fitted,
): LaidOut | (() => string) {
  if (/^Inferentia/.test(accelerator.id)) return () => 'it is built for inference alone';
  const { vendor, firstYear } = accelerator;
  if (vendor === 'nvidia' && firstYear !== null && firstYear < 2020) {
    return () => 'it has no matrix units for bf16: a model of this size is not trained in fp16';
  }
  const stack = stackFor(chipOf(accelerator), request.precision, request.asOf, fitted);
  const job = jobOf(request);
  const ground = groundOf(job, stack.chip, stack.parameters);
  if ('missing' in ground) {
    return () => `cannot be judged: its ${ground.missing.join(', ')} is not known`;
  }
  const found = bestLayout(ground, request.given, chips * stack.ranks, stack.framework);
  if (found === null) {
    return () =>
      degreesInTheWay(job, request.given, chips * stack.ranks) ??
      otherChips(ground, request, stack, chips);
  }
  if (!found.step.memory.fits) {
    return () => tooLarge(ground, request, stack, chips, found);
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

/** Which of the given degrees is in the way, in the words of the rules of layouts; or null. */
function degreesInTheWay(
  job: TrainingJob,
  given: Partial<GivenLayout>,
  ranks: number,
): string | null {
  const one = { tp: 1, sp: false, pp: 1, vpp: 1, cp: 1, ep: 1, etp: 1, microBatch: 1 };
  const base = { ...one, sharding: 'zero1', shards: null, recompute: 'none', recomputedShare: 1 };
  const layout = { ...base, dp: 1, ...given } as Layout;
  const problems = layoutProblems(job, layout);
  if (problems.length > 0) return problems.join('; ');
  const fixed = layout.tp * layout.pp * layout.cp;
  if (ranks % fixed === 0) return null;
  const near = Math.max(1, Math.floor(ranks / fixed)) * fixed;
  return `${fixed} ranks of a replica do not divide ${ranks}; ${near} ranks would do`;
}

/** Chips of a host, of which the stack sees ranks. */
function stackHostChips(ranksPerHost: number | null, ranks: number): number {
  return Math.max(1, Math.round((ranksPerHost ?? ranks) / ranks));
}

/** So many numbers of chips are tried, host by host downwards, before powers of two are. */
const tried = 24;

/** The nearest number of chips that layers, heads and the batch can be divided over. */
function otherChips(
  ground: Ground,
  request: TrainingRequest,
  { ranks, framework, chip }: PlannedStack,
  chips: number,
): string {
  const host = stackHostChips(chip.chipsPerHost, ranks);
  const near = Array.from({ length: tried }, (_, i) => chips - (i + 1) * host);
  for (let power = 2 ** Math.floor(Math.log2(chips)); power >= 1; power /= 2) near.push(power);
  const able = near.find(n => {
    return n > 0 && bestLayout(ground, request.given, n * ranks, framework)?.step.memory.fits;
  });
  const said = `no layout divides the model and a batch of ${request.globalBatch} over ${chips} chips`;
  return able === undefined ? said : `${said}; over ${able} chips one does`;
}

/** How much is missing, and from how many chips on it would fit. */
function tooLarge(
  ground: Ground,
  request: TrainingRequest,
  { ranks, framework, chip }: PlannedStack,
  chips: number,
  { layout, step }: BestLayout,
): string {
  const gb = (bytes: number): string => `${Math.round(bytes / 1e9)} GB`;
  const { totalBytes, capacityBytes } = step.memory;
  const each = ranks === 1 ? 'a chip' : `a rank (${ranks} a chip)`;
  const least = `${gb(totalBytes)} of ${gb(capacityBytes)} on ${each} at best`;
  const said = `does not fit: ${least} (tp ${layout.tp}, pp ${layout.pp})`;
  const host = stackHostChips(chip.chipsPerHost, ranks);
  for (const more of moreChips(chips, host)) {
    const found = bestLayout(ground, request.given, more * ranks, framework);
    if (found?.step.memory.fits) return `${said}; it fits on ${more} chips`;
  }
  return `${said}; no number of chips up to ${mostChips} is enough`;
}
