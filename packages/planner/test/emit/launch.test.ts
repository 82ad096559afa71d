// Proves that launches hold the layout's degrees. That frameworks know the names in them is proved
// by known-names.test.ts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { launch } from '@entrepot/planner/emit/launch/launch';
import { vllmServe } from '@entrepot/planner/emit/launch/vllm';
import type { PlannedServing } from '@entrepot/planner/emit/planned-serving';
import { parse } from 'yaml';
import {
  mixtureOnH200,
  onH100,
  onTpu,
  onTrainium2,
  servingExperts,
  servingOnH100,
  servingOnTpu,
  servingOnTrainium2,
} from './planned.ts';

test('Megatron-LM: the layout of a dense model', () => {
  const { script } = launch(onH100);
  for (const flag of [
    '--tensor-model-parallel-size 8',
    '--pipeline-model-parallel-size 16',
    // 126 layers, the embedding and the head over 16 x 4 chunks: 2 in each.
    `--pipeline-model-parallel-layout "Et|${'tt|'.repeat(62)}tL"`,
    '--sequence-parallel',
    '--use-distributed-optimizer',
    '--recompute-granularity selective',
    '--num-query-groups 8',
    '--global-batch-size 2048',
    '--save-interval 50',
  ]) {
    assert.ok(script.includes(flag), flag);
  }
  assert.ok(!script.includes('--num-experts'));
});

test('Megatron-LM: layers that divide evenly are chunks by number', () => {
  const model = { ...onH100.job.model, layers: 128 };
  const { script } = launch({ ...onH100, job: { ...onH100.job, model } });
  assert.ok(script.includes('--num-virtual-stages-per-pipeline-rank 4'));
});

test('Megatron-LM: experts and latent attention', () => {
  const { script } = launch(mixtureOnH200);
  for (const flag of [
    '--multi-latent-attention',
    '--kv-lora-rank 512',
    '--num-experts 256',
    '--expert-model-parallel-size 64',
    '--moe-layer-freq "([0]*3+[1]*58+[0]*0)"',
    '--recompute-granularity full --recompute-method uniform',
    '--fp8-format hybrid',
  ]) {
    assert.ok(script.includes(flag), flag);
  }
});

test('torchtitan: the layout of a dense model', () => {
  const own = launch(onH100, 'torchtitan').files[0]!.text;
  assert.match(own, /llama3_405b/);
  assert.match(own, /parallelism\.tensor_parallel_degree = 8/);
  assert.match(own, /num_pp_microbatches = 16/);
});

test('MaxText: the layout of a dense model', () => {
  const { script } = launch(onTpu);
  assert.match(script, /ici_fsdp_parallelism=1024/);
  assert.match(script, /ici_tensor_parallelism=4/);
  assert.match(script, /model_name=llama3\.1-405b/);
});

test('NxD Training: the layout of a dense model', () => {
  const { files } = launch(onTrainium2);
  const tree = parse(files[0]!.text) as { distributed_strategy: object };
  assert.deepEqual(
    { ...tree.distributed_strategy },
    {
      tensor_model_parallel_size: 32,
      pipeline_model_parallel_size: 8,
      virtual_pipeline_model_parallel_size: 1,
      context_parallel_size: 1,
      zero1: true,
      sequence_parallel: true,
      kv_replicator: 4,
    },
  );
});

test('a framework that does not run on the chips is refused with those that do', () => {
  assert.throws(() => launch(onTpu, 'megatron-lm'), /TPU-v5p; maxtext/);
  const maia = {
    ...onH100,
    host: { ...onH100.host, family: 'maia', acceleratorId: 'Maia-100' },
  } as const;
  assert.throws(() => launch(maia), /no framework is known to train on Maia-100/);
});

/** What a host starts, said by a shell in which vllm is a function that tells its arguments. */
function startedBy(serving: PlannedServing, rank: number): string {
  const script = `vllm() { echo "$@"; }\n${vllmServe(serving)}\n`;
  const env = { PATH: process.env.PATH, NODE_RANK: String(rank), MASTER_ADDR: '10.0.0.1' };
  const { status, stdout, stderr } = spawnSync('bash', ['-euc', script], { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('vLLM: stages over hosts, of which the first has the API', () => {
  const [first, second] = [0, 1].map(rank => startedBy(servingOnH100, rank));
  assert.match(first!, /--tensor-parallel-size 8 --pipeline-parallel-size 2 /);
  assert.match(first!, /--nnodes 2 --node-rank 0 --master-addr 10\.0\.0\.1$/m);
  assert.match(second!, /--nnodes 2 --node-rank 1 --master-addr 10\.0\.0\.1 --headless$/m);
});

test('vLLM: attention replicas over hosts, each host with its own', () => {
  const [first, second] = [0, 1].map(rank => startedBy(servingExperts, rank));
  const all = /--data-parallel-size 16 --enable-expert-parallel .*--data-parallel-size-local 8 /;
  assert.match(first!, all);
  assert.match(second!, all);
  assert.ok(!first!.includes('--headless') && !first!.includes('start-rank'));
  assert.match(second!, /--data-parallel-address 10\.0\.0\.1 .* --data-parallel-start-rank 8$/m);
});

test('vLLM: hosts of TPUs join by Ray; Neuron is told its blocks', () => {
  assert.match(vllmServe(servingOnTpu), /--distributed-executor-backend ray/);
  const neuron = vllmServe(servingOnTrainium2);
  assert.match(neuron, /--num-gpu-blocks-override 16384/);
  assert.ok(!neuron.includes('gpu-memory-utilization'));
});
