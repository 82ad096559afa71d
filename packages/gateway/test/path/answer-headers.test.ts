// Proves what the head of an answer tells: ids in the header of each dialect, what answered and how
// often it was tried, the upstream's limits only where they are the route's own; that a caller's
// own ids and idempotency keys stay here; and that what is not there is said in the words of its
// address. How: scripted upstreams on loopback, and the SDKs that read these headers.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { ask, chat, chatAnswer, chatError, messagesAnswer } from '../answers.ts';
import { FakeUpstream, key, Rig, type Script } from '../rig.ts';

const limits = {
  'x-ratelimit-limit-requests': '60',
  'x-ratelimit-remaining-requests': '59',
  'x-ratelimit-reset-requests': '1s',
};
const claudeLimits = {
  'anthropic-ratelimit-requests-remaining': '9',
  'anthropic-ratelimit-input-tokens-reset': '2026-11-24T12:00:00Z',
};

function answer(body: string, headers: Record<string, string>): Script {
  return (_received, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

const openaiScript = answer(chatAnswer, { ...limits, 'x-request-id': 'req_upstream' });
const anthropicScript = answer(messagesAnswer, { ...claudeLimits, 'request-id': 'req_claude' });
const openai = new FakeUpstream(openaiScript);
const anthropic = new FakeUpstream(anthropicScript);
let rig: Rig;

before(async () => {
  await Promise.all([openai.listen(), anthropic.listen()]);
  rig = await Rig.start({
    deployments: [
      { id: 'gpt', service: 'openai-api', endpoint: openai.url },
      { id: 'claude', service: 'anthropic-api', endpoint: anthropic.url },
    ],
    routeEach: true,
    engine: { attempts: { max: 2 } },
  });
});
afterEach(() => {
  openai.script = openaiScript;
  anthropic.script = anthropicScript;
});
after(async () => {
  await rig.close();
  await Promise.all([openai.close(), anthropic.close()]);
});

const hello = [{ role: 'user', content: 'Hi' }];
const claude = { model: 'claude', max_tokens: 64, messages: hello };
const gpt = { ...ask(), model: 'gpt' };
const named = (response: Response, prefix: string): Record<string, string> =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith(prefix)));

describe('an id', () => {
  test('of the request stands where each dialect has it, the upstream’s own beside it', async () => {
    const inChat = await rig.post('/v1/chat/completions', gpt);
    const id = inChat.headers.get('x-request-id')!;
    assert.match(id, /^req_/);
    assert.equal(inChat.headers.get('entrepot-upstream-request-id'), 'req_upstream');
    const inMessages = await rig.post('/v1/messages', claude);
    assert.equal(inMessages.headers.get('request-id'), inMessages.headers.get('x-request-id'));
    assert.equal(inMessages.headers.get('entrepot-upstream-request-id'), 'req_claude');
    const content = [{ text: 'Hi' }];
    const converse = await rig.post('/model/gpt/converse', {
      messages: [{ role: 'user', content }],
    });
    const { headers } = converse;
    assert.equal(headers.get('x-amzn-requestid'), headers.get('x-request-id'));
  });

  test('is what the SDKs show, of errors too', async () => {
    const one = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
    const two = new Anthropic({ apiKey: key, baseURL: rig.url, maxRetries: 0 });
    const { _request_id: first } = await one.chat.completions.create(
      gpt as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming,
    );
    const { _request_id: second } = await two.messages.create(
      claude as Anthropic.MessageCreateParamsNonStreaming,
    );
    const ids = (await rig.records()).slice(-2).map(record => record.requestId);
    assert.deepEqual(ids, [first, second]);
    await assert.rejects(
      one.chat.completions.create({ model: 'no-such', messages: [] }),
      error => error instanceof OpenAI.NotFoundError && /^req_/.test(error.requestID ?? ''),
    );
    await assert.rejects(
      two.messages.create({ ...(claude as Anthropic.MessageCreateParams), model: 'no-such' }),
      error => error instanceof Anthropic.NotFoundError && /^req_/.test(error.requestID ?? ''),
    );
  });

  test('of the caller comes back, and goes no further', async () => {
    const own = { 'x-request-id': 'mine', 'x-client-request-id': 'order-7', traceparent: '00-1' };
    const response = await rig.post('/v1/chat/completions', gpt, own);
    assert.equal(response.headers.get('x-client-request-id'), 'order-7');
    assert.notEqual(response.headers.get('x-request-id'), 'mine');
    const sent = JSON.stringify(openai.received.at(-1)!.headers);
    assert.ok(!/mine|order-7|00-1/.test(sent));
    const refused = await rig.post('/v1/chat/completions', { ...gpt, model: 'no' }, own);
    assert.equal(refused.headers.get('x-client-request-id'), 'order-7');
    const long = { 'x-client-request-id': 'x'.repeat(513) };
    const without = await rig.post('/v1/chat/completions', gpt, long);
    assert.equal(without.headers.get('x-client-request-id'), null);
  });
});

test('an idempotency key goes to no upstream: two callers might choose the same', async () => {
  const options = { apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 };
  const sdk = new OpenAI(options);
  const question = gpt as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
  const before = openai.received.length;
  for (const _ of [1, 2]) {
    await sdk.chat.completions.create(question, { headers: { 'Idempotency-Key': 'order-7' } });
  }
  const calls = openai.received.slice(before);
  assert.equal(calls.length, 2);
  for (const { headers } of calls) assert.equal(headers['idempotency-key'], undefined);
});

describe('limits of an upstream', () => {
  test('are passed on to a caller of its dialect, where the route has it alone', async () => {
    const inChat = await rig.post('/v1/chat/completions', gpt);
    assert.deepEqual(named(inChat, 'x-ratelimit-'), limits);
    const inMessages = await rig.post('/v1/messages', claude);
    assert.deepEqual(named(inMessages, 'anthropic-ratelimit-'), claudeLimits);
  });

  test('are not told to a caller of another dialect', async () => {
    const inMessages = await rig.post('/v1/messages', { ...claude, model: 'gpt' });
    assert.equal(inMessages.status, 200);
    assert.deepEqual(named(inMessages, 'x-ratelimit-'), {});
    const inChat = await rig.post('/v1/chat/completions', { ...gpt, model: 'claude' });
    assert.equal(inChat.status, 200);
    assert.deepEqual(named(inChat, 'anthropic-ratelimit-'), {});
  });

  test('are not told where another deployment would be asked next', async () => {
    const response = await rig.post('/v1/chat/completions', ask());
    assert.equal(response.headers.get('entrepot-offer'), 'openai-api/global/openai/gpt-5.4-mini');
    assert.deepEqual(named(response, 'x-ratelimit-'), {});
  });

  test('a refusal tells how long to wait, in the headers that the SDKs read', async () => {
    openai.script = chatError(429, { 'retry-after-ms': '150' });
    const { status, headers } = await rig.post('/v1/chat/completions', gpt);
    assert.equal(status, 429);
    assert.equal(headers.get('retry-after'), '1');
    assert.equal(headers.get('retry-after-ms'), '150');
    assert.equal(headers.get('x-should-retry'), 'false');
  });
});

describe('what was tried', () => {
  let own: Rig;
  before(async () => {
    const endpoint = openai.url;
    own = await Rig.start({ deployments: [{ id: 'gpt', service: 'openai-api', endpoint }] });
  });
  after(() => own.close());

  test('is said of an error with the offer that was called last', async () => {
    openai.script = chatError(400);
    const { status, headers } = await own.post('/v1/chat/completions', ask());
    assert.equal(status, 400);
    assert.equal(headers.get('entrepot-attempts'), '1');
    assert.equal(headers.get('entrepot-offer'), 'openai-api/global/openai/gpt-5.4-mini');
  });

  test('is nothing where no upstream was called', async () => {
    const refusals = [
      own.post('/v1/chat/completions', { ...ask(), model: 'no-such' }),
      own.post('/v1/chat/completions', '{'),
      fetch(`${own.url}/v1/messages`, { method: 'POST', body: '{}' }),
    ];
    for (const { status, headers } of await Promise.all(refusals)) {
      assert.ok(status >= 400);
      assert.equal(headers.get('entrepot-attempts'), '0');
      assert.equal(headers.get('entrepot-offer'), null);
    }
  });

  test('is said of a stream as well', async () => {
    openai.script = chat;
    const { headers } = await own.post('/v1/chat/completions', ask(true));
    assert.equal(headers.get('entrepot-attempts'), '1');
  });
});

describe('what is not there', () => {
  const shapes: readonly (readonly [string, Record<string, string>, (body: string) => void])[] = [
    ['/v1/nothing', {}, isOpenai],
    ['/v1/chat/completions/', {}, isOpenai],
    ['/v1/messages/batches', {}, isAnthropic],
    ['/v1/nothing', { 'anthropic-version': '2023-06-01' }, isAnthropic],
    ['/v1/projects/p/locations/l/publishers/anthropic/models/m:count', {}, isAnthropic],
    ['/v1beta/cachedContents', {}, isGoogle],
    ['/v1/models/any:nothing', {}, isGoogle],
    ['/v1/projects/p/locations/l/nothing', {}, isGoogle],
    ['/model/any/nothing', {}, body => assert.ok(JSON.parse(body).message)],
  ];
  for (const [path, headers, check] of shapes) {
    const whose = Object.keys(headers).join('');
    test(`${path} ${whose} is a 404 in the words of its address`, async () => {
      const response = await rig.post(path, {}, headers);
      assert.equal(response.status, 404);
      assert.match(response.headers.get('x-request-id') ?? '', /^req_/);
      const body = await response.text();
      check(body);
      assert.match(body, /there are: /);
    });
  }

  const wrong: readonly (readonly [string, string, string])[] = [
    ['/v1/chat/completions', 'code', 'wrong_method'],
    ['/v1/messages', 'type', 'invalid_request_error'],
    ['/v1beta/models/any:generateContent', 'status', 'UNIMPLEMENTED'],
  ];
  for (const [path, field, word] of wrong) {
    test(`${path} says which method it takes`, async () => {
      const response = await fetch(rig.url + path);
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST']);
      const { error } = (await response.json()) as { error: Record<string, unknown> };
      assert.equal(error[field], word);
    });
  }

  test('an operation that Bedrock does not know is told to its SDK by name', async () => {
    const response = await fetch(`${rig.url}/model/any/converse`);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('x-amzn-errortype'), 'UnknownOperationException');
  });
});

function isOpenai(body: string): void {
  const { error } = JSON.parse(body);
  assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
}

function isAnthropic(body: string): void {
  const { type, error } = JSON.parse(body);
  assert.deepEqual([type, error.type], ['error', 'not_found_error']);
}

function isGoogle(body: string): void {
  const { error } = JSON.parse(body);
  assert.deepEqual([error.code, error.status], [404, 'NOT_FOUND']);
}
