// Proves that half an answer is never taken for a whole one, whoever calls and whoever answers: a
// stream that a cloud cuts, or ends with its own error, makes each official SDK throw, and is in
// the ledger as what it was. How: the simulated clouds break their streams behind a gateway.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { key, Rig } from '../rig.ts';
import { deploymentAt, type Place, places } from './clouds.ts';

type Read = (t: TestContext, url: string) => Promise<readonly unknown[]>;

const model = 'any';
const text = 'At length. [[simulate output=80]]';
const messages = [{ role: 'user' as const, content: text }];

async function read(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  return Array.fromAsync(stream);
}

function openaiAt(url: string): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
}

const callers: Readonly<Record<string, Read>> = {
  'openai-chat': async (_t, url) =>
    read(await openaiAt(url).chat.completions.create({ model, messages, stream: true })),
  'openai-responses': async (_t, url) =>
    read(await openaiAt(url).responses.create({ model, input: text, stream: true })),
  'anthropic-messages': async (_t, url) => {
    const anthropic = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
    return read(
      await anthropic.messages.create({ model, max_tokens: 500, messages, stream: true }),
    );
  },
  gemini: async (_t, url) => {
    const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
    return read(await google.models.generateContentStream({ model, contents: text }));
  },
  'bedrock-converse': async (t, endpoint) => {
    const bedrock = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint,
      token: { token: key },
      authSchemePreference: ['httpBearerAuth'],

      maxAttempts: 1,
    });
    t.after(() => bedrock.destroy());
    const asked = [{ role: 'user' as const, content: [{ text }] }];
    const command = new ConverseStreamCommand({ modelId: model, messages: asked });
    return read((await bedrock.send(command)).stream!);
  },
};

const cloudOf = {
  'openai-api': 'openai',
  'azure-openai': 'azure-openai',
  'anthropic-api': 'anthropic',
  bedrock: 'bedrock',
  'bedrock-mantle': 'bedrock-mantle',
  'gemini-api': 'gemini',
  'vertex-ai': 'vertex-ai',
  'openai-compatible': 'openai',
} as const;

async function gateway(t: TestContext, place: Place): Promise<{ simcloud: Simcloud; rig: Rig }> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  t.after(() => simcloud.close());
  const { service, offer = {} } = place;
  const engine = { attempts: { max: 1 } };
  const rig = await Rig.start({
    deployments: [{ ...deploymentAt(simcloud, service), offer }],
    engine,
  });
  t.after(() => rig.close());
  return { simcloud, rig };
}

for (const place of places) {
  describe(`streams of ${place.name}`, () => {
    for (const [dialect, call] of Object.entries(callers)) {
      test(`that break are no whole answers to a caller of ${dialect}`, async t => {
        const { rig, simcloud } = await gateway(t, place);
        assert.ok((await call(t, rig.url)).length > 0);
        for (const kind of ['cut', 'in-stream-error'] as const) {
          await simcloud.setFaults(cloudOf[place.service], [{ kind, afterEvents: 2 }]);
          await assert.rejects(call(t, rig.url));
        }
        const [whole, ...broken] = (await rig.records()).map(record => record.outcome);
        assert.equal(whole, 'ok');
        assert.equal(broken.length, 2);
        // Content and error that come in one piece fail before anything went to the caller.
        for (const outcome of broken) assert.match(String(outcome), /^(truncated|failed)$/);
      });
    }
  });
}
