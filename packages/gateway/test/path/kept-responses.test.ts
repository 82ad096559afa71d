// Proves what upstreams of Responses are asked to keep and get to see of earlier turns, whoever
// keeps, and that a kept answer can be read when its last event has come. How: scripted upstreams
// on loopback record the bodies that they get.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { FakeUpstream, key, Rig, type RigOptions, type Script } from '../rig.ts';

const reasoning = {
  id: 'rs_1',
  type: 'reasoning',
  summary: [],
  encrypted_content: 'only-its-maker-can-read-it',
};
const search = { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { q: 'x' } };
const message = {
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Antwerp.', annotations: [] }],
};
const whole = {
  id: 'resp_upstream',
  object: 'response',
  status: 'completed',
  store: false,
  previous_response_id: null,
  output: [reasoning, search, message],
  usage: { input_tokens: 4, output_tokens: 2 },
};

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const delta = { item_id: 'msg_1', output_index: 2, content_index: 0, delta: 'Antwerp.' };
const opening =
  event('response.created', { response: { ...whole, status: 'in_progress', output: [] } }) +
  event('response.output_text.delta', { ...delta, note: '"response" is a word' });

const answer: Script = ({ body }, response) => {
  if (JSON.parse(body).stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`${opening}${event('response.completed', { response: whole })}data: [DONE]\n\n`);
};

const one = new FakeUpstream(answer);
const two = new FakeUpstream(answer);
const offer = { dialects: ['openai-responses'] };

async function rigWith(options: Partial<RigOptions>): Promise<Rig> {
  return Rig.start({
    deployments: [
      { id: 'one', service: 'openai-api', endpoint: one.url, offer, modelName: 'm' },
      { id: 'two', service: 'azure-openai', endpoint: two.url, offer, modelName: 'm' },
    ],
    routeEach: true,
    ...options,
  });
}

before(() => Promise.all([one.listen(), two.listen()]));
afterEach(() => {
  one.script = answer;
});
after(() => Promise.all([one.close(), two.close()]));

const received = (upstream: FakeUpstream) => JSON.parse(upstream.received.at(-1)!.body);

async function json(response: Response): Promise<Record<string, unknown>> {
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Record<string, unknown>;
}

async function errorOf(response: Response) {
  const { error } = (await response.json()) as {
    error: { code: string | null; param: string | null; message: string };
  };
  return { status: response.status, ...error };
}

function read(rig: Rig, path: string, method = 'GET'): Promise<Response> {
  const headers = { authorization: `Bearer ${key}` };
  return fetch(`${rig.url}/v1/responses/${path}`, { method, headers });
}

describe('when nobody keeps (the default)', () => {
  let rig: Rig;
  before(async () => {
    rig = await rigWith({});
  });
  after(() => rig.close());

  test('the upstream is told so, and nothing else is changed in the bytes', async () => {
    const body = '{ "model" : "one","input":"\\u00e9", "x":1.0 }';
    const { id, store } = await json(await rig.post('/v1/responses', body));
    assert.deepEqual([id, store], ['resp_upstream', false]);
    const put = '"model":"m","store":false,"include":["reasoning.encrypted_content"]';
    const expected = `{${put},"input":"\\u00e9", "x":1.0}`;
    assert.equal(one.received.at(-1)!.body, expected);
  });

  test('a caller who says so is passed on as it is', async () => {
    const body = '{"model":"one","store":false,"input":"Hi"}';
    await json(await rig.post('/v1/responses', body));
    assert.equal(one.received.at(-1)!.body, body.replace('"one"', '"m"'));
  });

  test('what needs a kept answer is refused with the setting that would allow it', async () => {
    const calls = one.received.length;
    for (const field of [{ store: true }, { previous_response_id: 'resp_1' }]) {
      const question = { model: 'one', input: 'Hi', ...field };
      const error = await errorOf(await rig.post('/v1/responses', question));
      assert.deepEqual([error.status, error.code], [400, 'nothing_kept']);
      assert.equal(error.param, Object.keys(field)[0]);
      assert.match(error.message, /responses\.store/);
    }
    const refers = { model: 'one', input: [{ type: 'item_reference', id: 'msg_1' }] };
    const unknown = await errorOf(await rig.post('/v1/responses', refers));
    assert.deepEqual([unknown.status, unknown.code, unknown.param], [400, 'nothing_kept', 'input']);
    for (const field of ['background', 'conversation']) {
      const question = { model: 'one', input: 'Hi', [field]: field === 'background' || 'c' };
      const { status, param } = await errorOf(await rig.post('/v1/responses', question));
      assert.deepEqual([status, param], [400, field]);
    }
    const { status, code } = await errorOf(await read(rig, 'resp_upstream'));
    assert.deepEqual([status, code], [400, 'nothing_kept']);
    assert.equal(one.received.length, calls);
  });
});

describe('when the gateway keeps', () => {
  let rig: Rig;
  before(async () => {
    rig = await rigWith({ responses: { store: 'gateway', maxResponseBytes: 20_000 } });
  });
  after(() => rig.close());

  test('an upstream sees the turns before, and no id of a kept answer', async () => {
    const first = await json(await rig.post('/v1/responses', { model: 'one', input: 'Which?' }));
    assert.notEqual(first.id, 'resp_upstream');
    assert.deepEqual([first.store, first.output], [true, whole.output]);
    assert.equal(received(one).store, false);
    await json(
      await rig.post('/v1/responses', {
        model: 'one',
        input: [{ role: 'user', content: 'And?' }],
        previous_response_id: first.id,
        store: true,
      }),
    );
    const { input, store, previous_response_id, include } = received(one);
    assert.deepEqual([store, previous_response_id], [false, undefined]);
    assert.deepEqual(include, ['reasoning.encrypted_content']);
    const types = input.map((item: { type: string }) => item.type);
    assert.deepEqual(types, ['message', 'reasoning', 'web_search_call', 'message', 'message']);
    assert.deepEqual(input[1], reasoning);
    assert.deepEqual(input[2], search);
    assert.equal(input[3].id, 'msg_1');
    assert.ok(!JSON.stringify(input).includes(String(first.id)));
  });

  test('G31 another deployment sees neither its ids nor what it encrypted', async () => {
    const first = await json(await rig.post('/v1/responses', { model: 'one', input: 'Which?' }));
    const next = { model: 'two', input: 'And?', previous_response_id: first.id };
    await json(await rig.post('/v1/responses', next));
    const sent = received(two).input;
    const types = sent.map((item: { type: string }) => item.type);
    assert.deepEqual(types, ['message', 'web_search_call', 'message', 'message']);
    assert.ok(!/msg_1|ws_1|rs_1|only-its-maker/.test(JSON.stringify(sent)));
    // Where the first choice fails, the other one gets what it can read.
    one.script = (_received, response) => response.writeHead(503).end();
    await json(await rig.post('/v1/responses', { ...next, model: 'any' }));
    assert.match(one.received.at(-1)!.body, /only-its-maker/);
    assert.ok(!two.received.at(-1)!.body.includes('only-its-maker'));
  });

  test('G32 an answer can be read and gone on with as soon as its last event is seen', async () => {
    const question = { model: 'one', input: 'Which?', stream: true };
    const response = await rig.post('/v1/responses', question);
    let text = '';
    for await (const bytes of response.body!) {
      text += Buffer.from(bytes).toString();
      if (text.includes('response.completed')) break;
    }
    const [, id] = /"id":"(resp_[0-9a-f]{48})"/.exec(text)!;
    const kept = await json(await read(rig, id!));
    assert.deepEqual([kept.id, kept.store, kept.output], [id, true, whole.output]);
    const next = { model: 'two', input: 'And?', previous_response_id: id };
    assert.equal((await json(await rig.post('/v1/responses', next))).previous_response_id, id);
  });

  test('events are passed untouched but for what they say of being kept', async () => {
    const question = { model: 'one', input: 'Which?', stream: true };
    const text = await (await rig.post('/v1/responses', question)).text();
    const own = /resp_[0-9a-f]{48}/.exec(text)![0];
    const [first, second, last, done] = text.trimEnd().split('\n\n');
    assert.equal(
      `${second}\n\n`,
      event('response.output_text.delta', {
        ...delta,
        note: '"response" is a word',
      }),
    );
    for (const [frame, status] of [
      [first, 'in_progress'],
      [last, 'completed'],
    ] as const) {
      const { response } = JSON.parse(frame!.slice(frame!.indexOf('{')));
      assert.deepEqual([response.id, response.store, response.status], [own, true, status]);
    }
    assert.equal(done, 'data: [DONE]');
  });

  test('half an answer is not kept', async () => {
    one.script = (_received, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(opening);
    };
    const question = { model: 'one', input: 'Which?', stream: true };
    const text = await (await rig.post('/v1/responses', question)).text();
    assert.match(text, /event: error/);
    const [id] = /resp_[0-9a-f]{48}/.exec(text)!;
    assert.equal((await read(rig, id)).status, 404);
  });

  test('an answer that is too large is given, and says that it is not kept', async () => {
    const input = 'x'.repeat(20_000);
    const answered = await json(await rig.post('/v1/responses', { model: 'one', input }));
    assert.equal(answered.store, false);
    assert.equal((await read(rig, String(answered.id))).status, 404);
    const question = { model: 'one', input, stream: true };
    const text = await (await rig.post('/v1/responses', question)).text();
    const last = text.slice(text.indexOf('event: response.completed'));
    assert.match(last, /"store":false/);
    assert.match(
      await (await fetch(`${rig.url}/metrics`)).text(),
      /entrepot_responses_unkept_total\{reason="too_large"\} 2/,
    );
  });

  test('a body that readers may read differently is kept as it was decoded', async () => {
    const body = '{"model":"one","input":"No.","\\u0069nput":"Which?"}';
    const { id } = await json(await rig.post('/v1/responses', body));
    const list = await json(await read(rig, `${id}/input_items`));
    assert.match(JSON.stringify(list.data), /Which\?/);
  });

  test('other methods are refused with those that there are', async () => {
    for (const [path, method, allowed] of [
      ['resp_1', 'PUT', 'GET, DELETE'],
      ['resp_1/cancel', 'GET', 'POST'],
      ['resp_1/input_items', 'POST', 'GET'],
    ] as const) {
      const response = await read(rig, path, method);
      assert.deepEqual([response.status, response.headers.get('allow')], [405, allowed]);
    }
  });
});
