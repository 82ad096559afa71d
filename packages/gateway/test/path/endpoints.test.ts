// Proves which addresses take requests and what each says of them: the dialect, the model and the
// wish for a stream; that keys come by every SDK's header and not by URL; and that every refusal is
// in the caller's own words.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { endpointAt } from '../../src/endpoints.ts';
import { beginStream, chat, chatError, chatRole, chatWords } from '../answers.ts';
import { FakeUpstream, key, Rig } from '../rig.ts';

const upstream = new FakeUpstream(chat);
let rig: Rig;
let dropping: Rig;

before(async () => {
  await upstream.listen();
  const deployments = [{ id: 'main', service: 'openai-api', endpoint: upstream.url }] as const;
  rig = await Rig.start({ deployments });
  const responses = { store: 'upstream' } as const;
  dropping = await Rig.start({ deployments, losses: 'drop', responses });
});
after(async () => {
  await rig.close();
  await dropping.close();
  await upstream.close();
});

describe('a path', () => {
  const matched: readonly (readonly [string, string, string, boolean])[] = [
    ['/v1beta/models/any:generateContent', 'gemini', 'any', false],
    ['/v1/models/any:streamGenerateContent', 'gemini', 'any', true],
    ['/v1beta/models/a%2Fb%3A1:generateContent', 'gemini', 'a/b:1', false],
    ['/v1beta/models/a/b:1:generateContent', 'gemini', 'a/b:1', false],
    ['/v1beta/models/%E0:generateContent', 'gemini', '', false],
    [
      '/model/us.anthropic.claude-v1%3A0/converse',
      'bedrock-converse',
      'us.anthropic.claude-v1:0',
      false,
    ],
    ['/model/any/converse-stream', 'bedrock-converse', 'any', true],
    [
      '/v1/projects/p/locations/l/publishers/google/models/any:generateContent',
      'gemini',
      'any',
      false,
    ],
    [
      '/v1beta1/projects/p/locations/l/publishers/google/models/any:streamGenerateContent',
      'gemini',
      'any',
      true,
    ],
    ['/v1beta1/publishers/google/models/any:generateContent', 'gemini', 'any', false],
  ];
  for (const [path, dialect, model, stream] of matched) {
    test(`${path} says model and stream`, () => {
      const endpoint = endpointAt(path, 'alt=sse');
      assert.equal(endpoint?.dialect.name, dialect);
      assert.deepEqual(endpoint?.path, { model, stream });
      assert.equal(endpoint?.framing, null);
      assert.equal(endpoint?.refused, null);
    });
  }

  test('of other dialects says nothing of the request', () => {
    for (const path of ['/v1/chat/completions', '/v1/responses', '/v1/messages']) {
      assert.equal(endpointAt(path, '')?.path, undefined);
    }
  });

  test('that is none of them matches nothing', () => {
    const paths = ['/v1/models', '/v1beta/models/any', '/v1beta/models/:generateContent'];
    const others = ['/model//converse', '/model/any/invokes', '/v1/responses/', '/v1/chat', ''];
    for (const path of [...paths, ...others]) assert.equal(endpointAt(path, ''), null, path);
  });
});

const contents = [{ role: 'user', parts: [{ text: 'What is in port?' }] }];
const generate = '/v1beta/models/any:generateContent';

interface Status {
  readonly error: { readonly code: number; readonly status: string; readonly message: string };
}

async function status(response: Response): Promise<[number, string, string]> {
  const { error } = (await response.json()) as Status;
  assert.equal(error.code, response.status);
  return [response.status, error.status, error.message];
}

test("the key comes as Google's SDK sends it, and never in the URL", async () => {
  const body = JSON.stringify({ contents });
  const call = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(rig.url + path, { method: 'POST', headers, body });
  assert.equal((await call(generate, { 'x-goog-api-key': key })).status, 200);
  const [, word] = await status(await call(generate));
  assert.equal(word, 'UNAUTHENTICATED');
  const inUrl = await status(await call(`${generate}?key=${key}`, { 'x-goog-api-key': key }));
  assert.deepEqual(inUrl.slice(0, 2), [400, 'INVALID_ARGUMENT']);
  assert.match(inUrl[2], /x-goog-api-key/);
  assert.ok(!inUrl[2].includes(key));
});

test('a model that is no route, or no name, is refused in the words of the dialect', async () => {
  const unknown = await status(
    await rig.post('/v1beta/models/no-such:generateContent', { contents }),
  );
  assert.deepEqual(unknown.slice(0, 2), [404, 'NOT_FOUND']);
  assert.match(unknown[2], /no-such/);
  const broken = await status(await rig.post('/v1beta/models/%E0:generateContent', { contents }));
  assert.deepEqual(broken.slice(0, 2), [400, 'INVALID_ARGUMENT']);
  const alt = await status(await rig.post(`${generate}?alt=proto`, { contents }));
  assert.match(alt[2], /"alt"/);
  const converse = await rig.post('/model/no-such/converse', { messages: [] });
  assert.equal(converse.status, 404);
  assert.match(converse.headers.get('x-amzn-errortype') ?? '', /ResourceNotFoundException/);
});

test('without alt=sse a stream is one array, also when it breaks', async () => {
  const path = '/v1beta/models/any:streamGenerateContent';
  const whole = await rig.post(path, { contents });
  assert.equal(whole.headers.get('content-type'), 'application/json');
  const chunks = (await whole.json()) as { candidates: { finishReason?: string }[] }[];
  assert.equal(chunks.at(-1)!.candidates[0]!.finishReason, 'STOP');
  upstream.script = (_received, response) => {
    beginStream(response);
    response.write(chatRole + chatWords.join(''), () => response.destroy());
  };
  const broken = (await (await rig.post(path, { contents })).json()) as Partial<Status>[];
  assert.equal(broken.at(-1)!.error!.status, 'INTERNAL');
  assert.equal((await rig.records()).at(-1)!.outcome, 'truncated');
  upstream.script = chatError(400);
  const [refused] = await status(await rig.post(path, { contents }));
  assert.equal(refused, 400);
  upstream.script = chat;
});

test('left to an upstream without one, what needs a store is a 400 that names it, also on a route that drops', async () => {
  const calls = upstream.received.length;
  const fields = [{ previous_response_id: 'resp_1' }, { conversation: 'c' }, { background: true }];
  for (const field of [...fields, { store: true }, { prompt: { id: 'p' } }]) {
    const response = await dropping.post('/v1/responses', { model: 'any', input: 'Hi', ...field });
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { param: string; message: string } };
    assert.equal(error.param, Object.keys(field)[0]);
    assert.match(error.message, /only openai-responses/);
  }
  assert.equal(upstream.received.length, calls);
  const answer = await dropping.post('/v1/responses', {
    model: 'any',
    input: 'Hi',
    instructions: 'Be brief.',
    store: false,
    truncation: 'auto',
  });
  assert.equal(answer.headers.get('entrepot-lost'), 'truncation');
  const { object, instructions } = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual([object, instructions], ['response', 'Be brief.']);
});

test('routes are listed in the form of the SDK that asks', async () => {
  const list = async (path: string, headers: Record<string, string>): Promise<unknown> =>
    (await fetch(rig.url + path, { headers })).json();
  const names = (value: unknown): string[] =>
    (value as { models: { name: string }[] }).models.map(model => model.name);
  const google = { 'x-goog-api-key': key };
  assert.deepEqual(names(await list('/v1beta/models', google)), ['models/any', 'models/also-any']);
  assert.deepEqual(names(await list('/v1/models', google)), ['models/any', 'models/also-any']);
  const denied = (await list('/v1beta/models', {})) as Status;
  assert.equal(denied.error.status, 'UNAUTHENTICATED');
  const get = await fetch(rig.url + generate);
  assert.equal(get.status, 405);
});
