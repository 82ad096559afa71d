// Proves that legacy completions pass through the gateway as bytes: with openai's own SDK against
// scripted servers on loopback. Usage is read and billed, another deployment that speaks them takes
// over, and where none does the caller is told so.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { chat, chatError } from '../answers.ts';
import { FakeUpstream, key, Rig, type RigDeployment, type Script } from '../rig.ts';

const answer = {
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1_700_000_000,
  model: 'served',
  choices: [{ index: 0, text: ' two ships', finish_reason: 'length', logprobs: null }],
  usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
};

const legacy: Script = ({ body }, response) => {
  const { stream, stream_options } = JSON.parse(body);
  if (stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const { usage, choices, ...head } = answer;
  const chunks: object[] = [' two', ' ships'].map((text, i) => ({
    ...head,
    choices: [{ ...choices[0], text, finish_reason: i === 1 ? 'length' : null }],
  }));
  if (stream_options?.include_usage === true) chunks.push({ ...head, choices: [], usage });
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
};

const both = { dialects: ['openai-chat', 'openai-completions'] };

async function setUp(
  t: TestContext,
  scripts: readonly (readonly [Script, Partial<RigDeployment>])[],
): Promise<{ rig: Rig; upstreams: FakeUpstream[]; openai: OpenAI }> {
  const upstreams: FakeUpstream[] = [];
  const deployments: RigDeployment[] = [];
  for (const [i, [script, more]] of scripts.entries()) {
    const upstream = new FakeUpstream(script);
    await upstream.listen();
    t.after(() => upstream.close());
    upstreams.push(upstream);
    const endpoint = upstream.url;
    deployments.push({
      id: `d${i}`,
      service: 'openai-api',
      endpoint,
      modelName: 'served',
      ...more,
    });
  }
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  const openai = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
  return { rig, upstreams, openai };
}

test('a whole answer and a stream come back as they are, and are billed', async t => {
  const { rig, upstreams, openai } = await setUp(t, [[legacy, { offer: both }]]);
  const whole = await openai.completions.create({ model: 'any', prompt: 'One ship,' });
  assert.deepEqual({ ...whole, _request_id: undefined }, { ...answer, _request_id: undefined });
  const stream = await openai.completions.create({ model: 'any', prompt: 'One', stream: true });
  const chunks = await Array.fromAsync(stream);
  assert.equal(chunks.map(chunk => chunk.choices[0]?.text).join(''), ' two ships');
  assert.equal(chunks.length, 2, 'usage that was not asked for is not shown');
  const sent = JSON.parse(upstreams[0]!.received.at(-1)!.body);
  assert.deepEqual(sent, {
    model: 'served',
    prompt: 'One',
    stream: true,
    stream_options: { include_usage: true },
  });
  assert.equal(upstreams[0]!.received[0]!.path, '/v1/completions');
  const records = await rig.records();
  assert.equal(records.length, 2);
  for (const record of records) {
    assert.equal(record.dialect, 'openai-completions');
    assert.equal(record.chargeNanoUsd, 20 * 1000 + 5 * 2000);
    assert.ok(record.reservedNanoUsd! >= 16 * 2000);
  }
});

test('another deployment that speaks them takes over; one that does not is passed by', async t => {
  const { upstreams, openai } = await setUp(t, [
    [chat, {}],
    [chatError(503), { offer: both }],
    [legacy, { offer: both, service: 'azure-openai' }],
  ]);
  const whole = await openai.completions.create({ model: 'any', prompt: 'One ship,' });
  assert.equal(whole.choices[0]!.text, ' two ships');
  assert.deepEqual(
    upstreams.map(upstream => upstream.received.map(received => received.path)),
    [[], ['/v1/completions'], ['/openai/v1/completions']],
  );
});

test('a server of one’s own has them under its base', async t => {
  const { upstreams, openai } = await setUp(t, [[legacy, { offer: both }]]);
  const rig = await Rig.start({
    deployments: [
      {
        id: 'vllm',
        service: 'openai-compatible',
        endpoint: `${upstreams[0]!.url}/llama/v1`,
        credential: { type: 'none' },
        offer: both,
      },
    ],
  });
  t.after(() => rig.close());
  const own = openai.withOptions({ baseURL: `${rig.url}/v1` });
  await own.completions.create({ model: 'any', prompt: ['One', 'Two'], n: 2 });
  assert.equal(upstreams[0]!.received.at(-1)!.path, '/llama/v1/completions');
});

test('where no deployment speaks them the caller is told so, and nothing is sent', async t => {
  const { rig, upstreams, openai } = await setUp(t, [[chat, {}]]);
  await assert.rejects(
    openai.completions.create({ model: 'any', prompt: 'One ship,' }),
    error =>
      error instanceof OpenAI.BadRequestError &&
      error.code === 'unsupported_endpoint' &&
      /openai-completions\. Use chat completions/.test(error.message),
  );
  assert.equal(upstreams[0]!.received.length, 0);
  const [record] = await rig.records();
  assert.deepEqual([record!.status, record!.chargeNanoUsd], [400, 0]);
});

test('a chat is not sent to a deployment that has only these', async t => {
  const only = { dialects: ['openai-completions'] };
  const { upstreams, openai } = await setUp(t, [[legacy, { offer: only }]]);
  await assert.rejects(
    openai.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: 'Q' }] }),
    OpenAI.BadRequestError,
  );
  assert.equal(upstreams[0]!.received.length, 0);
});

test('many prompts are not taken for one that is too long', async t => {
  const { openai } = await setUp(t, [[legacy, { offer: { ...both, contextTokens: 100 } }]]);
  const prompt = Array.from({ length: 50 }, () => 'One ship,');
  const whole = await openai.completions.create({ model: 'any', prompt, max_tokens: 20 });
  assert.equal(whole.choices[0]!.text, ' two ships');
  await assert.rejects(
    openai.completions.create({ model: 'any', prompt: 'One ship,', max_tokens: 200 }),
    /context 100 tokens/,
  );
});
