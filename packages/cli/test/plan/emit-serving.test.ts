// Proves that `plan serve` writes its cheapest plan for Kubernetes, SkyPilot and Slurm, and places
// replicas within limits of capacity over chips and clouds.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCommand } from '../command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-serving-'));
after(() => rmSync(folder, { recursive: true }));

const wish = ['--model', 'llama-3.3-70b', '--rate', '20/s', '--input', '1500', '--output', '300'];
const serve = ['plan', 'serve', ...wish, '--as-of', '2026-11-23'];

test('the cheapest plan is a LeaderWorkerSet with its layout, or a service of SkyPilot', async () => {
  for (const [engine, kind] of [
    ['kubernetes', /kind: LeaderWorkerSet/],
    ['skypilot', /readiness_probe:/],
  ] as const) {
    const out = join(folder, engine);
    const args = ['--accelerator', 'h100', '--cloud', 'aws', '--emit', engine, '--out', out];
    const { code, stderr } = await runCommand([...serve, ...args]);
    assert.equal(code, 0, stderr);
    const text = readFileSync(join(out, readdirSync(out)[0]!), 'utf8');
    assert.match(text, kind);
    assert.match(text, /vllm serve meta-llama\/Llama-3\.3-70B-Instruct/);
    assert.match(text, /--tensor-parallel-size \d/);
  }
});

test('a replica over two hosts is written for each engine with both', async () => {
  const model = ['plan', 'serve', '--model', 'deepseek-v3', '--rate', '2/s', '--input', '1500'];
  const rest = ['--output', '300', '--accelerator', 'h100', '--cloud', 'aws'];
  const day = ['--as-of', '2026-11-23'];
  for (const [engine, hosts] of [
    ['kubernetes', /size: 2/],
    ['skypilot', /num_nodes: 2/],
    ['slurm', /#SBATCH --nodes=2/],
  ] as const) {
    const out = join(folder, `two-${engine}`);
    const emit = ['--emit', engine, '--out', out];
    const { code, stderr } = await runCommand([...model, ...rest, ...day, ...emit]);
    assert.equal(code, 0, stderr);
    const text = readFileSync(join(out, readdirSync(out)[0]!), 'utf8');
    assert.match(text, hosts);
    assert.match(text, /--data-parallel-size-local 8|--nnodes 2/);
  }
});

test('NeuronCores count as tensor parallel, chips as devices', async () => {
  const out = join(folder, 'neuron');
  const emit = ['--accelerator', 'trainium2', '--emit', 'kubernetes', '--out', out];
  const { code, stderr } = await runCommand([...serve, ...emit]);
  assert.equal(code, 0, stderr);
  const text = readFileSync(join(out, readdirSync(out)[0]!), 'utf8');
  const chips = Number(/aws\.amazon\.com\/neuron: "(\d+)"/.exec(text)![1]);
  assert.match(text, new RegExp(`--tensor-parallel-size ${chips * 4} `));
});

test('replicas are placed within limits, over chips and clouds', async () => {
  const file = join(folder, 'capacity.yaml');
  writeFileSync(
    file,
    `limits:
  - { accelerator: h100, cloud: aws, region: us-east-1, chips: 2 }
  - { accelerator: h200, cloud: azure, region: eastus2, chips: 8 }
`,
  );
  const args = ['--accelerator', 'h100,h200', '--capacity', file];
  const { code, stdout, stderr } = await runCommand([...serve, ...args]);
  assert.equal(code, 0, stderr);
  const within = stdout.slice(stdout.indexOf('Within the limits'));
  assert.match(within, /H100-SXM, aws us-east-1/);
  assert.match(within, /H200, azure eastus2/);
});
