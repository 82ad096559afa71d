// Proves `plan train` and `plan explain` as a user has them: plans with ranges, unvalidated chips
// marked and wider, impossible input answered with the nearest thing that works, jobs written for
// engines, and the parts of a plan that add up.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TrainingPlans } from '@entrepot/planner/plan/training-plan';
import { runCommand } from '../command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-plan-'));
after(() => rmSync(folder, { recursive: true }));

const day = ['--as-of', '2026-11-23'];
const llama = ['--model', 'llama-3.1-405b', '--tokens', '15T', ...day];

async function plan(...args: string[]): Promise<TrainingPlans> {
  const { stdout, stderr } = await runCommand(['plan', 'train', ...llama, '--json', '-', ...args]);
  assert.ok(stdout.startsWith('{'), stderr);
  return JSON.parse(stdout) as TrainingPlans;
}

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await runCommand(['plan', 'train', ...args]);
  assert.equal(code, 2, stderr);
  return stderr;
}

test('405B on H100 in the layout of Llama 3 is near what that reached, with ranges', async () => {
  const layout = ['--layout', 'tp=8,pp=16,microBatch=1'];
  const h100 = ['--accelerator', 'h100', '--cloud', 'aws', ...layout];
  const { plans } = await plan('--chips', '16384,8192', ...h100);
  assert.equal(plans.length, 2);
  const large = plans.find(p => p.chips === 16_384)!;
  assert.equal(large.id, 'H100-SXM/aws/16384');
  // Llama 3 405B: 38 to 43 % at 16,384 and 8,192 chips (arXiv 2407.21783, table 4).
  const { mfu } = large.step;
  assert.ok(mfu.low < 0.41 && mfu.high > 0.38, JSON.stringify(mfu));
  assert.ok(large.goodput.share.likely > 0.9);
  assert.equal(large.host.count, 2048);
  for (const one of plans) {
    const cost = one.cost['on-demand']!;
    const days = one.days['on-demand']!;
    for (const i of [one.step.seconds, mfu, one.goodput.share, days, cost]) {
      assert.ok(i.low < i.likely && i.likely < i.high);
    }
    const hours = days.likely * 24 * (one.host.count + one.host.spares);
    assert.ok(Math.abs(cost.likely / (hours * one.host.usdPerHour['on-demand']!) - 1) < 1e-9);
    assert.equal(one.memory.fits, true);
    const parts = Object.values(one.step.parts).reduce((sum, part) => sum + part, 0);
    assert.ok(Math.abs(parts / one.step.seconds.likely - 1) < 1e-6);
  }
});

test('a chip without a public run is unvalidated, its range wider, unknown prices unknown', async () => {
  const { plans } = await plan('--chips', '16384,8192', '--accelerator', 'h100,trainium2');
  const h100 = plans.find(p => p.acceleratorId === 'H100-SXM')!;
  const trainium = plans.find(p => p.acceleratorId === 'Trainium2')!;
  assert.equal(h100.unvalidated, false);
  assert.equal(trainium.unvalidated, true);
  const width = ({ step: { seconds } }: typeof h100): number => seconds.high / seconds.low;
  assert.ok(width(trainium) > 1.5 * width(h100));
  assert.deepEqual([trainium.cost['on-demand'], trainium.cost.spot], [null, null]);
  // Capacity Blocks have a price, but not for as many hosts.
  assert.match(trainium.notes.join(), /unvalidated.*256 hosts and 182 days at most/);
  assert.equal(h100.cheapestTerm, 'spot');
});

test('a price of the user counts', async () => {
  const price = ['--price', 'trn2.48xlarge:committed=35.8'];
  const { plans } = await plan('--chips', '16384,8192', '--accelerator', 'trainium2', ...price);
  assert.equal(plans[0]!.cheapestTerm, 'committed');
  assert.ok(plans[0]!.cost.committed!.likely > 1e6);
  assert.match(
    await refused(...llama, '--chips', '8', '--price', 'trn9=1'),
    /no instance type "trn9"/,
  );
});

test('impossible input is answered with the nearest thing that works', async () => {
  assert.match(await refused(...llama, '--chips', '0'), /smallest plan is --chips 1/);
  assert.match(await refused(...llama, '--chips', '12.5'), /whole number/);
  assert.match(await refused(...llama, '--chips', '-5'), /above 0, such as 1024,4096: not "-5"/);
  assert.match(await refused(...llama), /needs --chips, such as --chips 16384/);
  assert.match(
    await refused('--model', 'lama-3.1-405b', '--tokens', '1T', '--chips', '8'),
    /Did you mean "llama-3.1-405b"/,
  );
  assert.match(
    await refused(...llama, '--chips', '8', '--accelerator', 'h10'),
    /Did you mean "H100/,
  );
  const bad = join(folder, 'config.json');
  writeFileSync(bad, '{"num_hidden_layers": "many"}');
  assert.match(
    await refused('--model', bad, '--tokens', '1T', '--chips', '8'),
    /num_hidden_layers/,
  );
});

test('a layout, a size, a budget and a deadline that cannot be say what could', async () => {
  const h100 = ['--accelerator', 'h100', '--cloud', 'aws'];
  const reason = async (...args: string[]): Promise<string> => {
    const { plans, whyNot } = await plan(...h100, ...args);
    assert.equal(plans.length, 0);
    return whyNot.map(w => w.reason).join('\n');
  };
  assert.match(
    await reason('--chips', '1024', '--layout', 'tp=6'),
    /tp 6 does not divide 128 attention heads; 4 does/,
  );
  assert.match(
    await reason('--chips', '16,8'),
    /does not fit: \d+ GB of 86 GB .*; it fits on \d+ chips/,
  );
  assert.match(
    await reason('--chips', '4,2'),
    /less than a host of 8 chips, on which it does not fit: .*; it fits on 96 chips/,
  );
  assert.match(
    await reason('--chips', '8192', '--budget', '1M'),
    /the budget is enough for \d+B tokens/,
  );
  assert.match(
    await reason('--chips', '8192', '--deadline', '70d'),
    /: 16384 chips would be in time/,
  );
  // What is said to be in time is.
  const { plans } = await plan(...h100, '--chips', '16384', '--deadline', '70d');
  assert.ok(plans[0]!.days['on-demand']!.likely <= 70);
  assert.match(
    await reason('--chips', '4096', '--deadline', '5d'),
    /not 5: at best \d+ days, on \d+ chips, with batches of this size/,
  );
  assert.match(await reason('--chips', '1000,3000'), /over 1000 chips; over \d+ chips one does/);
  assert.match(
    await reason('--accelerator', 'inferentia2', '--chips', '1020'),
    /built for inference alone/,
  );
  const nowhere = await plan('--chips', '64', '--accelerator', 'maia-100');
  assert.match(nowhere.whyNot[0]!.reason, /its maker keeps it/);
});

test('limits that no plan keeps are answered with those that one would', async () => {
  const args = [...llama, '--chips', '8192,4096', '--accelerator', 'h100', '--cloud', 'aws'];
  const limits = ['--deadline', '30d', '--budget', '10M'];
  const none = await runCommand(['plan', 'train', ...args, ...limits]);
  assert.equal(none.code, 1);
  const nearest = [...none.stdout.matchAll(/ {2}(\S+): (--deadline \d+d) (--budget [\d.]+M)/g)];
  assert.deepEqual(
    nearest.map(([, id]) => id),
    ['H100-SXM/aws/4096', 'H100-SXM/aws/8192'],
  );
  for (const [, id, deadline, budget] of nearest) {
    const asked = [...deadline!.split(' '), ...budget!.split(' ')];
    const { plans } = await plan(...args.slice(llama.length), ...asked);
    assert.ok(plans.some(p => p.id === id));
  }
});

test('a plan is written for each engine, and the Pareto set is explained from its file', async () => {
  const file = join(folder, 'plan.json');
  const html = join(folder, 'plan.html');
  const args = [...llama, '--chips', '16384,8192', '--accelerator', 'h100', '--cloud', 'aws'];
  const written = { skypilot: '.sky.yaml', kubernetes: '.k8s.yaml', slurm: '.sbatch' };
  for (const [engine, end] of Object.entries(written)) {
    const out = join(folder, engine);
    const emit = ['--emit', engine, '--out', out, '--plan', 'H100-SXM/aws/16384'];
    const files = ['--json', file, '--html', html];
    const { code, stderr, stdout } = await runCommand([
      'plan',
      'train',
      ...args,
      ...emit,
      ...files,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Time of a step/);
    assert.deepEqual(readdirSync(out), [`llama-3-1-405b-h100-sxm${end}`]);
    assert.match(
      readFileSync(join(out, readdirSync(out)[0]!), 'utf8'),
      /--tensor-model-parallel-size/,
    );
  }
  assert.match(readFileSync(html, 'utf8'), /H100-SXM\/aws\/16384/);
  const { code, stdout } = await runCommand(['plan', 'explain', file]);
  assert.equal(code, 0);
  for (const part of [
    /matrix products/,
    /optimizer states/,
    /Goodput: 9\d%/,
    /Money: /,
    /spare hosts/,
  ]) {
    assert.match(stdout, part);
  }
  const unknown = await runCommand(['plan', 'explain', file, '--plan', 'H100-SXM/aws/4096']);
  assert.match(unknown.stderr, /Did you mean "H100-SXM\/aws\//);
  const wrong = await runCommand(['plan', 'explain', join(folder, 'config.json')]);
  assert.match(wrong.stderr, /holds no plans: "entrepot plan train --json"/);
});

test('limits of capacity: a plan waits, shrinks, or is refused across regions', async () => {
  const file = join(folder, 'capacity.yaml');
  writeFileSync(
    file,
    `limits:
  - { accelerator: h100, cloud: aws, region: us-east-1, chips: 5000, usdPerHour: 39 }
  - { accelerator: h100, cloud: aws, region: us-west-2, chips: 5000 }
  - { accelerator: h100, cloud: google, region: us-central1, chips: 9000, from: 2026-12-23 }
`,
  );
  const limits = ['--capacity', file, '--accelerator', 'h100'];
  const { plans, whyNot } = await plan('--chips', '8192,4096', ...limits);
  const ids = plans.map(p => p.id);
  assert.ok(ids.includes('H100-SXM/aws/us-east-1/4096'), ids.join());
  assert.ok(ids.includes('H100-SXM/google/us-central1/8192/2026-12-23'), ids.join());
  assert.equal(plans.find(p => p.host.cloud === 'google')!.waitDays, 30);
  assert.equal(plans.find(p => p.host.region === 'us-east-1')!.cheapestTerm, 'committed');
  assert.match(
    whyNot.map(w => w.reason).join('\n'),
    /us-east-1 \+ aws us-west-2 together .* = 8\d\d GB/,
  );
  writeFileSync(file, 'limits: [{ accelerator: h100, cloud: aws, region: us-east-1 }]');
  assert.match(await refused(...llama, '--chips', '8', ...limits), /chips/);
});

test('a chip of the user, from a file, is planned with what is known of it', async () => {
  const file = join(folder, 'chip.json');
  const chip = {
    id: 'My-Chip',
    denseBf16Tflops: 500,
    hbmBytes: 128e9,
    hbmBytesPerSecond: 4e12,
    scaleUpBytesPerSecond: 400e9,
    scaleUpChips: 16,
    chipsPerHost: 16,
    usdPerHour: 40,
  };
  writeFileSync(file, JSON.stringify(chip));
  const own = ['--chip', file, '--accelerator', 'my-chip', '--chips', '4096,2048'];
  const { plans } = await plan(...own);
  assert.equal(plans.length, 2);
  const [first] = plans;
  assert.equal(first!.host.cloud, 'self');
  assert.equal(first!.unvalidated, true);
  assert.ok(first!.cost['on-demand']!.likely > 0);
  assert.match(first!.notes.join(), /network bandwidth is unknown and was assumed/);
  writeFileSync(file, JSON.stringify({ ...chip, hbmBytes: undefined, denseBf16Tflops: 'much' }));
  assert.match(await refused(...llama, ...own), /denseBf16Tflops: must be a number above 0/);
  writeFileSync(file, JSON.stringify({ ...chip, hbmBytes: null }));
  const { whyNot } = await plan(...own);
  assert.match(whyNot[0]!.reason, /cannot be judged: its memory is not known/);
});
