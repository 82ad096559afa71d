// Proves that what an upstream's dialect cannot carry is refused with the field's name or, where
// the route says so, dropped and reported; and that an upstream that can carry it is taken instead.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask, chat, messagesAnswer } from '../answers.ts';
import { FakeUpstream, Rig, type RigOptions } from '../rig.ts';

async function upstreams(t: TestContext) {
  const openai = new FakeUpstream(chat);
  const anthropic = new FakeUpstream((_received, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(messagesAnswer);
  });
  for (const upstream of [openai, anthropic]) {
    await upstream.listen();
    t.after(() => upstream.close());
  }
  return { openai, anthropic };
}

async function start(t: TestContext, options: RigOptions): Promise<Rig> {
  const rig = await Rig.start(options);
  t.after(() => rig.close());
  return rig;
}

function claudeAt({ url }: FakeUpstream) {
  return { id: 'claude', service: 'anthropic-api', endpoint: url } as const;
}

test('by default it is a 400 in the words of the caller, and nothing is sent', async t => {
  const { anthropic } = await upstreams(t);
  const rig = await start(t, { deployments: [claudeAt(anthropic)] });
  const response = await rig.post('/v1/chat/completions', { ...ask(), seed: 7 });
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  assert.equal(error.param, 'seed');
  assert.equal(error.code, 'unsupported_field');
  assert.match(String(error.message), /"seed" cannot be carried to anthropic\/claude-haiku-4-5/);
  assert.equal(anthropic.received.length, 0);
  const [record] = await rig.records();
  assert.equal(record!.chargeNanoUsd, 0);
  assert.equal(record!.error, 'unsupported_field');
});

test('what an encoder refuses outright is named in the words of the caller too', async t => {
  const { anthropic } = await upstreams(t);
  const rig = await start(t, { deployments: [claudeAt(anthropic)], losses: 'drop' });
  const tool = { type: 'function', function: { name: 'files/read', parameters: {} } };
  const response = await rig.post('/v1/chat/completions', { ...ask(), tools: [tool] });
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  assert.equal(error.param, 'tools');
  assert.equal(anthropic.received.length, 0);
});

test('on a route that drops, the answer comes and says what was lost', async t => {
  const { anthropic } = await upstreams(t);
  const rig = await start(t, { deployments: [claudeAt(anthropic)], losses: 'drop' });
  const body = { ...ask(), seed: 7, logit_bias: { 5: 1 } };
  const response = await rig.post('/v1/chat/completions', body);
  assert.equal(response.status, 200);
  await response.text();
  assert.equal(response.headers.get('entrepot-lost'), 'seed, logit_bias');
  assert.doesNotMatch(anthropic.received[0]!.body, /seed|logit/);
  const [record] = await rig.records();
  assert.equal(record!.lost, 'seed,logit_bias');
});

test('an upstream that can carry it is taken instead, and nobody notices', async t => {
  const { openai, anthropic } = await upstreams(t);
  const rig = await start(t, {
    deployments: [claudeAt(anthropic), { id: 'gpt', service: 'openai-api', endpoint: openai.url }],
  });
  const response = await rig.post('/v1/chat/completions', { ...ask(), seed: 7 });
  assert.equal(response.status, 200);
  await response.text();
  assert.equal(response.headers.get('entrepot-lost'), null);
  assert.equal(anthropic.received.length, 0);
  assert.match(openai.received[0]!.body, /"seed":7/);
});

test("another vendor's thinking is left out with a report, and stops no failover", async t => {
  const { openai, anthropic } = await upstreams(t);
  anthropic.script = (_received, response) => response.writeHead(529).end();
  const rig = await start(t, {
    deployments: [claudeAt(anthropic), { id: 'gpt', service: 'openai-api', endpoint: openai.url }],
  });
  const thought = [
    { type: 'thinking', thinking: 'Hm.', signature: 'signed' },
    { type: 'text', text: 'In port.' },
  ];
  const messages = [
    { role: 'user', content: 'Where?' },
    { role: 'assistant', content: thought },
    { role: 'user', content: 'And now?' },
  ];
  const response = await rig.post('/v1/messages', { model: 'any', max_tokens: 99, messages });
  assert.equal(response.status, 200);
  await response.text();
  assert.match(anthropic.received[0]!.body, /signed/);
  assert.doesNotMatch(openai.received[0]!.body, /signed|Hm\./);
  assert.equal(response.headers.get('entrepot-lost'), 'messages');
});
