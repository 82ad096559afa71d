// Proves that the official SDKs get vectors from the gateway whatever cloud makes them: the same
// numbers in floats, in base64 and in every dialect, in the order of the texts, with their usage
// and charge; and that what a model cannot do is refused in the SDK's own words.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { key, type Rig } from '../rig.ts';
import { type EmbeddingPlace, embeddingPlaces, gatewayTo } from './embedding-places.ts';

const texts = ['Which port is cheapest?', 'The ship is loading, slowly.'];
const [first = ''] = texts;

const openaiAt = ({ url }: Rig): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
const googleAt = ({ url }: Rig): GoogleGenAI =>
  new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });

function awsAt(t: TestContext, { url }: Rig): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'any',
    endpoint: url,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  });
  t.after(() => client.destroy());
  return client;
}

async function invoke(client: BedrockRuntimeClient, body: object): Promise<Invoked> {
  const text = JSON.stringify(body);
  const answer = await client.send(new InvokeModelCommand({ modelId: 'any', body: text }));
  return JSON.parse(answer.body.transformToString()) as Invoked;
}

interface Invoked {
  readonly embedding: number[];
  readonly inputTextTokenCount: number;
  readonly embeddings: number[][];
}

const normOf = (vector: readonly number[]): number => Math.hypot(...vector);
const single = (vector: readonly number[] | undefined): Float32Array =>
  Float32Array.from(vector ?? []);

/** As openai's SDK asks by itself, which is for base64. */
async function vectorOf(rig: Rig, input: string): Promise<number[]> {
  const { data } = await openaiAt(rig).embeddings.create({ model: 'any', input });
  return data[0]!.embedding;
}

function checkRecord(place: EmbeddingPlace, rig: Rig): Promise<void> {
  return rig.records().then(records => {
    for (const record of records) {
      assert.equal(record.outcome, 'ok');
      assert.equal(record.model, place.model);
      if (place.silent) assert.equal(record.chargeNanoUsd, null);
      else assert.equal(record.chargeNanoUsd, record.inputTokens! * 1000);
    }
  });
}

for (const place of embeddingPlaces) {
  describe(`vectors from ${place.name}`, () => {
    test("openai's SDK: the same in floats and in base64", async t => {
      const rig = await gatewayTo(t, place);
      const asked = { model: 'any', input: first, encoding_format: 'float' } as const;
      const floats = await openaiAt(rig).embeddings.create(asked);
      assert.equal(floats.data[0]?.embedding.length, place.length);
      assert.ok(Math.abs(normOf(floats.data[0]!.embedding) - 1) < 1e-3);
      assert.deepEqual(single(await vectorOf(rig, first)), single(floats.data[0]?.embedding));
      const { usage } = floats;
      assert.deepEqual(usage.total_tokens, usage.prompt_tokens);
      assert.equal(usage.prompt_tokens > 0, place.silent === undefined);
      await checkRecord(place, rig);
    });

    test('texts together are the same as one by one, or refused', async t => {
      const rig = await gatewayTo(t, place);
      const together = openaiAt(rig).embeddings.create({ model: 'any', input: texts });
      if (place.single) {
        await assert.rejects(together, (error: unknown) => {
          assert.ok(error instanceof OpenAI.BadRequestError);
          assert.equal(error.param, 'input');
          assert.match(error.message, /one (text|content)|takes one/);
          return true;
        });
        return;
      }
      const { data } = await together;
      assert.deepEqual(
        data.map(({ index }) => index),
        [0, 1],
      );
      for (const [i, text] of texts.entries()) {
        assert.deepEqual(single(data[i]?.embedding), single(await vectorOf(rig, text)));
      }
    });

    test('a shorter vector, where the model has one', async t => {
      const rig = await gatewayTo(t, place);
      const dimensions = place.shorter ?? 128;
      const asked = openaiAt(rig).embeddings.create({ model: 'any', input: first, dimensions });
      if (place.shorter === null) await assert.rejects(asked, OpenAI.BadRequestError);
      else assert.equal((await asked).data[0]?.embedding.length, dimensions);
    });

    test("Google's SDK: the same vectors", async t => {
      const rig = await gatewayTo(t, place);
      const { embeddings } = await googleAt(rig).models.embedContent({
        model: 'any',
        contents: first,
      });
      assert.equal(embeddings?.length, 1);
      assert.deepEqual(single(embeddings![0]?.values), single(await vectorOf(rig, first)));
      await checkRecord(place, rig);
    });

    test("AWS's SDK with the bodies of Titan and of Cohere: the same vectors", async t => {
      const rig = await gatewayTo(t, place);
      const client = awsAt(t, rig);
      const titan = await invoke(client, { inputText: first });
      assert.deepEqual(single(titan.embedding), single(await vectorOf(rig, first)));
      assert.equal(titan.inputTextTokenCount > 0, place.silent === undefined);
      const cohere = await invoke(client, { texts: [first], input_type: 'search_document' });
      assert.equal(cohere.embeddings[0]?.length, place.length);
      await checkRecord(place, rig);
    });

    test('a model of vectors answers nobody, in the words of who asks', async t => {
      const rig = await gatewayTo(t, place);
      const messages = [{ role: 'user' as const, content: first }];
      const chat = openaiAt(rig).chat.completions.create({ model: 'any', messages });
      await assert.rejects(chat, OpenAI.BadRequestError);
      const asked = googleAt(rig).models.generateContent({ model: 'any', contents: first });
      await assert.rejects(asked, ApiError);
      const question = { anthropic_version: 'x', max_tokens: 9, messages };
      await assert.rejects(invoke(awsAt(t, rig), question), ValidationException);
    });
  });
}

test('ids of tokens reach openai’s models, and no others', async t => {
  const [openai, google] = ['openai-api', 'gemini-api'].map(
    name => embeddingPlaces.find(place => place.name === name)!,
  );
  const input = [[1, 2, 3], [4]];
  const there = await gatewayTo(t, openai!);
  const { data, usage } = await openaiAt(there).embeddings.create({ model: 'any', input });
  assert.equal(data.length, 2);
  assert.equal(usage.prompt_tokens, 4);
  const elsewhere = openaiAt(await gatewayTo(t, google!));
  await assert.rejects(
    elsewhere.embeddings.create({ model: 'any', input }),
    OpenAI.BadRequestError,
  );
});

test('a task goes from Google’s SDK to Cohere, and makes another vector', async t => {
  const place = embeddingPlaces.find(({ name }) => name === 'bedrock with Cohere')!;
  const rig = await gatewayTo(t, place);
  const embed = async (taskType: string) => {
    const config = { taskType };
    const asked = { model: 'any', contents: first, config };
    return (await googleAt(rig).models.embedContent(asked)).embeddings![0]!.values!;
  };
  const [query, document] = [await embed('RETRIEVAL_QUERY'), await embed('RETRIEVAL_DOCUMENT')];
  assert.notDeepEqual(query, document);
  assert.deepEqual(single(document), single(await vectorOf(rig, first)));
  const unknown = embed('SEMANTIC_SIMILARITY');
  await assert.rejects(unknown, /task/);
});
