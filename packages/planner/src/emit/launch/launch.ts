// The command that starts a training framework on every host with the layout of a plan. Engines set
// NODE_RANK, NODES, MASTER_ADDR and MASTER_PORT before they run it; the user sets DATA and the rest
// that a plan cannot know.

import type { ChipFamily } from '../../chip.ts';
import type { EmittedFile, PlannedJob } from '../planned-job.ts';
import { maxtext } from './maxtext.ts';
import { megatronBridge } from './megatron-bridge.ts';
import { megatronLm } from './megatron-lm.ts';
import { neuronx } from './neuronx.ts';
import { torchtitan } from './torchtitan.ts';

export type Framework =
  | 'megatron-lm'
  | 'megatron-bridge'
  | 'torchtitan'
  | 'maxtext'
  | 'nxd-training';

export interface Launch {
  readonly framework: Framework;
  /** A container that has the framework. */
  readonly image: string;
  /** Shell lines for a host. */
  readonly script: string;
  /** Files that the script reads, beside it. */
  readonly files: readonly EmittedFile[];
  /** What the framework cannot be told, or does otherwise than the plan assumes. */
  readonly notes: readonly string[];
}

/** Variables that the user must set, with what they are. */
export const userVariables: Readonly<Record<string, string>> = {
  DATA: 'where the tokens are, in the form that the framework reads',
  TOKENIZER: 'the tokenizer: a Hugging Face name or a folder',
  CHECKPOINTS: 'a folder or bucket that all hosts see',
};

const launchers: Readonly<Record<Framework, (job: PlannedJob) => Launch>> = {
  'megatron-lm': megatronLm,
  'megatron-bridge': megatronBridge,
  torchtitan,
  maxtext,
  'nxd-training': neuronx,
};

const usual: Readonly<Record<ChipFamily, readonly Framework[]>> = {
  nvidia: ['megatron-lm', 'megatron-bridge', 'torchtitan', 'maxtext'],
  amd: ['megatron-lm', 'torchtitan', 'maxtext'],
  tpu: ['maxtext'],
  trainium: ['nxd-training'],
  gaudi: ['megatron-lm'],
  maia: [],
  other: [],
};

/** Frameworks that run on a family of chips; the first is taken when none is named. */
export function frameworksFor(family: ChipFamily): readonly Framework[] {
  return usual[family];
}

/** Every framework that a launch can be written for. */
export const frameworks = Object.keys(launchers) as Framework[];

/** The launch of a job; throws RangeError when the framework does not run on its chips. */
export function launch(job: PlannedJob, wanted: Framework | null = null): Launch {
  const able = frameworksFor(job.host.family);
  const framework = wanted ?? able[0];
  if (framework === undefined || !able.includes(framework)) {
    const said = wanted === null ? 'no framework is known' : `${wanted} is not known`;
    const instead = able.length === 0 ? '' : `; ${able.join(', ')}`;
    throw new RangeError(`${said} to train on ${job.host.acceleratorId}${instead}`);
  }
  const made = launchers[framework](job);
  if (job.layout.recompute !== 'offload' || framework === 'maxtext') return made;
  const note = 'activations that the plan keeps in host memory: not in these options';
  return { ...made, notes: [...made.notes, note] };
}
