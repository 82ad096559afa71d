// The layouts that a search looks at: every way to cut a layer, and every way to lay layers and
// replicas out with it. Valid by construction, so that none is built to be thrown away.

import type { Recompute, Sharding, TrainingJob } from '../layout.ts';

/** How a layer and a micro-batch are cut: all that a layer's time depends on. */
export interface Cut {
  readonly tp: number;
  readonly cp: number;
  readonly ep: number;
  readonly etp: number;
  readonly microBatch: number;
}

/** How the stages and replicas of a cut lie. */
export interface Spread {
  readonly pp: number;
  readonly dp: number;
  /** Chunks per stage that are worth telling apart. */
  readonly chunks: readonly number[];
}

/** Most of each degree that is looked at. Beyond these no published run has gone. */
export interface SpaceLimits {
  readonly tp: number;
  readonly pp: number;
  readonly cp: number;
  readonly microBatch: number;
}

export const usualLimits: SpaceLimits = { tp: 64, pp: 64, cp: 64, microBatch: 16 };

export const shardings: readonly Sharding[] = ['none', 'zero1', 'zero2', 'zero3'];
export const recomputes: readonly Recompute[] = ['none', 'selective', 'full', 'offload'];

/** Every cut of a job on so many chips, tensor groups inside a domain. */
export function cutsOf(
  job: TrainingJob,
  chips: number,
  domain: number,
  limits: SpaceLimits,
): Cut[] {
  const { model } = job;
  const cuts: Cut[] = [];
  const tps = divisorsOf(model.heads).filter(
    tp => tp <= Math.min(limits.tp, domain) && chips % tp === 0,
  );
  for (const tp of tps) {
    for (let cp = 1; cp <= limits.cp && tp * cp <= chips; cp *= 2) {
      if (chips % (tp * cp) !== 0 || (cp > 1 && job.sequence % (2 * cp) !== 0)) continue;
      for (let microBatch = 1; microBatch <= limits.microBatch; microBatch *= 2) {
        if (job.globalBatch % microBatch !== 0) continue;
        for (const { ep, etp } of expertCuts(job, tp)) {
          if (chips % (ep * etp) === 0) cuts.push({ tp, cp, ep, etp, microBatch });
        }
      }
    }
  }
  return cuts;
}

function expertCuts(job: TrainingJob, tp: number): { ep: number; etp: number }[] {
  const { experts } = job.model;
  if (experts === null) return [{ ep: 1, etp: 1 }];
  const etps = tp === 1 ? [1] : [1, tp];
  return divisorsOf(experts.count).flatMap(ep => etps.map(etp => ({ ep, etp })));
}

/** Every way to lay a cut out over the chips. */
export function spreadsOf(
  job: TrainingJob,
  chips: number,
  cut: Cut,
  limits: SpaceLimits,
): Spread[] {
  const stages = chips / (cut.tp * cut.cp);
  const spreads: Spread[] = [];
  for (let pp = 1; pp <= Math.min(limits.pp, job.model.layers, stages); pp++) {
    if (stages % pp !== 0) continue;
    const dp = stages / pp;
    if (job.globalBatch % (dp * cut.microBatch) !== 0) continue;
    if ((cut.tp * cut.cp * dp) % (cut.ep * cut.etp) !== 0) continue;
    const batches = job.globalBatch / (dp * cut.microBatch);
    spreads.push({ pp, dp, chunks: chunksOf(job.model.layers, pp, batches) });
  }
  return spreads;
}

/** Interleaving needs as many micro-batches as stages or a multiple (arXiv 2104.04473). */
function chunksOf(layers: number, pp: number, batches: number): number[] {
  const chunks = [1];
  if (pp === 1 || batches % pp !== 0) return chunks;
  for (let vpp = 2; pp * vpp <= layers; vpp++) chunks.push(vpp);
  return chunks;
}

function divisorsOf(whole: number): number[] {
  const found: number[] = [];
  for (let part = 1; part <= whole; part++) if (whole % part === 0) found.push(part);
  return found;
}
