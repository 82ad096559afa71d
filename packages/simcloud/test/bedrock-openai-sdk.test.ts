// Proves that openai's client takes the simulated endpoints of Bedrock for real ones, and
// anthropic's the one for Claude: with an API key, and signed under the name of each service, which
// is not taken for another; each model under its own prefix.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnthropicBedrockMantle } from '@anthropic-ai/bedrock-sdk';
import { SignatureV4 } from '@smithy/signature-v4';
import OpenAI from 'openai';
import type { Simcloud } from '../src/simcloud.ts';
import { NodeSha256 } from './support/node-sha256.ts';
import { start } from './support/start.ts';

const key = 'simulated-bedrock-key';
const credentials = { accessKeyId: 'SIMULATED', secretAccessKey: 'simulated-aws-secret' };
const content = '[[simulate input=70 output=12]]';
const messages = [{ role: 'user' as const, content }];
const words = (text: string | null | undefined): number => (text ?? '').split(' ').length;

function openaiAt(baseURL: string, apiKey = key): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
}

/** Every address of openai's API, with a model that is there. */
const places = (simcloud: Simcloud) =>
  [
    [`${simcloud.urls.bedrock}/openai/v1`, 'openai.gpt-oss-120b-1:0'],
    [`${simcloud.urls.bedrockMantle}/v1`, 'openai.gpt-oss-120b'],
    [`${simcloud.urls.bedrockMantle}/openai/v1`, 'us.openai.gpt-5.6-luna'],
  ] as const;

test('Chat and Responses, whole and streamed, at every address', async t => {
  for (const [baseURL, model] of places(await start(t))) {
    const client = openaiAt(baseURL);
    const chat = await client.chat.completions.create({ model, messages });
    assert.equal(words(chat.choices[0]!.message.content), 12);
    const chunks = await client.chat.completions.create({ model, messages, stream: true });
    const parts = await Array.fromAsync(chunks, c => c.choices[0]?.delta.content ?? '');
    assert.equal(words(parts.join('')), 12);
    const response = await client.responses.create({ model, input: content });
    assert.equal(words(response.output_text), 12);
    assert.equal(response.usage!.input_tokens, 70);
    const events = await client.responses.create({ model, input: content, stream: true });
    const types = await Array.fromAsync(events, event => event.type);
    assert.equal(types.at(-1), 'response.completed');
  }
});

test('a wrong key is refused, and so is a model under the prefix of others', async t => {
  const simcloud = await start(t);
  for (const [baseURL, model] of places(simcloud)) {
    const wrong = openaiAt(baseURL, 'wrong');
    await assert.rejects(
      wrong.chat.completions.create({ model, messages }),
      OpenAI.PermissionDeniedError,
    );
  }
  for (const [prefix, model] of [
    ['/v1', 'openai.gpt-5.6-luna'],
    ['/openai/v1', 'openai.gpt-oss-120b'],
    ['/v1', 'anthropic.claude-haiku-4-5'],
  ] as const) {
    const client = openaiAt(simcloud.urls.bedrockMantle + prefix);
    await assert.rejects(
      client.responses.create({ model, input: content }),
      error => error instanceof OpenAI.BadRequestError && /on this route/.test(error.message),
    );
  }
});

test('a signature is taken by the service that it names alone', async t => {
  const { urls } = await start(t);
  for (const [url, model, own] of [
    [`${urls.bedrockMantle}/v1/chat/completions`, 'openai.gpt-oss-120b', 'bedrock-mantle'],
    [`${urls.bedrock}/openai/v1/chat/completions`, 'openai.gpt-oss-120b-1:0', 'bedrock'],
  ] as const) {
    for (const service of ['bedrock', 'bedrock-mantle']) {
      const answer = await signedPost(url, service, JSON.stringify({ model, messages }));
      assert.equal(answer.status, service === own ? 200 : 403);
      if (service === own) continue;
      assert.match(answer.headers.get('x-amzn-errortype')!, /^InvalidSignatureException/);
    }
  }
});

async function signedPost(url: string, service: string, body: string): Promise<Response> {
  const signer = new SignatureV4({ credentials, region: 'us-east-1', service, sha256: NodeSha256 });
  const { host, pathname } = new URL(url);
  const headers = { host, 'content-type': 'application/json' };
  const message = { method: 'POST', protocol: 'http:', hostname: host, path: pathname, headers };
  const { headers: signed } = await signer.sign({ ...message, body });
  return fetch(url, { method: 'POST', headers: signed, body });
}

test("Claude in Messages by anthropic's own client, signed and with a key", async t => {
  const { urls } = await start(t);
  const keys = { awsAccessKey: 'SIMULATED', awsSecretAccessKey: 'simulated-aws-secret' };
  for (const credential of [keys, { apiKey: key }]) {
    const client = new AnthropicBedrockMantle({
      awsRegion: 'us-east-1',
      baseURL: `${urls.bedrockMantle}/anthropic`,
      maxRetries: 0,
      ...credential,
    });
    const ask = { model: 'anthropic.claude-haiku-4-5', max_tokens: 64, messages };
    const whole = await client.messages.create(ask);
    const streamed = await client.messages.stream(ask).finalMessage();
    assert.deepEqual([whole.usage.output_tokens, streamed.usage.output_tokens], [12, 12]);
    const wrong = { ...ask, model: 'openai.gpt-oss-120b' };
    await assert.rejects(client.messages.create(wrong), /isn't supported on this route/);
  }
});
