// Proves that the official SDKs count tokens through the gateway: the figure is the vendor's own
// whatever dialect asks, at no cost; and that without a counter they are told so in their own words
// (G35), and never given a guess.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import {
  BedrockRuntimeClient,
  CountTokensCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-bedrock-runtime';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { key, type Rig } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';

/** Where a vendor counts, and what its counter is called in the ledger's attempts. */
const counting: readonly Omit<Place, 'name'>[] = [
  { service: 'openai-api', offer: { dialects: ['openai-responses'] } },
  { service: 'anthropic-api' },
  { service: 'gemini-api' },
  { service: 'vertex-ai' },
  {
    service: 'vertex-ai',
    offer: { model: 'anthropic/claude-haiku-4-5', dialects: ['anthropic-messages'] },
  },
  { service: 'bedrock', offer: { serviceModelId: `us.${claude}` } },
];

const withoutCounter = places.filter(
  ({ service, offer }) =>
    service === 'azure-openai' ||
    service === 'bedrock-mantle' ||
    (service === 'openai-api' && offer === undefined) ||
    offer?.dialects?.[0] === 'openai-chat',
);

const text = 'How many tokens has this? [[simulate input=321]]';
const messages = [{ role: 'user' as const, content: text }];
const system = 'Be brief.';

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

type Count = (t: TestContext, rig: Rig) => Promise<number | undefined>;

const anthropicAt = ({ url }: Rig): Anthropic =>
  new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
const openaiAt = ({ url }: Rig): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
const googleAt = ({ url }: Rig): GoogleGenAI =>
  new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });

const tool = {
  name: 'find_ship',
  description: 'Finds a ship.',
  input_schema: { type: 'object' as const, properties: { port: { type: 'string' } } },
};

/** Each SDK with as much as it can say: system prompt and tools are counted too. */
const clients: Readonly<Record<string, Count>> = {
  anthropic: async (_t, rig) => {
    const asked = { model: 'any', messages, system, tools: [tool] };
    return (await anthropicAt(rig).messages.countTokens(asked)).input_tokens;
  },
  'anthropic for Vertex AI': async (_t, rig) => {
    const getRequestHeaders = async () => new Headers({ authorization: `Bearer ${key}` });
    const place = { projectId: 'p', region: 'us-east5', baseURL: `${rig.url}/v1`, maxRetries: 0 };
    const vertex = new AnthropicVertex({ ...place, authClient: { getRequestHeaders } as never });
    return (await vertex.messages.countTokens({ model: 'any', messages })).input_tokens;
  },
  openai: async (_t, rig) => {
    const asked = { model: 'any', input: text, instructions: system };
    return (await openaiAt(rig).responses.inputTokens.count(asked)).input_tokens;
  },
  google: async (_t, rig) =>
    (await googleAt(rig).models.countTokens({ model: 'any', contents: text })).totalTokens,
  'google for Vertex AI': async (_t, rig) => {
    const getRequestHeaders = async () => new Headers({ authorization: `Bearer ${key}` });
    const vertex = new GoogleGenAI({
      vertexai: true,
      project: 'p',
      location: 'us-east5',
      googleAuthOptions: { authClient: { getRequestHeaders } as never },
      httpOptions: { baseUrl: rig.url },
    });
    const config = { systemInstruction: system };
    return (await vertex.models.countTokens({ model: 'any', contents: text, config })).totalTokens;
  },
  aws: async (t, rig) => {
    const converse = {
      messages: [{ role: 'user' as const, content: [{ text }] }],
      system: [{ text: system }],
    };
    const command = new CountTokensCommand({ modelId: 'any', input: { converse } });
    return (await awsAt(t, rig).send(command)).inputTokens;
  },
  'aws with the body of InvokeModel': async (t, rig) => {
    const version = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 64 };
    const body = Buffer.from(JSON.stringify({ ...version, messages, system, tools: [tool] }));
    const input = { invokeModel: { body } };
    const command = new CountTokensCommand({ modelId: 'any', input });
    return (await awsAt(t, rig).send(command)).inputTokens;
  },
};

for (const place of counting) {
  describe(`counts of ${place.service} ${place.offer?.dialects?.[0] ?? ''}`, () => {
    for (const [name, count] of Object.entries(clients)) {
      test(`by the SDK of ${name}`, async t => {
        const rig = await gatewayTo(t, place);
        assert.equal(await count(t, rig), 321);
        const [record] = await rig.records();
        assert.equal(record?.outcome, 'ok');
        assert.equal(record?.reservedNanoUsd, 0);
        assert.equal(record?.chargeNanoUsd, 0);
        assert.match(record?.dialect ?? '', /-(count|input)-tokens$/);
      });
    }
  });
}

for (const place of withoutCounter) {
  test(`G35: ${place.name} counts nothing, and each SDK is told so`, async t => {
    const rig = await gatewayTo(t, place);
    const by = (name: string) => clients[name]!(t, rig);
    await assert.rejects(by('anthropic'), Anthropic.NotFoundError);
    await assert.rejects(by('openai'), OpenAI.NotFoundError);
    await assert.rejects(by('google'), (e: unknown) => e instanceof ApiError && e.status === 404);
    await assert.rejects(by('aws'), ResourceNotFoundException);
  });
}

test('G35: schemas of tools are counted', async t => {
  const rig = await gatewayTo(t, { service: 'anthropic-api' });
  const count = async (tools: (typeof tool)[]) => {
    const asked = { model: 'any', messages: [{ role: 'user' as const, content: 'Hi' }], tools };
    return (await anthropicAt(rig).messages.countTokens(asked)).input_tokens;
  };
  assert.ok((await count([tool])) > (await count([])) + 10);
});
