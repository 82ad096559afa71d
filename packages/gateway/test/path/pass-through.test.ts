// Where caller and upstream speak the same dialect the bytes go through as they are: shown with a
// scripted upstream on loopback that records what it gets and answers fixed bytes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  chat,
  chatAnswer,
  chatFinish,
  chatRole,
  chatUsage,
  chatWords,
  done,
} from '../answers.ts';
import { FakeUpstream, key, Rig } from '../rig.ts';

const upstream = new FakeUpstream(chat);
let rig: Rig;

before(async () => {
  await upstream.listen();
  rig = await Rig.start({
    deployments: [
      { id: 'main', service: 'openai-api', endpoint: upstream.url, modelName: 'gpt-5.4-mini' },
    ],
  });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

test('a whole answer comes back byte for byte, with what the gateway adds in headers', async () => {
  const response = await rig.post('/v1/chat/completions', ask());
  assert.equal(response.status, 200);
  assert.equal(await response.text(), chatAnswer);
  assert.equal(response.headers.get('entrepot-offer'), 'openai-api/global/openai/gpt-5.4-mini');
  assert.equal(response.headers.get('entrepot-attempts'), '1');
  assert.equal(response.headers.get('entrepot-simulated'), 'true');
  assert.match(response.headers.get('x-request-id') ?? '', /^req_/);
});

test('only the model is changed in the body, unusual spelling and unknown fields included', async () => {
  const body =
    '{ "model" : "any","temperature":1.50,\n "messages":[{"role":"user","content":"\\u00e9 \\ud83d\\ude00"}],"x_new":{"a":[1e3,-0]}}';
  await (await rig.post('/v1/chat/completions', body)).text();
  assert.equal(upstream.received.at(-1)!.body, body.replace('"any"', '"gpt-5.4-mini"'));
});

test("the caller's key stays here and the deployment's own goes upstream", async () => {
  await (await rig.post('/v1/chat/completions', ask())).text();
  const { headers } = upstream.received.at(-1)!;
  assert.equal(headers.authorization, 'Bearer upstream-secret');
  assert.ok(!JSON.stringify(headers).includes(key));
});

test('usage is asked for on our own account and hidden from a caller that did not ask', async () => {
  const response = await rig.post('/v1/chat/completions', ask(true));
  const text = await response.text();
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(text, chatRole + chatWords.join('') + chatFinish + done);
  assert.match(upstream.received.at(-1)!.body, /"include_usage":\s*true/);
});

test('a caller that asked for usage gets it, and its own bytes are kept', async () => {
  const body = { ...ask(true), stream_options: { include_usage: true } };
  const text = await (await rig.post('/v1/chat/completions', body)).text();
  assert.equal(text, chatRole + chatWords.join('') + chatFinish + chatUsage + done);
});

test('the ledger has one record per request, with usage and charge', async () => {
  const before = (await rig.records()).length;
  await (await rig.post('/v1/chat/completions', ask())).text();
  await (await rig.post('/v1/chat/completions', ask(true))).text();
  const records = (await rig.records()).slice(before);
  assert.equal(records.length, 2);
  for (const record of records) {
    assert.equal(record.outcome, 'ok');
    assert.equal(record.inputTokens, 20);
    assert.equal(record.outputTokens, 5);
    assert.equal(record.usageSource, 'provider');
    // 20 x 1,000,000 + 5 x 2,000,000 pico-USD.
    assert.equal(record.chargeNanoUsd, 30_000);
    assert.equal(record.attempts.length, 1);
    assert.ok((record.reservedNanoUsd ?? 0) >= 30_000, 'the reservation covers the charge');
    assert.ok(record.addedMs! < record.totalMs!);
  }
});

test('a body that names its model twice, or with escapes, is re-written from what was understood', async () => {
  for (const body of [
    '{"model":"gpt-hidden","model":"any","messages":[{"role":"user","content":"hi"}]}',
    '{"mod\\u0065l":"any","messages":[{"role":"user","content":"hi"}]}',
  ]) {
    const response = await rig.post('/v1/chat/completions', body);
    assert.equal(response.status, 200, await response.text());
    const sent = upstream.received.at(-1)!.body;
    assert.equal((JSON.parse(sent) as { model: string }).model, 'gpt-5.4-mini');
    assert.ok(!sent.includes('gpt-hidden'));
  }
});

test('an alias is the same route', async () => {
  const response = await rig.post('/v1/chat/completions', { ...ask(), model: 'also-any' });
  assert.equal(response.status, 200);
  await response.text();
  assert.equal((await rig.records()).at(-1)!.route, 'any');
});

test('left to the upstream, what needs a store passes to an offer that has one', async t => {
  const whole = '{"object":"response","id":"resp_1","status":"completed","output":[],"x":1}';
  const both = new FakeUpstream((_received, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(whole);
  });
  await both.listen();
  t.after(() => both.close());
  const offer = { dialects: ['openai-chat', 'openai-responses'] };
  const place = { id: 'both', service: 'openai-api', endpoint: both.url, offer } as const;
  const keeping = { store: 'upstream' } as const;
  const responses = await Rig.start({ deployments: [place], responses: keeping });
  t.after(() => responses.close());
  const body = '{"model":"any","previous_response_id":"resp_0","store":true,"input":"Hi"}';
  const answer = await responses.post('/v1/responses', body);
  assert.equal(await answer.text(), whole);
  const [received] = both.received;
  assert.equal(received!.path, '/v1/responses');
  assert.equal(received!.body, body.replace('"any"', '"gpt-5.4-mini"'));
});
