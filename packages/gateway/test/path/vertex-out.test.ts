// Proves what Claude and Gemini on Vertex AI are sent and what their refusals mean: bytes of the
// caller without the model, betas that Vertex AI knows, errors in Google's words or Anthropic's.
// How: a scripted Vertex AI on loopback that records what it gets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FakeUpstream, Rig, type Script } from '../rig.ts';

const answer =
  '{"id":"msg_vrtx_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":' +
  '[{"type":"text","text":"A ship."}],"stop_reason":"end_turn","stop_sequence":null,' +
  '"usage":{"input_tokens":20,"output_tokens":5}}';
const said =
  '{"candidates":[{"content":{"role":"model","parts":[{"text":"A ship."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":20,"candidatesTokenCount":5,"totalTokenCount":25},"modelVersion":"gemini-3-flash"}';
const good: Script = ({ path }, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(path.includes('/anthropic/') ? answer : said);
};
const refusing =
  (status: number, body: string): Script =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);

const upstream = new FakeUpstream(good);
let claude: Rig;
let gemini: Rig;

before(async () => {
  await upstream.listen();
  const vertex = { id: 'vertex', service: 'vertex-ai', endpoint: upstream.url } as const;
  const offer = { model: 'anthropic/claude-haiku-4-5', dialects: ['anthropic-messages'] };
  const modelName = 'claude-haiku-4-5@20251001';
  claude = await Rig.start({ deployments: [{ ...vertex, modelName, offer }] });
  gemini = await Rig.start({ deployments: [vertex] });
});
after(async () => {
  await claude.close();
  await gemini.close();
  await upstream.close();
});

const rest = '"max_tokens":64,"messages":[{"role":"user","content":"\\u00e9"}],"x_new":[1e3,-0]}';

test('Messages go as they are, without the model, and come back byte for byte', async () => {
  upstream.script = good;
  const response = await claude.post('/v1/messages', `{"model":"any",${rest}`);
  assert.equal(await response.text(), answer);
  const { path, body } = upstream.received.at(-1)!;
  const place = '/v1/projects/p-1/locations/global/publishers/anthropic/models';
  assert.equal(path, `${place}/claude-haiku-4-5@20251001:rawPredict`);
  assert.equal(body, `{"anthropic_version":"vertex-2023-10-16",${rest}`);
});

test('a call in the form of Vertex AI is the same call', async () => {
  upstream.script = good;
  const path = '/v1/projects/x/locations/y/publishers/anthropic/models/any:rawPredict';
  const response = await claude.post(path, `{"anthropic_version":"2026-10-21",${rest}`);
  assert.equal(await response.text(), answer);
  const { body } = upstream.received.at(-1)!;
  assert.equal(JSON.parse(body).anthropic_version, 'vertex-2023-10-16');
  assert.equal('model' in JSON.parse(body), false);
  assert.ok(body.endsWith(rest));
});

test('the path of a call says its model and its stream, whatever the body says', async () => {
  upstream.script = good;
  const path = '/v1/projects/x/locations/y/publishers/anthropic/models/any:rawPredict';
  const response = await claude.post(path, `{"model":"other","stream":true,${rest}`);
  assert.equal(response.status, 200);
  assert.match(upstream.received.at(-1)!.path, /:rawPredict$/);
  const broken = await claude.post(path, '[1]');
  assert.equal(broken.status, 400);
});

test('G34: betas that Vertex AI knows go on, by its own names; others would be a 400, and are told', async () => {
  upstream.script = good;
  const beta =
    'context-1m-2025-08-07, effort-2025-11-24,advanced-tool-use-2025-11-20,tool-search-tool-2025-10-19';
  const headers = { 'anthropic-beta': beta };
  const response = await claude.post('/v1/messages', `{"model":"any",${rest}`, headers);
  assert.equal(response.headers.get('entrepot-lost'), 'anthropic-beta:effort-2025-11-24');
  const sent = upstream.received.at(-1)!.headers['anthropic-beta'];
  assert.equal(sent, 'context-1m-2025-08-07,tool-search-tool-2025-10-19');
  const none = { 'anthropic-beta': 'structured-outputs-2025-11-13' };
  await claude.post('/v1/messages', `{"model":"any",${rest}`, none);
  assert.equal(upstream.received.at(-1)!.headers['anthropic-beta'], undefined);
});

test('G36: an image in a bucket reaches Gemini as it stands, whoever calls', async () => {
  upstream.script = good;
  const url = 'gs://a-bucket/ship.png';
  const content = [
    { type: 'text', text: 'What is it?' },
    { type: 'image_url', image_url: { url } },
  ];
  const response = await gemini.post('/v1/chat/completions', {
    model: 'any',
    messages: [{ role: 'user', content }],
  });
  assert.equal(response.status, 200, await response.text());
  const { contents } = JSON.parse(upstream.received.at(-1)!.body);
  assert.equal(contents[0].parts[1].fileData.fileUri, url);
});

const google = (code: number, status: string, message: string) =>
  JSON.stringify({ error: { code, message, status } });
const refusals: readonly [string, number, string, string, number][] = [
  [
    'a project that has not enabled the model',
    400,
    google(400, 'FAILED_PRECONDITION', 'The project is not allowed to use this model.'),
    'auth',
    500,
  ],
  ['a token that is not taken', 401, google(401, 'UNAUTHENTICATED', 'Invalid.'), 'auth', 500],
  ['a model that is not here', 404, google(404, 'NOT_FOUND', 'Publisher Model'), 'not-found', 404],
  ['no quota', 429, google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), 'rate-limit', 429],
  [
    'a prompt that is too long',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}',
    'context-length',
    400,
  ],
  [
    'an overloaded model',
    529,
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    'overloaded',
    529,
  ],
];

for (const [name, status, body, kind, seen] of refusals) {
  test(`what Claude's host says is understood: ${name}`, async t => {
    const fresh = await Rig.start({
      deployments: [
        {
          id: 'vertex',
          service: 'vertex-ai',
          endpoint: upstream.url,
          offer: { model: 'anthropic/claude-haiku-4-5', dialects: ['anthropic-messages'] },
        },
      ],
      engine: { attempts: { max: 1 } },
    });
    t.after(() => fresh.close());
    upstream.script = refusing(status, body);
    const response = await fresh.post('/v1/messages', `{"model":"any",${rest}`);
    assert.equal(response.status, seen, await response.text());
    const [record] = await fresh.records();
    assert.equal(record!.attempts[0]!.failure, kind);
  });
}

test('an error of the OpenAI-compatible endpoint comes in an array, and is understood', async t => {
  const rig = await Rig.start({
    deployments: [
      {
        id: 'vertex',
        service: 'vertex-ai',
        endpoint: upstream.url,
        modelName: 'meta/llama-3.3-70b-instruct-maas',
        offer: { model: 'meta/llama-3.3-70b', dialects: ['openai-chat'] },
      },
    ],
    engine: { attempts: { max: 1 } },
  });
  t.after(() => rig.close());
  upstream.script = refusing(400, `[${google(400, 'FAILED_PRECONDITION', 'Not enabled.')}]`);
  const ask = { model: 'any', messages: [{ role: 'user', content: 'Hi' }] };
  await (await rig.post('/v1/chat/completions', ask)).text();
  const [record] = await rig.records();
  assert.equal(record!.attempts[0]!.failure, 'auth');
});
