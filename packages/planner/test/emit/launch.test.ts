// Proves that launches hold the layout's degrees, and that every flag, key and field in them is one
// that the framework's own sources know (where those are there to be read).

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Framework, launch } from '@entrepot/planner/emit/launch/launch';
import { vllmServe } from '@entrepot/planner/emit/launch/vllm';
import { parse } from 'yaml';
import { absent, validators } from '../../../../tools/validators/place.ts';
import {
  mixtureOnH200,
  onH100,
  onTpu,
  onTrainium2,
  servingOnH100,
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

test('Megatron-LM: its sources know every flag', { skip: missing('megatron-lm') }, () => {
  const text = sourcesOf('megatron-lm', /\.py$/);
  const sharded = {
    ...onH100,
    layout: { ...onH100.layout, sharding: 'zero3', shards: 64 },
  } as const;
  const fp4 = { ...onH100, job: { ...onH100.job, precision: 'nvfp4' } } as const;
  const scripts = [onH100, mixtureOnH200, sharded, fp4].map(p => launch(p).script).join('\n');
  const own = scripts.slice(scripts.indexOf('pretrain_gpt.py'));
  const flags = new Set([...own.matchAll(/ --([a-z][a-z0-9-]+)/g)].map(m => m[1]!));
  // torchrun's, of the next script; and two that become other fields by name.
  for (const other of ['nproc-per-node', 'nnodes', 'node-rank', 'master-addr', 'master-port']) {
    flags.delete(other);
  }
  const unknown = [...flags].filter(flag => {
    const field = flag.replaceAll('-', '_');
    return !text.includes(`--${flag}'`) && !text.includes(`--${flag}"`) && !isField(text, field);
  });
  assert.deepEqual(unknown, []);
});

test('Megatron-Bridge: its runner knows every option', { skip: missing('megatron-bridge') }, () => {
  const text = sourcesOf('megatron-bridge', /\.py$/);
  const { script } = launch(mixtureOnH200, 'megatron-bridge');
  const flags = [...script.matchAll(/ --([a-z]+(?:_[a-z]+)*)(?= )/g)].map(m => m[1]!);
  assert.ok(flags.length > 8);
  assert.deepEqual(
    flags.filter(flag => !text.includes(`"--${flag}"`)),
    [],
  );
});

test('torchtitan: its configuration has every field', { skip: missing('torchtitan') }, () => {
  const text = sourcesOf('torchtitan', /\.py$/);
  const { files } = launch(onH100, 'torchtitan');
  const own = files[0]!.text;
  assert.match(own, /llama3_405b/);
  assert.match(own, /parallelism\.tensor_parallel_degree = 8/);
  assert.match(own, /num_pp_microbatches = 16/);
  const fields = [...own.matchAll(/^ {4}[a-z_.]+\.([a-z_]+) = /gm)].map(m => m[1]!);
  assert.deepEqual(
    fields.filter(field => !isField(text, field)),
    [],
  );
  assert.ok(text.includes('def llama3_405b()'));
});

test('MaxText: its base configuration has every key', { skip: missing('maxtext') }, () => {
  const base = readFileSync(sourceFile('maxtext', 'src/maxtext/configs/base.yml'), 'utf8');
  const { script } = launch(onTpu);
  const keys = [...script.matchAll(/[ \n]([a-z_]+)=/g)].map(m => m[1]!);
  assert.ok(keys.length > 15);
  assert.deepEqual(
    keys.filter(key => !new RegExp(`^${key}:`, 'm').test(base)),
    [],
  );
  assert.match(script, /ici_fsdp_parallelism=1024/);
  assert.match(script, /ici_tensor_parallelism=4/);
  const models = readdirSync(sourceFile('maxtext', 'src/maxtext/configs/models'));
  assert.ok(models.includes(`${/model_name=(\S+)/.exec(script)![1]}.yml`));
});

test('NxD Training: its examples have every key', { skip: missing('nxd-training') }, () => {
  const known = sourcesOf('nxd-training', /\.yaml$/);
  const { files } = launch(onTrainium2);
  const unknown: string[] = [];
  const walk = (node: object): void => {
    for (const [key, value] of Object.entries(node)) {
      if (!new RegExp(`^\\s*${key}:`, 'm').test(known)) unknown.push(key);
      if (typeof value === 'object' && value !== null) walk(value);
    }
  };
  const tree = parse(files[0]!.text) as { trainer: object; distributed_strategy: object };
  walk(tree);
  assert.deepEqual(unknown, []);
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

test('vLLM: two hosts join by Ray; Neuron is told its blocks', () => {
  const h100 = vllmServe(servingOnH100);
  assert.match(h100, /--tensor-parallel-size 8/);
  assert.match(h100, /--pipeline-parallel-size 2/);
  assert.match(h100, /--distributed-executor-backend ray/);
  const neuron = vllmServe(servingOnTrainium2);
  assert.match(neuron, /--num-gpu-blocks-override 16384/);
  assert.ok(!neuron.includes('gpu-memory-utilization'));
});

function missing(framework: Framework): string | false {
  return absent(sourceFile(framework, ''));
}

function sourceFile(framework: Framework, path: string): string {
  return join(validators.sources, framework, path);
}

function sourcesOf(framework: Framework, pattern: RegExp): string {
  const folder = sourceFile(framework, '');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => pattern.test(path))
    .map(path => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
}

/** A field of a dataclass, of which frameworks make flags; `fp8` is `--fp8-format`, and so on. */
function isField(text: string, field: string): boolean {
  const name = field.replace(/^(fp[48])_format$/, '$1').replace(/^num_experts$/, 'num_moe_experts');
  return new RegExp(`^ +${name}\\s*:`, 'm').test(text);
}
