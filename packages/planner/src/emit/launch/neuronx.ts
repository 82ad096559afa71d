// NeuronX Distributed Training: training_orchestrator.py with a YAML configuration. Keys are from
// examples/conf/hf_llama3_70B_trn2_config.yaml and examples/train.sh of
// aws-neuron/neuronx-distributed-training (September 2025).

import { stringify } from 'yaml';
import type { Layout } from '../../layout.ts';
import type { PlannedJob } from '../planned-job.ts';
import type { Launch } from './launch.ts';
import { lines, torchrun } from './torchrun.ts';

/** NxD Training's launch. */
export function neuronx(planned: PlannedJob): Launch {
  const { host, job, layout } = planned;
  const notes: string[] = [];
  if (layout.sharding === 'zero2' || layout.sharding === 'zero3') {
    notes.push(`it has ZeRO-1 only: ${layout.sharding} of the plan becomes zero1`);
  }
  if (job.precision !== 'bf16') notes.push('it trains in bf16 mixed precision only');
  return {
    framework: 'nxd-training',
    image: 'public.ecr.aws/neuron/pytorch-training-neuronx:latest',
    script: [
      'export FI_PROVIDER=efa FI_EFA_USE_DEVICE_RDMA=1 FI_EFA_FORK_SAFE=1',
      `export NEURON_RT_NUM_CORES=${host.chips * host.ranksPerChip}`,
      lines([
        ...torchrun(host),
        'training_orchestrator.py --config-path="$PWD" --config-name=planned',
        `trainer.devices=${host.chips * host.ranksPerChip} trainer.num_nodes="$NODES"`,
        'data.train_dir="$DATA" exp_manager.explicit_log_dir="$CHECKPOINTS"',
      ]),
    ].join('\n'),
    files: [{ path: 'planned.yaml', text: stringify(configuration(planned)) }],
    notes,
  };
}

function configuration(planned: PlannedJob): object {
  const { job, layout, host, steps, checkpointEverySteps } = planned;
  const { model } = job;
  return {
    name: 'hf_llama',
    model_source: 'hf',
    seed: 1234,
    trainer: {
      devices: host.chips * host.ranksPerChip,
      // Trainium2 shows two physical cores as one; Trainium1 has no such choice.
      ...(host.acceleratorId === 'Trainium1' ? {} : { lnc: 2 }),
      num_nodes: host.count,
      max_epochs: -1,
      max_steps: steps,
      log_every_n_steps: 10,
      gradient_clip_val: 1.0,
    },
    exp_manager: {
      create_tensorboard_logger: true,
      resume_if_exists: true,
      resume_ignore_no_checkpoint: true,
      create_checkpoint_callback: true,
      checkpoint_callback_params: {
        monitor: 'step',
        save_top_k: 1,
        mode: 'max',
        every_n_train_steps: checkpointEverySteps,
        model_parallel_size: layout.tp * layout.pp,
      },
      save_xser: true,
      load_xser: true,
      async_checkpointing: true,
    },
    distributed_strategy: strategy(layout, model.kvHeads),
    data: { micro_batch_size: layout.microBatch, global_batch_size: job.globalBatch },
    model: {
      model_config: './config.json',
      encoder_seq_length: job.sequence,
      max_position_embeddings: job.sequence,
      num_layers: model.layers,
      hidden_size: model.hidden,
      qkv_linear: true,
      fuse_qkv: true,
      use_cpu_initialization: true,
      ...recompute(layout),
      fusions: { flash_attention: true },
      optim: { name: 'adamw', weight_decay: 0.1, sched: { name: 'CosineAnnealing' } },
    },
    precision: { type: 'mixed_precision' },
    compiler_flags: '--model-type transformer',
  };
}

function strategy(layout: Layout, kvHeads: number): object {
  return {
    tensor_model_parallel_size: layout.tp,
    pipeline_model_parallel_size: layout.pp,
    virtual_pipeline_model_parallel_size: layout.vpp,
    context_parallel_size: layout.cp,
    ...(layout.ep > 1 ? { expert_model_parallel_size: layout.ep } : {}),
    zero1: layout.sharding !== 'none',
    sequence_parallel: layout.sp,
    // Key and value heads are repeated until every rank of a tensor has one.
    kv_replicator: Math.max(1, Math.ceil(layout.tp / kvHeads)),
  };
}

function recompute(layout: Layout): object {
  if (layout.recompute !== 'selective' && layout.recompute !== 'full') return {};
  return { activations_checkpoint_granularity: layout.recompute };
}
