// Megatron-Bridge: scripts/training/run_recipe.py with a model's recipe and the layout laid over
// it. Names are from that script and from the fields of ConfigContainer that its trailing
// KEY=VALUE words set, in NVIDIA-NeMo/Megatron-Bridge of August 2026.

import type { Layout } from '../../layout.ts';
import type { PlannedJob } from '../planned-job.ts';
import type { Launch } from './launch.ts';
import { lines, torchrun } from './torchrun.ts';

/** Megatron-Bridge's launch. */
export function megatronBridge(planned: PlannedJob): Launch {
  const { job, layout, host, steps, checkpointEverySteps } = planned;
  const words = [
    ...torchrun(host),
    'scripts/training/run_recipe.py',
    '--model "$RECIPE_MODEL" --mode pretrain --dataset "$DATA"',
    `--max_steps ${steps}`,
    `--global_batch_size ${job.globalBatch} --micro_batch_size ${layout.microBatch}`,
    `--seq_length ${job.sequence}`,
    `--tensor_model_parallel_size ${layout.tp}`,
    `--pipeline_model_parallel_size ${layout.pp}`,
    `--context_parallel_size ${layout.cp}`,
    ...(layout.vpp > 1 ? [`--virtual_pipeline_model_parallel_size ${layout.vpp}`] : []),
    ...(job.model.experts === null
      ? []
      : [
          `--expert_model_parallel_size ${layout.ep}`,
          `--expert_tensor_parallel_size ${layout.etp}`,
        ]),
    '--save_dir "$CHECKPOINTS" --load_dir "$CHECKPOINTS"',
    `--save_interval ${checkpointEverySteps}`,
    ...overrides(layout),
  ];
  return {
    framework: 'megatron-bridge',
    image: 'nvcr.io/nvidia/nemo:26.06',
    script: ['cd /opt/Megatron-Bridge', lines(words)].join('\n'),
    files: [],
    notes: [
      `set RECIPE_MODEL to the recipe's name of ${planned.modelId}; --precision is in the recipe`,
    ],
  };
}

function overrides(layout: Layout): string[] {
  const words = [`model.sequence_parallel=${layout.sp && layout.tp > 1}`];
  if (layout.recompute === 'selective') words.push('model.recompute_granularity=selective');
  if (layout.recompute === 'full') {
    words.push(
      'model.recompute_granularity=full model.recompute_method=uniform model.recompute_num_layers=1',
    );
  }
  words.push(`ddp.use_distributed_optimizer=${layout.sharding !== 'none'}`);
  if (layout.sharding === 'zero3') {
    words.push(
      'dist.use_megatron_fsdp=true ddp.use_megatron_fsdp=true',
      'ddp.data_parallel_sharding_strategy=optim_grads_params',
    );
  }
  return words;
}
