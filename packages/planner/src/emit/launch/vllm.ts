// vLLM and vLLM Neuron: `vllm serve` with the layout's flags. Names are from vLLM's engine
// arguments (docs/configuration/engine_args.md); for Neuron, from vllm-project/vllm-neuron's
// README: its blocks must be given, one for every sequence.

import type { PlannedServing } from '../planned-serving.ts';
import { lines } from './torchrun.ts';

export const vllmPort = 8000;

/** Where the hosts of a replica meet to share out attention replicas. */
const rpcPort = 13_345;

/**
 * The command that starts a replica: on each of its hosts, with NODE_RANK and MASTER_ADDR set where
 * there are several; where Ray joins them, on the first alone. `port` is of its API.
 */
export function vllmServe(serving: PlannedServing, port: string = String(vllmPort)): string {
  const { hosts } = serving;
  const isJoined = hosts.count > 1;
  const words = [
    `vllm serve ${serving.checkpoint}`,
    `--port ${port}`,
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
    ...(hosts.family === 'trainium' ? neuronFlags(serving) : ['--gpu-memory-utilization 0.9']),
    ...(isJoined ? joiningFlags(serving) : []),
  ];
  const command = lines(words);
  return isJoined && !needsRay(serving) ? `${headless(serving)}\n${command}` : command;
}

/** vLLM joins hosts itself, but for those of TPUs. */
export function needsRay({ hosts }: PlannedServing): boolean {
  return hosts.count > 1 && hosts.family === 'tpu';
}

/**
 * What sends tokens to the experts of other hosts, each to where it is needed, as the plan's time
 * has it: by default vLLM sends all of them everywhere (vllm/config/parallel.py of 0.33.0).
 */
function exchangeBackend({ acceleratorId, family }: PlannedServing['hosts']): string[] {
  const isRack = /^GB\d/.test(acceleratorId);
  const names = { nvidia: 'deepep_low_latency', amd: 'mori_low_latency' } as const;
  const name = isRack ? 'flashinfer_nvlink_one_sided' : names[family as keyof typeof names];
  return name === undefined ? [] : [`--all2all-backend ${name}`];
}

/**
 * Several hosts: docs/serving/parallelism_scaling.md and data_parallel_deployment.md of
 * vllm-project/vllm, and vllm/engine/arg_utils.py of 0.33.0 (seen 2026-11-25).
 */
function joiningFlags(serving: PlannedServing): string[] {
  const { hosts, dataParallel } = serving;
  if (needsRay(serving)) return ['--distributed-executor-backend ray'];
  if (dataParallel === 1) {
    return [
      '--distributed-executor-backend mp',
      `--nnodes ${hosts.count} --node-rank "$NODE_RANK" --master-addr "$MASTER_ADDR" $HEADLESS`,
    ];
  }
  return [
    ...exchangeBackend(hosts),
    `--data-parallel-size-local ${dataParallel / hosts.count}`,
    `--data-parallel-address "$MASTER_ADDR" --data-parallel-rpc-port ${rpcPort} $HEADLESS`,
  ];
}

/** What hosts other than the first are started with: they have no API of their own. */
function headless({ dataParallel, hosts }: PlannedServing): string {
  const start = `--data-parallel-start-rank $((NODE_RANK * ${dataParallel / hosts.count}))`;
  const words = dataParallel === 1 ? '--headless' : `--headless ${start}`;
  return `HEADLESS=""; [ "$NODE_RANK" -eq 0 ] || HEADLESS="${words}"`;
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
