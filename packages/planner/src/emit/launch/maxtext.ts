// MaxText: maxtext.trainers.pre_train.train with keys of src/maxtext/configs/base.yml. ici_* are
// degrees inside a slice, dcn_* between slices; of each kind the product is what there is. Names
// are from AI-Hypercomputer/maxtext of August 2026.

import type { Layout } from '../../layout.ts';
import { tpuSlice } from '../host-resources.ts';
import type { PlannedJob } from '../planned-job.ts';
import type { Launch } from './launch.ts';
import { lines } from './torchrun.ts';

/** MaxText's launch. */
export function maxtext(planned: PlannedJob): Launch {
  const { job, layout, host, steps, checkpointEverySteps } = planned;
  const chips = host.count * host.chips;
  const slices = tpuSlice(host)?.count ?? 1;
  const notes: string[] = [];
  const perDevice = job.globalBatch / (chips * host.ranksPerChip);
  const words = [
    'python3 -m maxtext.trainers.pre_train.train src/maxtext/configs/base.yml',
    `run_name=${planned.name}`,
    `model_name=${planned.modelId.replace(/^llama-/, 'llama')}`,
    `hardware=${host.family === 'tpu' ? 'tpu' : 'gpu'}`,
    `per_device_batch_size=${perDevice} max_target_length=${job.sequence}`,
    ...degrees(layout, slices, notes),
    `remat_policy=${remat(layout)}`,
    ...(job.precision === 'bf16' ? [] : [`quantization=${job.precision}`]),
    `steps=${steps} enable_checkpointing=true checkpoint_period=${checkpointEverySteps}`,
    'dataset_type=grain grain_train_files="$DATA" tokenizer_path="$TOKENIZER"',
    'base_output_directory="$CHECKPOINTS"',
  ];
  if (layout.pp > 1) notes.push('microbatches follow from num_pipeline_microbatches');
  return {
    framework: 'maxtext',
    image: 'us-docker.pkg.dev/cloud-tpu-images/jax-ai-image/tpu:latest',
    script: lines(words),
    files: [],
    notes,
  };
}

function degrees(layout: Layout, slices: number, notes: string[]): string[] {
  const isSharded = layout.sharding !== 'none';
  let data = layout.dp;
  let dcnData = slices;
  let dcnPipeline = 1;
  if (data % slices === 0) data /= slices;
  else if (layout.pp % slices === 0) {
    dcnData = 1;
    dcnPipeline = slices;
  } else {
    notes.push(`dp ${layout.dp} and pp ${layout.pp} do not divide over ${slices} slices`);
  }
  // Experts take their chips out of the replicas.
  const replicas = data / layout.ep >= 1 ? data / layout.ep : data;
  return [
    `ici_data_parallelism=${isSharded ? 1 : replicas}`,
    `ici_fsdp_parallelism=${isSharded ? replicas : 1}`,
    `ici_tensor_parallelism=${layout.tp}`,
    `ici_pipeline_parallelism=${layout.pp / dcnPipeline}`,
    `ici_context_parallelism=${layout.cp}`,
    `ici_expert_parallelism=${layout.ep}`,
    `dcn_data_parallelism=${dcnData} dcn_pipeline_parallelism=${dcnPipeline}`,
    ...(layout.pp > 1 ? [`num_pipeline_repeats=${layout.vpp}`] : []),
  ];
}

function remat(layout: Layout): string {
  if (layout.recompute === 'full') return 'full';
  if (layout.recompute === 'offload') return 'minimal_offloaded';
  return layout.recompute === 'selective' ? 'minimal_with_context' : 'save_out_proj';
}
