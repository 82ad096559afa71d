// vLLM and vLLM Neuron: `vllm serve` with the layout's flags. Names are from vLLM's engine
// arguments (docs/configuration/engine_args.md); for Neuron, from vllm-project/vllm-neuron's
// README: its blocks must be given, one for every sequence.

import type { PlannedServing } from '../planned-serving.ts';
import { lines } from './torchrun.ts';

export const vllmPort = 8000;

/** The command that starts a replica on its first host. */
export function vllmServe(serving: PlannedServing): string {
  const { hosts } = serving;
  const words = [
    `vllm serve ${serving.checkpoint}`,
    `--port ${vllmPort}`,
    `--tensor-parallel-size ${serving.tensorParallel}`,
    ...(serving.pipelineParallel > 1
      ? [`--pipeline-parallel-size ${serving.pipelineParallel}`]
      : []),
    ...(serving.dataParallel > 1 ? [`--data-parallel-size ${serving.dataParallel}`] : []),
    ...(serving.expertParallel ? ['--enable-expert-parallel'] : []),
    `--max-model-len ${serving.contextTokens}`,
    `--max-num-seqs ${serving.concurrency}`,
    ...(serving.batchTokens === null ? [] : [`--max-num-batched-tokens ${serving.batchTokens}`]),
    ...(serving.quantization === null ? [] : [`--quantization ${serving.quantization}`]),
    ...(hosts.count > 1 ? ['--distributed-executor-backend ray'] : []),
    ...(hosts.family === 'trainium' ? neuronFlags(serving) : ['--gpu-memory-utilization 0.9']),
  ];
  return lines(words);
}

function neuronFlags(serving: PlannedServing): string[] {
  const block = 32;
  const blocks = Math.ceil(serving.contextTokens / block) * serving.concurrency;
  return [
    `--block-size ${block} --num-gpu-blocks-override ${blocks}`,
    '--no-enable-prefix-caching',
  ];
}

/** A container that has the engine. */
export function vllmImage(serving: PlannedServing): string {
  const { family } = serving.hosts;
  if (family === 'trainium') return 'public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:latest';
  if (family === 'tpu') return 'vllm/vllm-tpu:latest';
  return family === 'amd' ? 'rocm/vllm:latest' : 'vllm/vllm-openai:latest';
}
