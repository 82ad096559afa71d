// Proves that recorded vectors of real services mean here what their bytes say, and go on to a
// caller as the same numbers. How: each answer is read a second time without our code.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EmbedDialect } from '@entrepot/dialects/dialect';
import type { EmbedAnswer } from '@entrepot/dialects/embedding';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { checkSchema, schemasMissing } from '../openai-responses/schemas.ts';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { fixture, type Recording, recordings, recordingsMissing } from '../shared/recordings.ts';

const skip = recordingsMissing;
const { request: _, ...context } = answerContext;
const path = { model: 'm', stream: false };

/** Ollama's own API, not the one of openai that it speaks too. */
const isOurs = ({ provider }: Recording): boolean => provider !== 'ollama';

const openaiRecorded = recordings('embeddings').filter(isOurs);
const answered = ({ status }: Recording): boolean => status === 200;

interface OpenaiBody {
  readonly data: { readonly embedding: string | number[] }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number };
}

/** The numbers of 32 bits behind base64, by the platform's own view of them. */
function numbersOf(value: string | number[]): number[] {
  if (typeof value !== 'string') return value;
  const bytes = Uint8Array.from(Buffer.from(value, 'base64'));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

function checkOpenai(body: Buffer): void {
  const theirs = JSON.parse(body.toString()) as OpenaiBody;
  const ours = openaiEmbeddings.decodeResponse(body, {}, context);
  assert.equal(ours.model, theirs.model);
  assert.equal(ours.usage?.inputTokens, theirs.usage.prompt_tokens);
  const expected = theirs.data.map(({ embedding }) => numbersOf(embedding));
  assert.deepEqual(
    ours.vectors.map(vector => Array.from(vector)),
    expected,
  );
  const again = JSON.parse(
    Buffer.from(openaiEmbeddings.encodeResponse(ours, context).body).toString(),
  ) as OpenaiBody;
  assert.deepEqual(
    again.data.map(({ embedding }) => embedding),
    expected,
  );
  assert.deepEqual(openaiEmbeddings.readUsage(body).usage, ours.usage);
}

describe('answers of openai and Azure', { skip }, () => {
  for (const { file, body } of openaiRecorded.filter(answered)) test(file, () => checkOpenai(body));

  test('there are answers in base64 and in numbers', () => {
    assert.equal(openaiRecorded.filter(answered).length, 4);
    checkOpenai(fixture('vercel_ai/openai__embedding__openai-embedding.json')!);
  });

  test('base64 that is asked for is the very text that came', () => {
    const { body } = openaiRecorded.filter(answered)[0]!;
    const ours = openaiEmbeddings.decodeResponse(body, {}, context);
    const request = { model: 'm', inputs: [], encoding: 'base64' } as const;
    const { body: again } = openaiEmbeddings.encodeResponse(ours, { ...context, request });
    const text = (bytes: Uint8Array) =>
      (JSON.parse(Buffer.from(bytes).toString()) as OpenaiBody).data[0]!.embedding;
    assert.equal(text(again), text(body));
  });

  test('what is written keeps to the description of openai', { skip: schemasMissing }, () => {
    for (const { body } of openaiRecorded.filter(answered)) {
      const ours = openaiEmbeddings.decodeResponse(body, {}, context);
      const { body: again } = openaiEmbeddings.encodeResponse(ours, context);
      const written = JSON.parse(Buffer.from(again).toString());
      checkSchema('openai', 'CreateEmbeddingResponse', written);
    }
  });
});

describe('requests to openai and Azure', { skip }, () => {
  for (const { file, requestBody } of openaiRecorded.filter(answered)) {
    test(`${file} is written as it was read`, () => {
      const bytes = Buffer.from(requestBody);
      const request = openaiEmbeddings.decodeRequest(bytes);
      assert.equal(openaiEmbeddings.scan(bytes)?.model, request.model);
      const target = { ...plainTarget, name: request.model, vendor: 'openai' };
      const { body, losses } = openaiEmbeddings.encodeRequest(request, target);
      assert.deepEqual(losses, []);
      const written = JSON.parse(Buffer.from(body).toString());
      const asked = JSON.parse(requestBody) as { input: string | string[] };
      assert.deepEqual(written, { ...asked, input: [asked.input].flat() });
      if (schemasMissing === false) checkSchema('openai', 'CreateEmbeddingRequest', written);
    });
  }
});

test('errors have the class that the service meant', { skip }, () => {
  const classes = openaiRecorded
    .filter(recording => !answered(recording))
    .map(({ status, headers, body }) => openaiEmbeddings.decodeError(status, headers, body).class);
  assert.deepEqual(classes.toSorted(), [
    'auth',
    'invalid_request',
    'not_found',
    'not_found',
    'not_found',
    'not_found',
  ]);
});

function checkGoogle(dialect: EmbedDialect, body: Buffer, values: number[][]): EmbedAnswer {
  const ours = dialect.decodeResponse(body, {}, context);
  assert.deepEqual(ours.vectors, values);
  const written = dialect.encodeResponse(ours, context);
  assert.deepEqual(dialect.decodeResponse(written.body, {}, context), ours);
  return ours;
}

test('embedContent of Vertex AI', { skip }, () => {
  const [{ body, requestBody } = assert.fail('no recording')] = recordings('embedContent');
  const theirs = JSON.parse(body.toString());
  const ours = checkGoogle(geminiEmbed, body, [theirs.embedding.values]);
  assert.equal(ours.usage?.inputTokens, 11);
  const request = geminiEmbed.decodeRequest(Buffer.from(requestBody), path);
  const text = 'task: question answering | query: Hello, world!';
  assert.deepEqual(request.inputs, [{ type: 'text', text }]);
});

interface Predicted {
  readonly predictions: { readonly embeddings: { readonly values: number[] } }[];
}

test('predict of Vertex AI', { skip }, () => {
  const [{ body, requestBody } = assert.fail('no recording')] = recordings('predict');
  const { predictions } = JSON.parse(body.toString()) as Predicted;
  const values = predictions.map(({ embeddings }) => embeddings.values);
  assert.equal(checkGoogle(vertexPredict, body, values).usage?.inputTokens, 4);
  const request = vertexPredict.decodeRequest(Buffer.from(requestBody), path);
  assert.deepEqual(request.inputs, [{ type: 'text', text: 'Hello, world!', task: 'query' }]);
  const written = vertexPredict.encodeRequest(request, plainTarget);
  assert.deepEqual(JSON.parse(Buffer.from(written.body).toString()), JSON.parse(requestBody));

  const two = fixture('vercel_ai/google-vertex____fixtures____google-vertex-embedding.json')!;
  const more = (JSON.parse(two.toString()) as Predicted).predictions;
  const both = more.map(({ embeddings }) => embeddings.values);
  assert.equal(checkGoogle(vertexPredict, two, both).usage?.inputTokens, 11);
});
