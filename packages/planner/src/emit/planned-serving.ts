// A deployment to serve a model as a plan has settled it: replicas, and how one is laid out.

import type { PlannedHosts } from './planned-job.ts';

export interface PlannedServing {
  readonly name: string;
  /** What the engine loads: a Hugging Face name or a folder. */
  readonly checkpoint: string;
  readonly replicas: number;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly dataParallel: number;
  readonly expertParallel: boolean;
  /** Input and output tokens of the longest request. */
  readonly contextTokens: number;
  /** Requests at once of each of its `dataParallel` parts. */
  readonly concurrency: number;
  /** Tokens of a batch in one pass; null: the engine's own choice. */
  readonly batchTokens: number | null;
  /** `fp8` and the like; null: as the checkpoint is stored. */
  readonly quantization: string | null;
  /** `hosts.count` is of one replica. */
  readonly hosts: PlannedHosts;
}
