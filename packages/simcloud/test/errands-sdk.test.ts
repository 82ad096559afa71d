// Proves that the official SDKs take simulated embeddings and counts for the real ones: the same
// text has the same vector, in each form and at each encoding, lengths and refusals as documented.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  CountTokensCommand,
  InvokeModelCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { ApiError, GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI, { AzureOpenAI } from 'openai';
import type { Simcloud } from '../src/simcloud.ts';
import { start } from './support/start.ts';

const openaiAt = ({ urls }: Simcloud): OpenAI =>
  new OpenAI({ apiKey: 'simulated-openai-key', baseURL: `${urls.openai}/v1`, maxRetries: 0 });

function awsAt(t: TestContext, { urls }: Simcloud): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: urls.bedrock,
    maxAttempts: 1,
    credentials: { accessKeyId: 'SIMULATED', secretAccessKey: 'simulated-aws-secret' },
    requestHandler: new NodeHttpHandler(),
  });
  t.after(() => client.destroy());
  return client;
}

const model = 'text-embedding-3-small';

test('openai: the same vector for the same text, whatever was asked before', async t => {
  const asked = { model, input: ['a ship', 'a port', 'a ship'] };
  const once = await openaiAt(await start(t)).embeddings.create(asked);
  const again = openaiAt(await start(t));
  await again.embeddings.create({ model, input: 'something else' });
  const twice = await again.embeddings.create({ ...asked, encoding_format: 'float' });
  assert.deepEqual(twice.data, once.data);
  assert.deepEqual(once.data[0]?.embedding, once.data[2]?.embedding);
  assert.notDeepEqual(once.data[0]?.embedding, once.data[1]?.embedding);
  const other = await openaiAt(await start(t, { seed: 8 })).embeddings.create(asked);
  assert.notDeepEqual(other.data[0]?.embedding, once.data[0]?.embedding);
});

test('openai: lengths, refusals, quota and faults', async t => {
  const simcloud = await start(t);
  const client = openaiAt(simcloud);
  const short = await client.embeddings.create({ model, input: 'a', dimensions: 8 });
  assert.equal(short.data[0]?.embedding.length, 8);
  for (const [name, dimensions] of [
    ['text-embedding-ada-002', 8],
    [model, 9999],
  ] as const) {
    const asked = client.embeddings.create({ model: name, input: 'a', dimensions });
    await assert.rejects(asked, OpenAI.BadRequestError);
  }
  await assert.rejects(
    client.embeddings.create({ model: 'gpt-5.4', input: 'a' }),
    OpenAI.NotFoundError,
  );
  const chat = { model, messages: [{ role: 'user' as const, content: 'a' }] };
  await assert.rejects(client.chat.completions.create(chat), OpenAI.NotFoundError);
  await simcloud.setFaults('openai', [{ kind: 'rate-limit', count: 1 }]);
  await assert.rejects(client.embeddings.create({ model, input: 'a' }), OpenAI.RateLimitError);
});

test('Azure: in the path and in the body', async t => {
  const { urls } = await start(t);
  const apiKey = 'simulated-azure-key';
  const dated = new AzureOpenAI({ apiKey, endpoint: urls.azureOpenai, apiVersion: '2024-10-21' });
  const v1 = new OpenAI({ apiKey, baseURL: `${urls.azureOpenai}/openai/v1` });
  const [a, b] = [dated, v1].map(client => client.embeddings.create({ model, input: 'a' }));
  assert.deepEqual((await a!).data, (await b!).data);
});

test('Google: one and several, counts, what is not told', async t => {
  const { urls } = await start(t);
  const options = { apiKey: 'simulated-gemini-key', httpOptions: { baseUrl: urls.gemini } };
  const { models } = new GoogleGenAI(options);
  const older = { model: 'gemini-embedding-001', contents: ['a', 'b'] };
  const { embeddings } = await models.embedContent({
    ...older,
    config: { outputDimensionality: 4 },
  });
  assert.deepEqual(
    embeddings?.map(({ values }) => values?.length),
    [4, 4],
  );
  const contents = 'Count me. [[simulate input=77]]';
  const counted = await models.countTokens({ model: 'gemini-2.5-flash', contents });
  assert.equal(counted.totalTokens, 77);
  const wrong = models.embedContent({ model: 'gemini-2.5-flash', contents: 'a' });
  await assert.rejects(wrong, ApiError);
});

test('Anthropic: a count', async t => {
  const { urls } = await start(t);
  const client = new Anthropic({ apiKey: 'simulated-anthropic-key', baseURL: urls.anthropic });
  const messages = [{ role: 'user' as const, content: 'Hi [[simulate input=12]]' }];
  const asked = { model: 'claude-haiku-4-5', messages };
  assert.deepEqual(await client.messages.countTokens(asked), { input_tokens: 12 });
});

test('Bedrock: Titan, Cohere, and counts for Claude by its own name alone', async t => {
  const client = awsAt(t, await start(t));
  const invoke = async (modelId: string, body: object) => {
    const command = new InvokeModelCommand({ modelId, body: JSON.stringify(body) });
    return JSON.parse((await client.send(command)).body.transformToString());
  };
  const titan = await invoke('amazon.titan-embed-text-v2:0', {
    inputText: 'abcd',
    dimensions: 256,
  });
  assert.equal(titan.embedding.length, 256);
  assert.equal(titan.inputTextTokenCount, 1);
  const asked = { texts: ['a', 'b'], input_type: 'search_query' };
  const cohere = await invoke('cohere.embed-v4:0', asked);
  assert.equal(cohere.embeddings.length, 2);
  await assert.rejects(invoke('cohere.embed-v4:0', { texts: ['a'] }), ValidationException);

  const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';
  const count = (modelId: string) => {
    const messages = [{ role: 'user' as const, content: [{ text: 'Hi [[simulate input=9]]' }] }];
    return client.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));
  };
  assert.equal((await count(claude)).inputTokens, 9);
  await assert.rejects(count(`us.${claude}`), /doesn't support counting tokens/);
  await assert.rejects(count('amazon.nova-lite-v1:0'), /doesn't support counting tokens/);
});
