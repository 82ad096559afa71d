// torchtitan: a function that returns a whole configuration, as its torchtitan/config/README.md
// asks for in place of flags. Fields are those of ParallelismConfig and TrainingConfig in
// torchtitan/config/configs.py and of CheckpointManager.Config, in pytorch/torchtitan of August
// 2026.

import type { Layout } from '../../layout.ts';
import type { PlannedJob } from '../planned-job.ts';
import type { Launch } from './launch.ts';
import { lines, torchrun } from './torchrun.ts';

/** Functions of its registry to derive a configuration from, by the start of a model's name. */
const registry: readonly (readonly [RegExp, string, string])[] = [
  [/^llama-3.*-8b/, 'llama3', 'llama3_8b'],
  [/^llama-3.*-70b/, 'llama3', 'llama3_70b'],
  [/^llama-3.*-405b/, 'llama3', 'llama3_405b'],
  [/^deepseek-v3/, 'deepseek_v3', 'deepseek_v3_671b'],
  [/^qwen-?3-30b/, 'qwen3', 'qwen3_30b_a3b'],
  [/^qwen-?3-32b/, 'qwen3', 'qwen3_32b'],
  [/^qwen-?3-14b/, 'qwen3', 'qwen3_14b'],
];

/** torchtitan's launch. */
export function torchtitan(planned: PlannedJob): Launch {
  const { host, modelId, job } = planned;
  const found = registry.find(([pattern]) => pattern.test(modelId));
  const notes: string[] = [];
  if (found === undefined) {
    notes.push(`torchtitan has no model ${modelId}: name its module and function in the file`);
  }
  if (job.precision !== 'bf16') {
    notes.push(`${job.precision} is a converter of the model there: take the function that has it`);
  }
  if (planned.layout.etp > 1) notes.push('torchtitan does not cut an expert: etp is left out');
  return {
    framework: 'torchtitan',
    image: 'pytorch/pytorch:latest',
    script: [
      'export PYTORCH_ALLOC_CONF=expandable_segments:True PYTHONPATH="$PWD"',
      lines([
        ...torchrun(host),
        '--local-ranks-filter 0 --role rank --tee 3',
        '-m torchtitan.train --module planned_config --config planned',
      ]),
    ].join('\n'),
    files: [
      {
        path: 'planned_config.py',
        text: configuration(planned, found?.[1] ?? 'MODULE', found?.[2] ?? 'FUNCTION'),
      },
    ],
    notes,
  };
}

function configuration(planned: PlannedJob, module: string, base: string): string {
  const { job, layout, steps, checkpointEverySteps } = planned;
  const recompute = recomputeClass(layout);
  return `"""The plan's layout over torchtitan's own configuration of the model."""

from torchtitan.distributed.activation_checkpoint import ${recompute ?? 'SelectiveAC'}
from torchtitan.models.${module}.config_registry import ${base}
from torchtitan.trainer import Trainer


def planned() -> Trainer.Config:
    config = ${base}()
    parallelism = config.parallelism
${parallelism(layout)
  .concat(pipeline(planned))
  .map(([name, value]) => `    parallelism.${name} = ${value}`)
  .join('\n')}
    training = config.training
    training.max_context_length = ${job.sequence}
    training.num_tokens_per_microbatch_per_dp_rank = ${layout.microBatch * job.sequence}
    training.num_tokens_per_train_step = ${job.globalBatch * job.sequence}
    training.steps = ${steps}
    config.checkpoint.enable = True
    config.checkpoint.interval = ${checkpointEverySteps}
    config.checkpoint.async_mode = "async"
    config.activation_checkpoint = ${recompute === null ? 'None' : `${recompute}.Config()`}
    return config
`;
}

function recomputeClass(layout: Layout): string | null {
  if (layout.recompute === 'full') return 'FullAC';
  return layout.recompute === 'selective' ? 'SelectiveAC' : null;
}

type Field = readonly [name: string, value: string];

function parallelism(layout: Layout): Field[] {
  const isSharded = layout.sharding !== 'none';
  const shard = isSharded ? (layout.shards === null ? layout.dp : layout.shards / layout.cp) : 1;
  return [
    ['data_parallel_replicate_degree', String(layout.dp / shard)],
    ['data_parallel_shard_degree', String(shard)],
    ['fsdp_reshard_after_forward', layout.sharding === 'zero3' ? '"always"' : '"never"'],
    ['tensor_parallel_degree', String(layout.tp)],
    ['enable_sequence_parallel', layout.sp ? 'True' : 'False'],
    ['context_parallel_degree', String(layout.cp)],
    ['expert_parallel_degree', String(layout.ep)],
  ];
}

function pipeline({ job, layout }: PlannedJob): Field[] {
  if (layout.pp === 1) return [];
  const schedule = layout.vpp > 1 ? 'Interleaved1F1B' : '1F1B';
  const perStage = Math.ceil((job.model.layers + 2) / (layout.pp * layout.vpp));
  return [
    ['pipeline_parallel_degree', String(layout.pp)],
    ['pipeline_parallel_schedule', `"${schedule}"`],
    ['pipeline_parallel_layers_per_stage', String(perStage)],
    ['num_pp_microbatches', String(job.globalBatch / (layout.dp * layout.microBatch))],
  ];
}
