// Proves that recorded vectors and counts of real services come out of the gateway as the same
// numbers, whatever dialect asks, and recorded errors as errors of the same class. How: a server on
// loopback answers with the recorded bytes.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type Recording,
  recordings,
  recordingsMissing,
} from '../../../dialects/test/shared/recordings.ts';
import { FakeUpstream, Rig, type RigDeployment, type Service } from '../rig.ts';

const skip = recordingsMissing;

/** A gateway in front of the recorded answer. */
async function behind(
  t: TestContext,
  { status, body }: Recording,
  deployment: Omit<RigDeployment, 'id' | 'endpoint'>,
): Promise<Rig> {
  const fake = new FakeUpstream((_received, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await fake.listen();
  t.after(() => fake.close());
  const rig = await Rig.start({ deployments: [{ id: 'r', endpoint: fake.url, ...deployment }] });
  t.after(() => rig.close());
  return rig;
}

const vectorsAt: Readonly<Record<string, Omit<RigDeployment, 'id' | 'endpoint'>>> = {
  openai: place('openai-api', 'openai/text-embedding-3-small', 'openai-embeddings'),
  azure: place('azure-openai', 'openai/text-embedding-3-small', 'openai-embeddings'),
  'vertex embedContent': place('vertex-ai', 'google/gemini-embedding-2', 'vertex-predict'),
  'vertex predict': place('vertex-ai', 'google/gemini-embedding-001', 'vertex-predict'),
};

function place(service: Service, model: string, dialect: string) {
  const limits = { features: [], contextTokens: 8192, maxOutputTokens: null };
  const offer = { model, dialects: [dialect], ...limits };
  return { service, kind: 'embedding', offer } as const;
}

const countersAt: Readonly<Record<string, Omit<RigDeployment, 'id' | 'endpoint'>>> = {
  anthropic: { service: 'anthropic-api' },
  bedrock: { service: 'bedrock' },
  gemini: { service: 'gemini-api' },
  openai: { service: 'openai-api', offer: { dialects: ['openai-responses'] } },
  vertex: { service: 'vertex-ai' },
};

interface Body {
  readonly data?: { readonly embedding: string | number[] }[];
  readonly embedding?: { readonly values: number[] } | number[];
  readonly embeddings?: { readonly values: number[] }[];
  readonly predictions?: { readonly embeddings: { readonly values: number[] } }[];
}

/** The vector of an answer in any form, in floats of 32 bits. */
function vectorIn(body: Body): Float32Array {
  const found =
    body.data?.[0]?.embedding ??
    body.embeddings?.[0]?.values ??
    body.predictions?.[0]?.embeddings.values ??
    (Array.isArray(body.embedding) ? body.embedding : body.embedding?.values);
  if (typeof found !== 'string') return Float32Array.from(found ?? []);
  const bytes = Uint8Array.from(Buffer.from(found, 'base64'));
  return new Float32Array(bytes.buffer);
}

const text = 'Hello, world!';
const content = { parts: [{ text }] };

/** Each address that asks for the vector of one text. */
const vectorFronts = [
  ['/v1/embeddings', { model: 'any', input: text }],
  ['/v1/embeddings', { model: 'any', input: text, encoding_format: 'base64' }],
  ['/v1beta/models/any:embedContent', { content }],
  ['/v1beta/models/any:batchEmbedContents', { requests: [{ model: 'models/any', content }] }],
  ['/model/any/invoke', { inputText: text }],
] as const;

const messages = [{ role: 'user', content: text }];
const contents = [content];
const converse = { messages: [{ role: 'user', content: [{ text }] }] };

const countFronts = [
  ['/v1/messages/count_tokens', { model: 'any', messages }],
  ['/v1/responses/input_tokens', { model: 'any', input: text }],
  ['/v1beta/models/any:countTokens', { contents }],
  ['/model/any/count-tokens', { input: { converse } }],
] as const;

const isOurs = ({ provider }: Recording): boolean => provider !== 'ollama';
const vectors = ['embeddings', 'embedContent', 'predict'].flatMap(recordings).filter(isOurs);
const counts = [
  ...['messages.count_tokens', 'count-tokens', 'countTokens'].flatMap(recordings),
  ...recordings('responses').filter(({ body }) => body.includes('response.input_tokens')),
];

const placeOf = ({ provider, endpoint }: Recording) =>
  vectorsAt[provider] ?? vectorsAt[`${provider} ${endpoint}`] ?? assert.fail(provider);

describe('vectors', { skip }, () => {
  for (const recording of vectors.filter(({ status }) => status === 200)) {
    test(recording.file, async t => {
      const rig = await behind(t, recording, placeOf(recording));
      const expected = vectorIn(JSON.parse(recording.body.toString()) as Body);
      assert.ok(expected.length >= 256);
      for (const [path, body] of vectorFronts) {
        const response = await rig.post(path, body);
        assert.equal(response.status, 200, path);
        assert.deepEqual(vectorIn((await response.json()) as Body), expected, path);
      }
      for (const record of await rig.records()) assert.ok(record.chargeNanoUsd! > 0);
    });
  }
});

const numberIn = (body: Record<string, unknown>): unknown =>
  body.input_tokens ?? body.inputTokens ?? body.totalTokens;

describe('counts', { skip }, () => {
  for (const recording of counts.filter(({ status }) => status === 200)) {
    test(recording.file, async t => {
      const rig = await behind(t, recording, countersAt[recording.provider]!);
      const expected = numberIn(JSON.parse(recording.body.toString()));
      for (const [path, body] of countFronts) {
        const response = await rig.post(path, body);
        assert.equal(response.status, 200, path);
        const answer = (await response.json()) as Record<string, unknown>;
        assert.equal(numberIn(answer), expected, path);
      }
    });
  }
});

describe('errors', { skip }, () => {
  const failed = [...vectors, ...counts].filter(({ status }) => status !== 200);
  for (const recording of failed) {
    test(recording.file, async t => {
      const isVector = vectors.includes(recording);
      const deployment = isVector ? placeOf(recording) : countersAt[recording.provider]!;
      const rig = await behind(t, recording, deployment);
      for (const [path, body] of isVector ? vectorFronts : countFronts) {
        const response = await rig.post(path, body);
        // Our own credential is not the caller's affair; Bedrock says 400 of a model it has not.
        if (recording.status === 401) assert.ok(response.status >= 500, path);
        else assert.ok(response.status === 400 || response.status === 404, path);
        assert.ok((await response.text()).includes('message'), path);
      }
    });
  }

  test('all there are were replayed', () => {
    assert.deepEqual([vectors.length, counts.length, failed.length], [12, 23, 11]);
  });
});
