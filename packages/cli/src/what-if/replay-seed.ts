// All replays of one seed, in step over the traffic: when they are broken off, each has seen the
// same requests, so that what was replayed can still be compared.

import { createReplay } from '@entrepot/replay/create-replay';
import type { Run, RunResult } from '@entrepot/replay/what-if/case';
import type { RequestColumns, Traffic } from '@entrepot/traffic/request-columns';
import type { Board } from './board.ts';

export interface SeedResult {
  readonly seed: number;
  /** False when it was broken off. */
  readonly isWhole: boolean;
  /** Requests of each replay. */
  readonly requests: number;
  readonly runs: readonly RunResult[];
}

/** Requests between two looks at the board. */
const stride = 8192;

export async function replaySeed(
  runs: readonly Run[],
  traffic: Traffic,
  board: Board,
): Promise<SeedResult> {
  const replays = runs.map(run => createReplay(run.options));
  let requests = 0;
  for await (const batch of traffic.batches) {
    for (let from = 0; from < batch.count && !board.isStopped; from += stride) {
      const columns = part(batch, from, Math.min(batch.count, from + stride));
      for (const replay of replays) {
        replay.push(columns);
        board.count(columns.count);
      }
      requests += columns.count;
    }
    if (board.isStopped) break;
  }
  return {
    seed: runs[0]!.seed,
    isWhole: !board.isStopped,
    requests,
    runs: runs.map(({ caseName, stage, seed }, i) => ({
      caseName,
      stage,
      seed,
      result: replays[i]!.finish(),
    })),
  };
}

/** The requests [from, until) of a batch. */
function part(batch: RequestColumns, from: number, until: number): RequestColumns {
  const { prefix } = batch;
  return {
    count: until - from,
    atMs: batch.atMs.subarray(from, until),
    route: batch.route.subarray(from, until),
    key: batch.key.subarray(from, until),
    inputTokens: batch.inputTokens.subarray(from, until),
    outputTokens: batch.outputTokens.subarray(from, until),
    maxOutputTokens: batch.maxOutputTokens.subarray(from, until),
    flags: batch.flags.subarray(from, until),
    prefix:
      prefix === null
        ? null
        : { starts: prefix.starts.subarray(from, until + 1), hashes: prefix.hashes },
  };
}
