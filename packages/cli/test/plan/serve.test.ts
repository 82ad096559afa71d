// Proves `plan serve`: the answer with its costs, files that the other verbs take, and what is said
// of input that does not work.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { runCommand } from '../command-process.ts';

const asked = ['--rate', '5/s', '--input', '1000', '--output', '200'];
const base = ['plan', 'serve', '--model', 'llama-3.3-70b', ...asked, '--as-of', '2026-08-01'];

test('chips, costs and break-even of two accelerators, one without a price', async () => {
  const args = [...base, '--accelerator', 'H100-SXM,Trainium2,Inferentia1', '--term', 'spot'];
  const { code, stdout, stderr } = await runCommand(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /H100-SXM +tp\d+ fp8 vllm/);
  assert.match(stdout, /aws p5\.48xlarge/);
  assert.match(stdout, /bedrock\/us\/meta\/llama-3\.3-70b-instruct/);
  assert.match(stdout, /Below \d+\.\d\d USD for a chip's hour it beats the cheapest offer/);
  assert.match(stdout, /Inferentia1: the weights take/);
});

test("a price of one's own is planned with, and JSON has all of it", async () => {
  const price = ['--price', 'trn2.48xlarge=35.8', '--json', '-'];
  const { stdout } = await runCommand([...base, '--accelerator', 'Trainium2', ...price]);
  const report = JSON.parse(stdout);
  assert.equal(report.plans[0].host.usdPerHour, 35.8);
  assert.ok(report.plans[0].load.ttftSeconds.p95 < report.slo.ttftSeconds);
  assert.ok(report.plans[0].memory.cacheBytes > 0);
});

test('a model that no host holds is planned over two of them, at the price of two', async () => {
  const size = ['--rate', '2/s', '--input', '1500', '--output', '300', '--as-of', '2026-11-24'];
  const model = ['plan', 'serve', '--model', 'deepseek-v3', ...size];
  const chips = ['--accelerator', 'H100-SXM,Inferentia2', '--cloud', 'aws'];
  const { code, stdout, stderr } = await runCommand([...model, ...chips]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /H100-SXM +\S.* fp8 vllm +1 x 16 on 2 hosts +16 /);
  assert.match(stdout, /aws p5\.48xlarge +us-east-1 +2 +110\.08 /);
  assert.match(stdout, /Inferentia2: .* one host \(vLLM Neuron serves on one host\)/);
  const json = await runCommand([...model, ...chips, '--json', '-']);
  const [plan] = JSON.parse(json.stdout).plans;
  assert.deepEqual([plan.hostsPerInstance, plan.host.hostsPerInstance, plan.hosts], [2, 2, 2]);
  assert.ok(plan.memory.weights.experts > 0.6 * plan.memory.weightBytes);
});

test('a plan is explained from its file: time, memory and money by part', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-explain-'));
  const path = join(folder, 'plan.json');
  const model = ['plan', 'serve', '--model', 'llama-3.1-405b', '--precision', 'bf16', ...asked];
  await runCommand([...model, '--accelerator', 'H100-SXM,H200', '--json', path]);
  const { code, stdout, stderr } = await runCommand(['plan', 'explain', path]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Time of a token: .* ms with/);
  assert.match(stdout, /room for keys and values/);
  assert.match(stdout, /first token +\d/);
  const over = await runCommand(['plan', 'explain', path, '--plan', 'H100-SXM/aws']);
  assert.match(over.stdout, /x 16 chips on 2 hosts, tp8 pp2 bf16 vllm; .* unvalidated/);
  assert.match(over.stdout, /waiting for the slowest stage, and sends/);
  const unknown = await runCommand(['plan', 'explain', path, '--plan', 'H101-SXM/aws']);
  assert.match(unknown.stderr, /Did you mean "H100-SXM\/aws"/);
});

test('the plan as an offer is a scenario and a deployment that are taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-offer-'));
  const path = join(folder, 'own.yaml');
  await runCommand([...base, '--accelerator', 'H100-SXM', '--as-offer', path]);
  const checked = await runCommand(['scenario', 'check', path]);
  assert.equal(checked.code, 0, checked.stderr);
  const [limit] = parse(readFileSync(path, 'utf8')).world.limits;
  assert.ok(limit.concurrentRequests > 10, 'no more at once than keep the promise');
  const deployments = parse(readFileSync(join(folder, 'own.deployment.yaml'), 'utf8'));
  assert.ok(deployments[0].expectedTtftMs > 10);
  assert.ok(deployments[0].offer.prices.outputUsdPerMtok > 0);
  const config = {
    deployments,
    routes: [{ name: 'llama', deployments: ['own-hosting'], objective: 'cost' }],
    keys: [{ name: 'test', key: 'sk-entrepot-0123456789abcdef0123' }],
  };
  const file = join(folder, 'entrepot.yaml');
  writeFileSync(file, JSON.stringify(config));
  const { stdout, stderr } = await runCommand(['config', 'check', file]);
  assert.match(stdout + stderr, /own-hosting/);
  assert.doesNotMatch(stderr, /deployments\[0\]/);
});

test('the plan is a page and a manifest too, with a draft when one is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-emit-'));
  const page = join(folder, 'plan.html');
  const files = ['--html', page, '--emit', 'kubernetes', '--out', folder];
  const draft = ['--speculation', '4:0.7:llama-3.2-1b'];
  const args = [...base, '--accelerator', 'H100-SXM', ...files, ...draft];
  const { code, stdout, stderr } = await runCommand(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /tp\d+ draft fp8 vllm/);
  assert.match(readFileSync(page, 'utf8'), /What keeps the promise/);
  const [set] = parseAllDocuments(
    readFileSync(join(folder, 'llama-3-3-70b-h100-sxm.k8s.yaml'), 'utf8'),
  );
  assert.equal(set!.toJS().kind, 'LeaderWorkerSet');
  assert.match(String(set), /--tensor-parallel-size \d/);
});

test('hosts without a price on demand are priced as they are sold ahead, and marked', async () => {
  const args = [...base, '--accelerator', 'Trainium2', '--as-of', '2026-11-24'];
  const { stdout } = await runCommand(args);
  assert.match(stdout, /aws trn2\.48xlarge \(committed\) +unknown +\d+ +\d+\.\d\d/);
});

test('a model is its folder with a config.json too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-model-'));
  const config = {
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const args = ['plan', 'serve', '--model', folder, ...asked, '--accelerator', 'H100-SXM'];
  const { code, stdout, stderr } = await runCommand(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /H100-SXM +tp1 fp8 vllm/);
});

test('a trace is simulated in place of a rate', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'entrepot-trace-')), 'trace.csv');
  const rows = Array.from({ length: 400 }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1) + i * 250)
      .toISOString()
      .replace('T', ' ')
      .slice(0, 23);
    return `${at},${500 + (i % 7) * 100},${50 + (i % 5) * 20}`;
  });
  writeFileSync(path, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\n'));
  const args = ['plan', 'serve', '--model', 'llama-3.3-70b', '--traffic', path];
  const { code, stdout, stderr } = await runCommand([...args, '--accelerator', 'H200']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /4\.0 requests\/s of 799 tokens in/);
});

test('what does not work is said with what would', async () => {
  const cases: [string[], RegExp][] = [
    [['plan', 'serve', ...asked], /needs --model/],
    [['plan', 'serve', '--model', 'llama-3.3-70b'], /needs --rate/],
    [[...base, '--rate', '0/s'], /--rate must be a rate above 0, such as 20\/s/],
    [[...base, '--tpot-p95', 'fast'], /--tpot-p95 must be a time above 0, such as 50ms/],
    [[...base, '--accelerator', 'H101'], /there is no accelerator "H101"/],
    [[...base, '--speculation', '4'], /such as 4:0\.7/],
    [[...base, '--precision', 'fp7'], /Allowed: bf16, fp8/],
    [[...base, '--as-offer', '/none/own.yaml'], /--as-offer \/none\/own.yaml cannot be written/],
    [[...base, '--json', tmpdir()], /--json .* cannot be written: it is a folder/],
    [[...base, '--price', 'p5.49xlarge=1'], /there is no instance type "p5\.49xlarge"/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await runCommand(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('a promise that cannot be kept exits 1 and says which could', async () => {
  const args = [...base, '--accelerator', 'H100-SXM', '--tpot-p95', '1ms'];
  const { code, stdout } = await runCommand(args);
  assert.equal(code, 1);
  assert.match(stdout, /Nothing keeps the promise/);
  assert.match(stdout, /a request alone takes \d+ ms a token; .*--tpot-p95 \d+ms would work/);
});

test('a thousand times the traffic takes about a thousand times the chips', async () => {
  const chipsAt = async (rate: string): Promise<number> => {
    const size = ['--input', '1500', '--output', '300', '--accelerator', 'H100-SXM'];
    const args = ['plan', 'serve', '--model', 'llama-3.3-70b', '--rate', rate, ...size];
    const { stdout } = await runCommand([...args, '--as-of', '2026-08-01', '--json', '-']);
    return JSON.parse(stdout).plans[0].chips;
  };
  const [some, many] = [await chipsAt('100/s'), await chipsAt('100000/s')];
  assert.ok(many > 900 * some && many < 1100 * some, `${some} at 100/s, ${many} at 100,000/s`);
});

test('a cloud that there is not, and files without --emit, are refused', async () => {
  const cloud = await runCommand([...base, '--cloud', 'gogle']);
  assert.match(cloud.stderr, /--cloud: there is no "gogle"\. Did you mean "google"\?/);
  const out = await runCommand([...base, '--out', 'somewhere']);
  assert.match(out.stderr, /--out goes with --emit kubernetes, skypilot, slurm/);
  const emitted = await runCommand([...base, '--emit', 'nomad']);
  assert.match(
    emitted.stderr,
    /--emit: there is no "nomad"\. Allowed: kubernetes, skypilot, slurm/,
  );
  assert.equal(emitted.stdout, '');
});
