// Layouts that agree with what a source says of one: every way to fill in what it leaves open.

import { type Layout, layoutProblems, type TrainingJob } from '../layout.ts';
import type { GivenLayout } from './published-run.ts';
import type { Framework } from './stack.ts';

/** Tokens of a step where no batch is published: what large models were trained with since 2020. */
const usualStepTokens = 4 * 2 ** 20;

/** The job with a batch: the published one, or the usual number of tokens. */
export function withBatch(job: TrainingJob): TrainingJob {
  if (job.globalBatch > 0) return job;
  return { ...job, globalBatch: Math.max(1, Math.round(usualStepTokens / job.sequence)) };
}

export function isComplete(given: GivenLayout): boolean {
  const { tp, pp, dp, cp, microBatch, sharding } = given;
  return [tp, pp, dp, cp, microBatch, sharding].every(value => value !== null);
}

const powers = [1, 2, 4, 8, 16, 32, 64, 128];

/** All valid layouts on so many ranks that agree with what is given. Recomputation stays open. */
export function completions(
  job: TrainingJob,
  given: GivenLayout,
  ranks: number,
  framework: Framework,
): Layout[] {
  const found: Layout[] = [];
  const isSharded =
    framework === 'maxtext' || framework === 'torchtitan' || framework === 'foundry';
  const pick = <T>(value: T | null, open: readonly T[]): readonly T[] =>
    value === null ? open : [value];
  const stages = isSharded ? [1] : powers.filter(p => p <= 16);
  const experts = job.model.experts?.count ?? 1;
  for (const tp of pick(
    given.tp,
    powers.filter(p => p <= 8),
  )) {
    for (const pp of pick(given.pp, stages)) {
      for (const cp of pick(given.cp, contextDegrees(job, given))) {
        const dp = given.dp ?? ranks / (tp * pp * cp);
        if (!Number.isInteger(dp)) continue;
        for (const ep of pick(
          given.ep,
          powers.filter(e => experts % e === 0),
        )) {
          for (const microBatch of pick(
            microBatchOf(given, cp),
            powers.filter(b => b <= 8),
          )) {
            const open: Layout = {
              tp,
              sp: given.sp ?? tp > 1,
              pp,
              vpp: 1,
              dp,
              cp,
              ep,
              etp: given.etp ?? 1,
              microBatch,
              sharding: given.sharding ?? (isSharded ? 'zero3' : 'zero1'),
              shards: given.shards,
              recompute: given.recompute ?? 'none',
              recomputedShare: given.recomputedShare ?? 1,
            };
            for (const vpp of pick(given.vpp, chunkCounts(job, open))) {
              const layout = { ...open, vpp };
              if (layoutProblems(job, layout).length === 0) found.push(layout);
            }
          }
        }
      }
    }
  }
  return found;
}

/**
 * Chunks of a stage that an interleaved pipeline can have: layers divide evenly, and micro-batches
 * come in rounds of the stages (Megatron-LM, schedules.py).
 */
function chunkCounts({ model, globalBatch }: TrainingJob, layout: Layout): readonly number[] {
  const { pp } = layout;
  const rounds = globalBatch / (layout.dp * layout.microBatch) / pp;
  if (pp === 1 || !Number.isInteger(rounds)) return [1];
  const most = model.layers / pp;
  return Array.from({ length: Math.floor(most) }, (_, i) => i + 1).filter(
    v => most % v === 0 || v === 1,
  );
}

/** A batch per chip below one is a sequence over several chips. */
function contextDegrees(job: TrainingJob, given: GivenLayout): readonly number[] {
  if (given.microBatch !== null && given.microBatch < 1) return [1 / given.microBatch];
  return job.sequence > 32768 ? powers.filter(c => c <= 32) : [1];
}

function microBatchOf(given: GivenLayout, cp: number): number | null {
  const { microBatch } = given;
  return microBatch !== null && microBatch < 1 ? microBatch * cp : microBatch;
}
