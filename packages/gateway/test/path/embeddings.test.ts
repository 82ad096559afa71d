// Proves that embeddings go the whole way of a request: only to models that make them, bytes as
// they are where both sides speak alike, with failover, charge and record. Upstreams are scripted.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeUpstream, Rig, type RigDeployment, type RigOptions, type Script } from '../rig.ts';

const answer =
  (status: number, body: object, headers: Record<string, string> = {}): Script =>
  (_received, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

async function upstream(t: TestContext, script: Script): Promise<FakeUpstream> {
  const fake = new FakeUpstream(script);
  await fake.listen();
  t.after(() => fake.close());
  return fake;
}

async function rigOf(
  t: TestContext,
  deployments: readonly RigDeployment[],
  options: Partial<RigOptions> = {},
): Promise<Rig> {
  const rig = await Rig.start({ deployments, ...options });
  t.after(() => rig.close());
  return rig;
}

const embedding = (endpoint: string, changes: Partial<RigDeployment> = {}): RigDeployment => ({
  id: 'e',
  service: 'openai-api',
  endpoint,
  kind: 'embedding',
  ...changes,
  offer: {
    model: 'openai/text-embedding-3-small',
    serviceModelId: 'text-embedding-3-small',
    dialects: ['openai-embeddings'],
    features: [],
    contextTokens: 8191,
    maxOutputTokens: null,
    ...changes.offer,
  },
});

const titan = (endpoint: string): RigDeployment => {
  const model = 'amazon/titan-embed-text-v2';
  const serviceModelId = 'amazon.titan-embed-text-v2:0';
  const offer = { model, serviceModelId, dialects: ['bedrock-invoke'] };
  return embedding(endpoint, { id: 't', service: 'bedrock', offer });
};

const google = (endpoint: string): RigDeployment => {
  const model = 'google/gemini-embedding-001';
  const offer = { model, serviceModelId: 'gemini-embedding-001', dialects: ['gemini'] };
  return embedding(endpoint, { id: 'g', service: 'gemini-api', offer });
};

const made = (vectors: readonly number[][], tokens: number): object => ({
  object: 'list',
  data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: vector })),
  model: 'text-embedding-3-small',
  usage: { prompt_tokens: tokens, total_tokens: tokens },
});

test('the body goes on as it came, but for the model, and the answer as it comes', async t => {
  const body = '{"input":["a",\t"b"], "model" : "any","dimensions":2,"x_new":1}';
  const answered = made(
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    1000,
  );
  const openai = await upstream(t, answer(200, answered));
  const rig = await rigOf(t, [embedding(openai.url)]);
  const response = await rig.post('/v1/embeddings', body);
  assert.equal(await response.text(), JSON.stringify(answered));
  const [sent] = openai.received;
  assert.equal(sent?.path, '/v1/embeddings');
  assert.equal(sent?.body, body.replace('"any"', '"text-embedding-3-small"'));
  const [record] = await rig.records();
  assert.equal(record?.dialect, 'openai-embeddings');
  assert.equal(record?.inputTokens, 1000);
  assert.equal(record?.outputTokens, 0);
  // One USD for a million tokens that are read, nothing for what is written.
  assert.equal(record?.chargeNanoUsd, 1_000_000);
  assert.ok(record.reservedNanoUsd! <= 10_000);
});

test('a model of answers is not asked for vectors, nor one of vectors for answers', async t => {
  const openai = await upstream(t, answer(200, made([[1]], 1)));
  const chat: RigDeployment = {
    id: 'c',
    service: 'openai-api',
    endpoint: openai.url,
    kind: 'chat',
  };
  const both = await rigOf(t, [chat, embedding(openai.url)]);
  const vectors = await both.post('/v1/embeddings', { model: 'any', input: 'a' });
  assert.equal(vectors.status, 200);
  assert.match(vectors.headers.get('entrepot-offer')!, /text-embedding|gpt/);
  assert.deepEqual(
    openai.received.map(({ path }) => path),
    ['/v1/embeddings'],
  );

  const none = await rigOf(t, [chat]);
  const refused = await none.post('/v1/embeddings', { model: 'any', input: 'a' });
  assert.equal(refused.status, 400);
  const { error } = (await refused.json()) as { error: { message: string } };
  assert.match(error.message, /makes no embeddings/);

  const only = await rigOf(t, [embedding(openai.url)]);
  const messages = [{ role: 'user', content: 'a' }];
  const answered = await only.post('/v1/chat/completions', { model: 'any', messages });
  assert.equal(answered.status, 400);
  assert.equal(openai.received.length, 1);
});

test('an offer that fails is followed by another cloud, in its own form', async t => {
  const openai = await upstream(t, answer(503, { error: { message: 'busy' } }));
  const vector = [0.5, 0.25];
  const bedrock = await upstream(t, answer(200, { embedding: vector, inputTextTokenCount: 3 }));
  const rig = await rigOf(t, [embedding(openai.url), titan(bedrock.url)]);
  const response = await rig.post('/v1/embeddings', { model: 'any', input: 'a', dimensions: 256 });
  assert.equal(response.headers.get('entrepot-attempts'), '2');
  const body = (await response.json()) as { data: { embedding: number[] }[]; usage: object };
  assert.deepEqual(body.data[0]?.embedding, vector);
  assert.deepEqual(body.usage, { prompt_tokens: 3, total_tokens: 3 });
  const [sent] = bedrock.received;
  assert.equal(sent?.path, '/model/amazon.titan-embed-text-v2%3A0/invoke');
  assert.deepEqual(JSON.parse(sent!.body), { inputText: 'a', dimensions: 256 });
  const [record] = await rig.records();
  assert.deepEqual(
    record?.attempts.map(({ failure }) => failure),
    ['overloaded', null],
  );
  assert.equal(record?.cloud, 'aws');
});

test('what a model cannot be given goes to the next, and is refused where there is none', async t => {
  const bedrock = await upstream(t, answer(200, {}));
  const gemini = await upstream(t, answer(200, { embeddings: [{ values: [1] }, { values: [2] }] }));
  const rig = await rigOf(t, [titan(bedrock.url), google(gemini.url)]);
  const body = { model: 'any', input: ['a', 'b'] };
  const response = await rig.post('/v1/embeddings', body);
  assert.equal(response.status, 200);
  // Google's older model does not tell what it read: that is said, and the charge is unknown.
  assert.equal(response.headers.get('entrepot-lost'), 'usage');
  assert.equal(gemini.received[0]?.path, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
  const [record] = await rig.records();
  assert.equal(record?.chargeNanoUsd, null);
  assert.equal(record?.inputTokens, null);

  const alone = await rigOf(t, [titan(bedrock.url)]);
  const refused = await alone.post('/v1/embeddings', body);
  assert.equal(refused.status, 400);
  const { error } = (await refused.json()) as { error: { param: string; message: string } };
  assert.equal(error.param, 'input');
  assert.match(error.message, /one text/);
  assert.equal(bedrock.received.length, 0);
});

test('vectors of another length than was asked for are refused, also where losses may be dropped', async t => {
  const bedrock = await upstream(t, answer(200, {}));
  const v1 = { ...titan(bedrock.url), modelName: 'amazon.titan-embed-text-v1' };
  const rig = await rigOf(t, [v1], { losses: 'drop' });
  const response = await rig.post('/v1/embeddings', { model: 'any', input: 'a', dimensions: 99 });
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: { param: string } };
  assert.equal(error.param, 'dimensions');
});

test('a batch of Google, which names the model, is aimed anew', async t => {
  const gemini = await upstream(t, answer(200, { embeddings: [{ values: [1] }] }));
  const rig = await rigOf(t, [google(gemini.url)]);
  const content = { parts: [{ text: 'a' }] };
  const taskType = 'RETRIEVAL_QUERY';
  const requests = [{ model: 'models/any', content, taskType }];
  const response = await rig.post('/v1beta/models/any:batchEmbedContents', { requests });
  assert.deepEqual(await response.json(), { embeddings: [{ values: [1] }] });
  assert.deepEqual(JSON.parse(gemini.received[0]!.body), {
    requests: [{ model: 'models/gemini-embedding-001', content, taskType }],
  });
  const single = await rig.post('/v1beta/models/any:embedContent', { content });
  assert.equal(single.status, 200);
  assert.equal(gemini.received[1]?.path, '/v1beta/models/gemini-embedding-001:embedContent');
});

test('an answer with too few vectors is a fault of the upstream', async t => {
  const gemini = await upstream(t, answer(200, { embeddings: [{ values: [1] }] }));
  const rig = await rigOf(t, [google(gemini.url)]);
  const response = await rig.post('/v1/embeddings', { model: 'any', input: ['a', 'b'] });
  assert.equal(response.status, 502);
});
