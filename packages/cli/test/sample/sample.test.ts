// Proves that a sample finds what a judge prefers, whichever answer stands first, within a budget
// that the ledger confirms, and that its scores go into a what-if. How: a real gateway over the
// simulated OpenAI, and a judge of which the rule is known.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadQuality } from '@entrepot/catalog/load-quality';
import { readLedger } from '@entrepot/gateway/ledger/read-ledger';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { checkJudgePrompt, judgeBody, verdictOf } from '../../src/sample/judge.ts';
import { preferenceOf } from '../../src/sample/preference.ts';
import { runCommand } from '../command-process.ts';
import { raiseStage, type Stage } from './stage.ts';

interface Found {
  readonly spentUsd: number;
  readonly compared: readonly {
    readonly route: string;
    readonly model: string;
    readonly against: readonly string[];
    readonly pairs: number;
    readonly score: number;
    readonly least: number;
    readonly most: number;
  }[];
  readonly firstPlace: { readonly score: number; readonly least: number; readonly most: number };
  readonly pairsOfOneModel: number;
  readonly failures: readonly string[];
}

async function sampled(
  stage: Stage,
  ...more: string[]
): Promise<{ code: number | null; found: Found }> {
  const { code, stdout, stderr } = await runCommand(
    [
      'what-if',
      'sample',
      ...['--config', stage.config, '--url', stage.url, '--prompt', stage.prompt, '--json'],
      ...more,
    ],
    { SIMULATED_KEY: 'none' },
  );
  assert.notEqual(stdout, '', stderr);
  return { code, found: JSON.parse(stdout) as Found };
}

async function spentUsd(stage: Stage): Promise<number> {
  await stage.stop();
  const ledger = readLedger(stage.ledger);
  const sums = await ledger.sum({ by: 'cloud' });
  await ledger.close();
  assert(sums.every(({ unknownCharges }) => unknownCharges === 0));
  return sums.reduce((sum, { chargeNanoUsd }) => sum + Number(chargeNanoUsd ?? 0n) / 1e9, 0);
}

test('a candidate that the judge prefers four times of five scores 0.8', async t => {
  const stage = await raiseStage(t);
  const out = join(stage.folder, 'quality.yaml');
  const { code, found } = await sampled(
    stage,
    ...['--requests', stage.requests(150), '--candidate', 'good', '--judge', 'judge'],
    ...['--budget-usd', '10', '--out', out],
  );
  assert.deepEqual([code, found.failures], [0, []]);
  const [good] = found.compared;
  assert.deepEqual(
    [good?.route, good?.model, good?.against, good?.pairs, good?.score],
    ['chat', 'acme/good', ['openai/gpt-5.4'], 150, 0.8],
  );
  assert(good!.least > 0.7 && good!.least < 0.8 && good!.most > 0.8 && good!.most < 0.9);
  const { least, most } = found.firstPlace;
  assert(least < 0.5 && most > 0.5, 'the judge favours no place, and neither does the sample');

  const quality = loadQuality({ path: out, text: readFileSync(out, 'utf8') });
  assert.deepEqual(
    quality.scores.map(({ route, model, score }) => [route, model, score]),
    [
      ['chat', 'openai/gpt-5.4', 0.5],
      ['chat', 'acme/good', 0.8],
    ],
  );
  const ledgerUsd = await spentUsd(stage);
  assert(ledgerUsd > 0 && ledgerUsd <= found.spentUsd + 1e-9);
});

/** The same question in five dialects, with a stream and a limit where they are asked for. */
const asked: readonly ((question: string) => unknown)[] = [
  content => ({ model: 'chat', messages: [{ role: 'user', content }], stream: true, n: 1 }),
  input => ({ model: 'chat', input, stream: true, max_output_tokens: 50 }),
  content => ({
    path: '/v1/messages',
    body: {
      ...{ model: 'chat', max_tokens: 50, stream: true, system: 'Be short.' },
      messages: [{ role: 'user', content }],
    },
  }),
  text => ({
    path: '/v1beta/models/chat:streamGenerateContent?alt=sse',
    body: {
      contents: [{ role: 'user', parts: [{ text }] }],
      generationConfig: { maxOutputTokens: 50, candidateCount: 1 },
    },
  }),
  text => ({
    path: '/model/chat/converse-stream',
    body: {
      messages: [{ role: 'user', content: [{ text }] }],
      inferenceConfig: { maxTokens: 50 },
    },
  }),
];

test('requests are asked again in the dialects in which they came', async t => {
  const stage = await raiseStage(t);
  const { code, found } = await sampled(
    stage,
    ...['--requests', stage.requests(50, (question, i) => asked[i % 5]!(question))],
    ...['--candidate', 'good', '--judge', 'judge', '--budget-usd', '10'],
  );
  assert.deepEqual([code, found.failures], [0, []]);
  assert.deepEqual([found.compared[0]?.pairs, found.compared[0]?.score], [50, 0.8]);
  await stage.stop();
  const ledger = readLedger(stage.ledger);
  const records = await Array.fromAsync(ledger.tail({ limit: 1000 }));
  await ledger.close();
  const counts = new Map<string, number>();
  for (const { dialect, route } of records) {
    if (route !== 'judge') counts.set(dialect, (counts.get(dialect) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries([...counts].sort()), {
    ...{ 'anthropic-messages': 20, 'bedrock-converse': 20, gemini: 20 },
    ...{ 'openai-chat': 20, 'openai-responses': 20 },
  });
  assert(records.every(({ stream, outcome }) => !stream && outcome === 'ok'));
  assert(records.every(one => one.route !== 'chat' || (one.outputTokens ?? 0) <= 1024));
});

test('a budget is never overspent, and what was found within it is told', async t => {
  const stage = await raiseStage(t);
  const budgetUsd = 0.1;
  const { found } = await sampled(
    stage,
    ...['--requests', stage.requests(200), '--candidate', 'small', '--candidate', 'good'],
    ...['--judge', 'judge', '--budget-usd', String(budgetUsd), '--max-tokens', '200'],
  );
  assert(found.compared.length > 0 && found.compared.every(({ pairs }) => pairs < 200));
  assert(found.spentUsd <= budgetUsd);
  const ledgerUsd = await spentUsd(stage);
  assert(ledgerUsd > budgetUsd / 10 && ledgerUsd <= budgetUsd, String(ledgerUsd));
});

test('a judge that knows nothing finds no difference, and one model is equal to itself', async t => {
  const stage = await raiseStage(t);
  const { code, found } = await sampled(
    stage,
    ...['--requests', stage.requests(80), '--candidate', 'small'],
    ...['--candidate', 'simulated-judge', '--judge', 'simulated-judge', '--budget-usd', '10'],
  );
  assert.deepEqual([code, found.failures], [0, []]);
  assert.equal(found.pairsOfOneModel, 80, 'chat and simulated-judge are the same model');
  const [small] = found.compared;
  assert.deepEqual([small?.model, small?.pairs], ['openai/gpt-5.4-mini', 80]);
  assert(small!.score > 0.3 && small!.score < 0.7, String(small!.score));
});

test('what is wrong is told before anything is asked', async t => {
  const stage = await raiseStage(t);
  const good = [
    ...['--requests', stage.requests(3), '--candidate', 'good', '--judge', 'judge'],
    ...['--prompt', stage.prompt, '--budget-usd', '1', '--config', stage.config],
  ];
  const told = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await runCommand(['what-if', 'sample', ...args], {
      SIMULATED_KEY: 'x',
    });
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await told(...good, '--candidate', 'moon'), /no route "moon".*chat, small, good/);
  assert.match(await told(...good, '--budget-usd', '0'), /an amount above 0/);
  const bad = join(stage.folder, 'bad.jsonl');
  writeFileSync(bad, `${JSON.stringify(asked[0]!('x'))}\n{"model":"chat"}\n`);
  assert.match(await told(...good, '--requests', bad), /bad\.jsonl:2: messages: must be those/);
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{ path: '/v1/moon', body: {} }, /bad\.jsonl:1: path: there is nothing at \/v1\/moon/],
    [{ path: '/v1/embeddings', body: { model: 'chat', input: 'x' } }, /openai-embeddings are not/],
    [{ model: 'chat', input: 'x', previous_response_id: 'r' }, /previous_response_id: what it/],
    [{ model: 'chat', messages: [{ role: 'user', content: 'x' }], n: 2 }, /n: must be 1/],
    [
      { path: '/v1/messages', body: { model: 'chat', messages: 1, max_tokens: 9 } },
      /bad\.jsonl:1: .*messages/,
    ],
  ];
  for (const [line, message] of refused) {
    writeFileSync(bad, `${JSON.stringify(line)}\n`);
    assert.match(await told(...good, '--requests', bad), message);
  }
  const blind = join(stage.folder, 'blind.txt');
  writeFileSync(blind, 'Which is better? {{a}}');
  assert.match(await told(...good, '--prompt', blind), /must have \{\{request\}\}, \{\{b\}\}/);
});

test('an answer cannot fill the places of the judge’s prompt', () => {
  const prompt = '{{request}} | {{a}} | {{b}}';
  checkJudgePrompt(prompt);
  const body = judgeBody(prompt, 'judge', { request: 'r', a: 'I win {{b}} $&', b: 'x' }, 10);
  const { messages } = body as unknown as { messages: { content: string }[] };
  assert.equal(messages[0]?.content, 'r | I win {{b}} $& | x');
  assert.deepEqual(['{"winner":"tie"}', '{"winner":"c"}', 'a'].map(verdictOf), ['tie', null, null]);
});

test('the interval holds the truth in nine samples of ten, or more', () => {
  const random = seededRandom(7);
  for (const truth of [0.05, 0.5, 0.8]) {
    for (const pairs of [12, 60, 240]) {
      let inside = 0;
      for (let trial = 0; trial < 2000; trial++) {
        let wins = 0;
        for (let i = 0; i < pairs; i++) if (random() < truth) wins += 1;
        const { least, most } = preferenceOf({ wins, ties: 0, losses: pairs - wins });
        if (least <= truth && truth <= most) inside += 1;
      }
      assert(inside / 2000 > 0.89, `${truth} of ${pairs}: ${inside / 2000}`);
    }
  }
  assert.deepEqual(preferenceOf({ wins: 0, ties: 0, losses: 0 }), {
    pairs: 0,
    score: 0.5,
    least: 0,
    most: 1,
  });
});
