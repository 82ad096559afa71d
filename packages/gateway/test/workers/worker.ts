// A worker of the fleets in these tests: a gateway before one scripted upstream, in durable mode.

import { runWorker } from '../../src/workers/run-worker.ts';
import { configOf, type RigOptions } from '../rig.ts';

export interface WorkerInput {
  readonly rig: RigOptions;
  readonly path: string;
}

await runWorker(input => {
  const { rig, path } = input as WorkerInput;
  return configOf(rig, path);
});
