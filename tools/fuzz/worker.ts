// The inputs of a seed, one after another, until the time is over; tells how far it is.

import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from '../../packages/dialects/test/fuzz/fuzz.ts';
import { ownSeeds, recordedSeeds } from '../../packages/dialects/test/fuzz/seeds.ts';

export interface FuzzTask {
  readonly seed: number;
  readonly forMs: number;
}

export interface FuzzTold {
  /** The next input. */
  readonly at: number;
  readonly executions: number;
  readonly ms: number;
  readonly failures: number;
}

const { seed, forMs } = workerData as FuzzTask;
const seeds = [...ownSeeds, ...recordedSeeds()];
const began = performance.now();
/** Small enough to be heard from within a second. */
const batch = 500;
let failures = 0;
let at = 0;
let ms = 0;
while (ms < forMs) {
  fuzz(seeds, seed, at, at + batch, failure => {
    failures++;
    const again = `npm run fuzz -- --seed ${seed} --at ${failure.at}`;
    parentPort!.postMessage(`${failure.target}: ${failure.reason}\n  ${again}`);
  });
  at += batch;
  ms = performance.now() - began;
  parentPort!.postMessage({ at, executions: at, ms, failures } satisfies FuzzTold);
}
