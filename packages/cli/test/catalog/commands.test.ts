// Proves what a user sees of the catalog commands: tables, JSON, exit codes and messages. How: runs
// each command with arguments parsed as the entrepot command parses them, and keeps its output.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Command, UsageError } from '../../src/command.ts';
import { accelerators } from '../../src/commands/catalog/accelerators.ts';
import { check } from '../../src/commands/catalog/check.ts';
import { instances } from '../../src/commands/catalog/instances.ts';
import { models } from '../../src/commands/catalog/models.ts';
import { offers } from '../../src/commands/catalog/offers.ts';
import { run } from '../run.ts';

test('offers shows the prices of the day, aligned and exact', async () => {
  const before = await run(offers, '--model', 'o3', '--cloud', 'openai', '--as-of', '2025-06-09');
  assert.equal(
    before.text,
    [
      'OFFER                                INPUT   OUTPUT   CACHED  CONTEXT',
      'openai-api/global/openai/o3          10.00    40.00     0.50   200000',
      'openai-api/global/openai/o3#batch  unknown  unknown  unknown   200000',
    ].join('\n'),
  );
  const after = await run(offers, '--model', 'o3', '--cloud', 'openai', '--as-of', '2025-06-10');
  assert.match(after.text, /openai\/o3 +2\.00 +8\.00 +0\.50/);
  assert.equal(after.code, 0);
});

test('offers marks dearer tiers and disagreeing sources', async () => {
  const tiered = await run(offers, '--model', 'gpt-5.4', '--as-of', '2026-11-24');
  assert.match(tiered.text, /openai-api\/global\/openai\/gpt-5\.4 .*1050000 {2}\+$/m);
  const sonnet = await run(offers, '--model', 'claude-sonnet-5', '--as-of', '2026-11-24');
  assert.match(sonnet.text, /bedrock\/us\/anthropic\/claude-sonnet-5 .*\*$/m);
});

test('models says where a model is sold', async () => {
  const { text, notes } = await run(models, '--cloud', 'aws', '--as-of', '2026-06-01');
  assert.match(text, /^openai\/gpt-5\.5 +1050000 +128000 +2026-04-23 +1 +aws$/m);
  assert.match(notes, /models as of 2026-06-01/);
  const earlier = await run(models, '--cloud', 'aws', '--as-of', '2026-05-31');
  assert.doesNotMatch(earlier.text, /gpt-5/);
});

test('accelerators says what is unknown and what was not verified', async () => {
  const { text } = await run(accelerators, '--model', 'H100-NVL');
  assert.match(text, /^H100-NVL +nvidia +yes +2023 +835\? +1671\? +94\? +3938\? +unknown/m);
  const aws = await run(accelerators, '--cloud', 'aws');
  assert.match(aws.text, /^Trainium2 /m);
  assert.doesNotMatch(aws.text, /TPU|Maia/);
});

test('instances shows prices per hour of one chip on one cloud', async () => {
  const { text } = await run(instances, '--cloud', 'aws', '--model', 'H100-SXM');
  assert.match(text, /^aws +p5\.48xlarge +us-east-1 +H100-SXM +8 +55\.04 +unknown/m);
  const before = await run(instances, '--model', 'p5.48xlarge', '--as-of', '2026-07-19', '--json');
  assert.deepEqual(JSON.parse(before.text).instances, [], 'not seen yet');
});

test('no line of a table of offers, models or chips is wider than 120 columns', async () => {
  for (const command of [offers, models, accelerators, instances]) {
    const { text } = await run(command);
    const widest = text.split('\n').reduce((a, b) => (a.length > b.length ? a : b));
    assert(widest.length <= 120, `${command.name}: ${widest.length}: ${widest}`);
  }
});

test('check lists conflicts with every claim, and the choice with its reason', async () => {
  const { code, text, notes } = await run(check, '--model', 'claude-opus-4-8', '--cloud', 'aws');
  assert.equal(code, 0);
  assert.match(text, /^bedrock\/us\/anthropic\/claude-opus-4-8$/m);
  assert.match(text, /^ {4}5\.5 \/ 27\.5 +2026-07-24 {2}BerriAI\/litellm/m);
  assert.match(text, /-> 5\.50 \/ 27\.50 by rule: AWS sells/);
  assert.match(notes, /0 problems, 2 conflicts/);
});

test('check prints problems with file, line and field, and its exit code is 1', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'entrepot-catalog-'));
  t.after(() => rmSync(dir, { recursive: true }));
  cpSync(join(import.meta.dirname, '../../../../catalog'), dir, { recursive: true });
  writeFileSync(join(dir, 'regions.jsonl'), '{"id":"global","name":"anywhere"}\nnonsense\n');
  writeFileSync(join(dir, 'scenarios', 'broken.yaml'), 'id: broken\n');
  const { code, text } = await run(check, '--catalog', dir);
  assert.equal(code, 1);
  assert.match(text, /^regions\.jsonl:2: must be one JSON object/m);
  assert.match(text, /^offers\/bedrock\.jsonl:\d+: id: region us is not in regions\.jsonl$/m);
  assert.match(text, /^scenarios\/broken\.yaml:1: title: /m);
  const asJson = await run(check, '--catalog', dir, '--json');
  assert.equal(JSON.parse(asJson.text).problems[0].file, 'regions.jsonl');
  await assert.rejects(run(offers, '--catalog', dir), /not valid.*catalog check/);
});

test('JSON has integers for money and null for unknown', async () => {
  const { text } = await run(offers, '--model', 'o3', '--as-of', '2025-06-09', '--json');
  const { asOf, offers: found } = JSON.parse(text);
  const batch = found.find((o: { id: string }) => o.id === 'openai-api/global/openai/o3#batch');
  assert.equal(asOf, '2025-06-09');
  assert.equal(batch.prices.inputPicoUsd, null);
  assert.equal(found.at(-2).prices.inputPicoUsd, 10_000_000);
});

const misuse: readonly [Command, string[], RegExp][] = [
  [offers, ['--as-of', '2026-02-30'], /YYYY-MM-DD.*not "2026-02-30"/],
  [offers, ['--as-of', 'today'], /YYYY-MM-DD/],
  [offers, ['--cloud', 'gogle'], /Did you mean "google"\? Allowed: anthropic, aws, azure/],
  [offers, ['--model', 'claud-sonet-5'], /Did you mean "anthropic\/claude-sonnet-5"/],
  [models, ['--model', 'openai/gpt5.4'], /Did you mean "openai\/gpt-5\.4"/],
  [models, ['extra'], /takes no arguments/],
  [models, ['--catalog', '/nowhere/at/all'], /cannot read the catalog/],
  [accelerators, ['--model', 'H100-SMX'], /Did you mean "H100-SXM"/],
  [instances, ['--model', 'h100'.repeat(9)], /there is no accelerator or instance type/],
  [check, ['--cloud', 'gcp'], /there is no cloud "gcp"/],
];

for (const [command, args, message] of misuse) {
  test(`${command.name} ${args.join(' ')} says what is allowed`, async () => {
    await assert.rejects(run(command, ...args), (error: unknown) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('every help text has a usage line and an example', () => {
  for (const command of [models, offers, accelerators, instances, check]) {
    assert.match(command.help, new RegExp(`^Usage: entrepot ${command.name} `));
    assert.match(command.help, new RegExp(`\nExample: entrepot ${command.name} --`));
  }
});
