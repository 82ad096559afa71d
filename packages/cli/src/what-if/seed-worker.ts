// A thread of a comparison: opens the traffic once, then replays one seed after the other.

import { runsOf } from '@entrepot/replay/what-if/runs';
import type { RequestColumns } from '@entrepot/traffic/request-columns';
import { Board } from './board.ts';
import { type OpenComparison, openComparison } from './comparison.ts';
import { replaySeed, type SeedResult } from './replay-seed.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

export interface SeedTask {
  readonly spec: WhatIfSpec;
  readonly file: string;
  readonly seed: number;
  readonly board: SharedArrayBuffer;
}

/** Traffic of up to so many requests is kept, not read anew for each seed. */
const mostKept = 1_000_000;

let opened: Promise<OpenComparison> | null = null;

export async function replayTask(task: SeedTask): Promise<SeedResult | null> {
  const board = new Board(task.board);
  if (board.isStopped) return null;
  opened ??= open(task);
  const { traffic, base, scenarios, batches } = await opened;
  const runs = runsOf(traffic, base, scenarios, task.seed).filter(run => run.seed === task.seed);
  return await replaySeed(runs, { head: traffic, batches }, board);
}

async function open({ spec, file }: SeedTask): Promise<OpenComparison> {
  const comparison = await openComparison(spec, file);
  const { requests } = comparison.traffic;
  if (requests === null || requests > mostKept) return comparison;
  const kept: RequestColumns[] = [];
  for await (const batch of comparison.batches) kept.push(batch);
  comparison.close();
  return { ...comparison, batches: kept };
}
