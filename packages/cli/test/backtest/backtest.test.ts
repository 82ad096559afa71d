// Proves the arithmetic of a backtest on the facts that are known by hand, and what its command
// says of wrong use. How: the committed catalog and scenarios.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtest } from '../../src/commands/what-if/backtest.ts';
import { runCommand } from '../command-process.ts';
import { run } from '../run.ts';
import { folderOf, writeTrace } from '../what-if/trace-file.ts';

interface Shown {
  readonly models: readonly {
    readonly predictedModel: string;
    readonly clouds: readonly {
      readonly cloud: string;
      readonly predicted: { readonly nanoUsd: number; readonly premium: number } | null;
      readonly actual: { readonly nanoUsd: number; readonly premium: number } | null;
      readonly error: number | null;
    }[];
  }[];
  readonly score: { readonly availabilityRight: number; readonly places: number };
}

const onAws = ['--scenario', 'openai-on-bedrock', '--predicted-as-of', '2025-12-31'];

test('where no offer has room for a request, the model is not sold', async () => {
  const args = [...onAws, '--actual-as-of', '2026-06-01', '--tokens', '1000000/1000000'];
  const pair = ['--successor', 'openai/gpt-5.1=openai/gpt-5.4', '--json'];
  const { models, score } = JSON.parse((await run(backtest, ...args, ...pair)).text) as Shown;
  const aws = models
    .find(model => model.predictedModel === 'openai/gpt-5.1')
    ?.clouds.find(({ cloud }) => cloud === 'aws');
  assert.equal(aws, undefined);
  assert(score.places > 0);
});

test('a basket is priced at the cheapest offer of each cloud', async () => {
  const args = [...onAws, '--actual-as-of', '2026-06-01', '--tokens', '1000/100', '--json'];
  const pairs = ['--successor', 'openai/gpt-5.1=openai/gpt-5.4'];
  const { models } = JSON.parse((await run(backtest, ...args, ...pairs)).text) as Shown;
  const row = models.find(model => model.predictedModel === 'openai/gpt-5.1');
  const aws = row?.clouds.find(({ cloud }) => cloud === 'aws');
  // 1,000 requests: 1M tokens at 1.25 and 0.1M at 10; then at 2.75 and 16.5.
  assert.equal(aws?.predicted?.nanoUsd, 2_250_000_000);
  assert.equal(aws?.actual?.nanoUsd, 4_400_000_000);
  assert.equal(aws?.predicted?.premium, 0);
  assert(Math.abs(aws!.actual!.premium - 0.1) < 1e-9);
  assert(Math.abs(aws!.error! - (2.25 / 4.4 - 1)) < 1e-9);
});

test('a model that did not come is wrong, and is said to be', async () => {
  const { text } = await run(backtest, ...onAws, '--actual-as-of', '2026-06-01');
  assert.match(text, /^openai\/gpt-5-mini +aws +not sold +\$0\.71 +not sold +wrong/m);
  assert.match(text, /Who sells: right for 6 of 9; that nothing changes, for 9\./);
});

test('traffic is replayed in the market as it was, as predicted and as it came', async t => {
  const trace = writeTrace(folderOf(t), 200);
  const { code, stdout, stderr } = await runCommand([
    ...['what-if', 'backtest', ...onAws, '--actual-as-of', '2026-06-01', '--json'],
    ...['--successor', 'openai/gpt-5.1=openai/gpt-5.4', '--traffic', trace, '--seeds', '2'],
    ...['--route', 'openai/gpt-5.1'],
  ]);
  assert.equal(code, 0, stderr);
  const { replayed } = JSON.parse(stdout) as {
    replayed: {
      unchanged: { costUsd: number; costByCloud: object };
      predicted: { costUsd: number; costByCloud: object };
      actual: { costUsd: number };
      error: number;
      unchangedError: number;
    };
  };
  // List prices: 1.25/10, the same predicted at AWS, and 2.5/15 of what took its place.
  assert.equal(replayed.predicted.costUsd, replayed.unchanged.costUsd);
  assert('aws' in replayed.predicted.costByCloud && !('aws' in replayed.unchanged.costByCloud));
  assert(replayed.error < -0.3 && replayed.error > -0.5, String(replayed.error));
  assert.equal(replayed.unchangedError, replayed.error);
});

test('misuse is told what to write', async () => {
  const to = ['--actual-as-of', '2026-06-01'];
  await assert.rejects(run(backtest, ...to), /--predicted-as-of must be a day/);
  const from = ['--predicted-as-of', '2026-07-01'];
  await assert.rejects(run(backtest, ...from, ...to), /is before --predicted-as-of/);
  const dates = ['--predicted-as-of', '2025-12-31', ...to];
  await assert.rejects(run(backtest, ...dates), /needs --scenario/);
  await assert.rejects(run(backtest, ...dates, '--successor', 'a=b'), /"a" is none/);
  await assert.rejects(
    run(backtest, ...dates, '--scenario', 'o3-price-cut', '--tokens', '5'),
    /IN\/OUT/,
  );
});
