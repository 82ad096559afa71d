// A plan's job as files for an engine that exists.

import { jobSet } from './jobset.ts';
import { type Framework, launch } from './launch/launch.ts';
import type { EmittedFile, PlannedJob } from './planned-job.ts';
import { skypilotTask } from './skypilot.ts';
import { slurmScript } from './slurm.ts';

export type Engine = 'skypilot' | 'kubernetes' | 'slurm';

export const engines: readonly Engine[] = ['skypilot', 'kubernetes', 'slurm'];

export interface Emitted {
  readonly files: readonly EmittedFile[];
  /** What the user has to do or know. */
  readonly notes: readonly string[];
  readonly framework: Framework;
}

/** Throws RangeError when the engine or the framework cannot run it. */
export function emit(
  planned: PlannedJob,
  engine: Engine,
  framework: Framework | null = null,
): Emitted {
  const launched = launch(planned, framework);
  const writers = { skypilot: skypilotTask, kubernetes: jobSet, slurm: slurmScript } as const;
  return {
    files: writers[engine](planned, launched),
    notes: launched.notes,
    framework: launched.framework,
  };
}
