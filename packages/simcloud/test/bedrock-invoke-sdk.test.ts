// Proves that anthropic's client for Bedrock and AWS's own take simulated InvokeModel for the real
// one, with signatures and with an API key: text, streams in frames, tools, thinking, refusals.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import {
  BedrockRuntimeClient,
  InternalServerException,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Simcloud } from '../src/simcloud.ts';
import { start } from './support/start.ts';

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-x';
const keys = { awsAccessKey: 'SIMULATED', awsSecretKey: 'simulated-aws-secret' };
const ask = (content: string): MessageParam[] => [{ role: 'user', content }];

function anthropicAt(simcloud: Simcloud, credential: object = keys): AnthropicBedrock {
  const place = { awsRegion: 'us-east-1', baseURL: simcloud.urls.bedrock, maxRetries: 0 };
  return new AnthropicBedrock({ ...place, ...credential });
}

function awsAt(t: TestContext, simcloud: Simcloud): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: simcloud.urls.bedrock,
    maxAttempts: 1,
    credentials: { accessKeyId: 'SIMULATED', secretAccessKey: 'simulated-aws-secret' },
    requestHandler: new NodeHttpHandler(),
  });
  t.after(() => client.destroy());
  return client;
}

test('text and streams, signed, with an API key, by name and by ARN', async t => {
  const simcloud = await start(t);
  for (const credential of [keys, { apiKey: 'simulated-bedrock-key' }]) {
    const client = anthropicAt(simcloud, credential);
    for (const name of [model, arn]) {
      const body = {
        model: name,
        max_tokens: 64,
        messages: ask('[[simulate input=70 output=12]]'),
      };
      const whole = await client.messages.create(body);
      const streamed = await client.messages.stream(body).finalMessage();
      for (const message of [whole, streamed]) {
        assert.match(message.id, /^msg_bdrk_/);
        assert.equal(message.stop_reason, 'end_turn');
        assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [70, 12]);
      }
    }
  }
});

test('tools and thinking, whose signature is taken again', async t => {
  const client = anthropicAt(await start(t));
  const tool = { name: 'quote', input_schema: { type: 'object' as const, properties: {} } };
  const question = {
    model,
    max_tokens: 4096,
    thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    tools: [tool],
    messages: ask('[[simulate output=6 thinking=20 tools=2]]'),
  };
  const message = await client.messages.stream(question).finalMessage();
  assert.equal(message.stop_reason, 'tool_use');
  const calls = message.content.filter(block => block.type === 'tool_use');
  assert.equal(calls.length, 2);
  const content = calls.map(call => ({
    type: 'tool_result' as const,
    tool_use_id: call.id,
    content: '12',
  }));
  const after = await client.messages.create({
    ...question,
    messages: [
      ...question.messages,
      { role: 'assistant', content: message.content },
      { role: 'user', content: [...content, { type: 'text', text: '[[simulate output=5]]' }] },
    ],
  });
  assert.equal(after.stop_reason, 'end_turn');
});

test('the client of AWS gets the last event with the metrics of Bedrock', async t => {
  const client = awsAt(t, await start(t));
  const messages = ask('[[simulate input=7 output=3]]');
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    anthropic_beta: ['context-1m-2025-08-07'],
    max_tokens: 64,
    messages,
  });
  const whole = await client.send(new InvokeModelCommand({ modelId: model, body }));
  assert.equal(JSON.parse(Buffer.from(whole.body).toString()).usage.output_tokens, 3);
  assert.match(whole.$metadata.requestId!, /^[0-9a-f-]{36}$/);
  const command = new InvokeModelWithResponseStreamCommand({ modelId: model, body });
  const stream = await client.send(command);
  const events = await Array.fromAsync(stream.body!, event =>
    JSON.parse(Buffer.from(event.chunk!.bytes!).toString()),
  );
  assert.equal(events[0].type, 'message_start');
  const metrics = events.at(-1)['amazon-bedrock-invocationMetrics'];
  assert.deepEqual([metrics.inputTokenCount, metrics.outputTokenCount], [7, 3]);
});

test('a body that was made for another address is refused, and a broken stream is an error', async t => {
  const simcloud = await start(t);
  const client = awsAt(t, simcloud);
  const good = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 64,
    messages: ask('[[simulate output=40]]'),
  };
  for (const [wrong, message] of [
    [{ ...good, model }, /model: Extra inputs/],
    [{ ...good, stream: true }, /stream: Extra inputs/],
    [{ ...good, anthropic_version: undefined }, /anthropic_version: Field required/],
    [{ ...good, anthropic_version: 'vertex-2023-10-16' }, /bedrock-2023-05-31/],
    [{ ...good, max_tokens: undefined }, /max_tokens/],
  ] as const) {
    const command = new InvokeModelCommand({ modelId: model, body: JSON.stringify(wrong) });
    await assert.rejects(client.send(command), error => {
      assert.ok(error instanceof ValidationException);
      assert.match(error.message, message);
      return true;
    });
  }
  await simcloud.setFaults('bedrock', [{ kind: 'in-stream-error', afterEvents: 1 }]);
  const command = new InvokeModelWithResponseStreamCommand({
    modelId: model,
    body: JSON.stringify(good),
  });
  const { body } = await client.send(command);
  await assert.rejects(Array.fromAsync(body!), InternalServerException);
});
