// Proves that code written for InvokeModel works against the gateway whatever cloud answers:
// anthropic's client for Bedrock and AWS's own, with bodies of Claude and of Nova, whole and in
// frames, tools and their answers, thinking, errors. How: the SDKs call a gateway on loopback,
// behind which the simulated clouds speak their wire formats.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import type Anthropic from '@anthropic-ai/sdk';
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { key, type Rig } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

const tools: Anthropic.Tool[] = [
  {
    name: 'find_ship',
    description: 'About ships.',
    input_schema: {
      type: 'object',
      properties: { port: { type: 'string' } },
      required: ['port'],
    },
  },
];
const ask = (content: string): Anthropic.MessageParam[] => [{ role: 'user', content }];
const text = ask('Which port? [[simulate input=40 output=24]]');
const common = { model: 'any', max_tokens: 2048 };

function anthropicAt(rig: Rig): AnthropicBedrock {
  return new AnthropicBedrock({
    apiKey: key,
    awsRegion: 'us-east-1',
    baseURL: rig.url,
    maxRetries: 0,
  });
}

function awsAt(t: TestContext, rig: Rig, token = key): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: rig.url,
    token: { token },
    authSchemePreference: ['httpBearerAuth'],

    maxAttempts: 1,
  });
  t.after(() => client.destroy());
  return client;
}

interface NovaEvent {
  readonly contentBlockDelta?: { readonly delta: { text?: string; toolUse?: { input: string } } };
  readonly messageStop?: { readonly stopReason: string };
  readonly metadata?: { readonly usage: Readonly<Record<string, number>> };
}

async function novaEvents(client: BedrockRuntimeClient, body: object): Promise<NovaEvent[]> {
  const { body: stream } = await client.send(
    new InvokeModelWithResponseStreamCommand({ modelId: 'any', body: JSON.stringify(body) }),
  );
  return Array.fromAsync(stream!, event => jsonOf(event.chunk!.bytes!) as NovaEvent);
}

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

for (const place of places) {
  describe(`invoke from ${place.name}`, () => {
    test('bodies of Claude: text, whole and streamed, with the same stop and usage', async t => {
      const rig = await gatewayTo(t, place);
      const client = anthropicAt(rig);
      const whole = await client.messages.create({ ...common, messages: text });
      const streamed = await client.messages.stream({ ...common, messages: text }).finalMessage();
      for (const message of [whole, streamed]) {
        assert.equal(message.stop_reason, 'end_turn');
        assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], [40, 24]);
      }
      for (const record of await rig.records()) {
        assert.deepEqual([record.outcome, record.chargeNanoUsd], ['ok', 88_000]);
      }
    });

    test('bodies of Claude: a call of a tool, whole and streamed, and the turn after', async t => {
      const client = anthropicAt(await gatewayTo(t, place));
      const messages = ask('Ask. [[simulate output=9 tools=1]]');
      const question = { ...common, messages, tools };
      const whole = await client.messages.create(question);
      const streamed = await client.messages.stream(question).finalMessage();
      for (const message of [whole, streamed]) {
        const call = message.content.find(block => block.type === 'tool_use')!;
        assert.equal(typeof (call.input as { port: unknown }).port, 'string');
        const result = { type: 'tool_result', tool_use_id: call.id, content: '12' } as const;
        const after = await client.messages.create({
          ...question,
          messages: [
            ...messages,
            { role: 'assistant', content: message.content },
            { role: 'user', content: [result, { type: 'text', text: '[[simulate output=5]]' }] },
          ],
        });
        assert.equal(after.stop_reason, 'end_turn');
      }
    });

    test('bodies of Nova: text and a call of a tool, whole and streamed', async t => {
      const client = awsAt(t, await gatewayTo(t, place));
      const toolSpec = { name: 'find_ship', inputSchema: { json: tools[0]!.input_schema } };
      const question = {
        schemaVersion: 'messages-v1',
        system: [{ text: 'You are a harbour master.' }],
        messages: [{ role: 'user', content: [{ text: '[[simulate input=40 output=9 tools=1]]' }] }],
        inferenceConfig: { max_new_tokens: 512 },
        toolConfig: { tools: [{ toolSpec }] },
      };
      const command = new InvokeModelCommand({ modelId: 'any', body: JSON.stringify(question) });
      const { body } = await client.send(command);
      const whole = jsonOf(body) as {
        output: { message: { content: readonly { toolUse?: { input: object } }[] } };
        stopReason: string;
        usage: Readonly<Record<string, number>>;
      };
      assert.equal(whole.stopReason, 'tool_use');
      assert.ok(whole.output.message.content.some(block => block.toolUse !== undefined));
      assert.equal(whole.usage.inputTokens, 40);
      const events = await novaEvents(client, question);
      const input = events.map(e => e.contentBlockDelta?.delta.toolUse?.input ?? '').join('');
      assert.equal(typeof JSON.parse(input).port, 'string');
      const stop = events.find(event => event.messageStop !== undefined);
      assert.equal(stop!.messageStop!.stopReason, 'tool_use');
      assert.equal(events.at(-1)!.metadata!.usage.inputTokens, 40);
    });
  });
}

/** Where thinking is asked for by a budget, which is Claude's alone. */
const thinkers = places.filter(({ name }) =>
  ['anthropic-api', 'bedrock', 'bedrock by InvokeModel', 'bedrock-mantle in Messages'].includes(
    name,
  ),
);

for (const place of thinkers) {
  test(`G26: thinking from ${place.name} is signed in frames, and taken again`, async t => {
    const client = anthropicAt(await gatewayTo(t, place));
    const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
    const messages = ask('Think. [[simulate output=6 thinking=20 tools=1]]');
    const question = { ...common, max_tokens: 4096, thinking, messages, tools };
    const message = await client.messages.stream(question).finalMessage();
    const [first] = message.content;
    assert.ok(first?.type === 'thinking');
    assert.ok(first.signature.length > 0);
    const call = message.content.find(block => block.type === 'tool_use')!;
    const result = { type: 'tool_result', tool_use_id: call.id, content: '12' } as const;
    const after = await client.messages.create({
      ...question,
      messages: [
        ...messages,
        { role: 'assistant', content: message.content },
        { role: 'user', content: [result, { type: 'text', text: '[[simulate output=5]]' }] },
      ],
    });
    assert.equal(after.stop_reason, 'end_turn');
  });
}

const anywhere: Omit<Place, 'name'> = { service: 'openai-api' };

test('errors are those of Bedrock, with its id of the request', async t => {
  const rig = await gatewayTo(t, anywhere);
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    ...common,
    messages: text,
  });
  const send = (client: BedrockRuntimeClient, modelId: string, text = body) =>
    client.send(new InvokeModelCommand({ modelId, body: text }));
  const client = awsAt(t, rig);
  const { $metadata } = await send(client, 'any');
  assert.match($metadata.requestId!, /^req_/);
  await assert.rejects(send(awsAt(t, rig, 'wrong'), 'any'), error => {
    // AWS has two names for it; the SDK knows the class of one.
    return error instanceof AccessDeniedException || /Unrecognized/.test((error as Error).name);
  });
  const arn = 'arn:aws:bedrock:us-east-1:1:inference-profile/no.such';
  await assert.rejects(send(client, arn), error => {
    return error instanceof ResourceNotFoundException && /no\.such/.test(error.message);
  });
  for (const [wrong, says] of [
    [{ prompt: 'Hello', max_gen_len: 5 }, /converse/],
    [{ inputText: 'Hello', textGenerationConfig: {} }, /converse/],
    [{ messages: text }, /anthropic_version/],
    [{ schemaVersion: 'messages-v2', messages: [] }, /messages-v1/],
    [{ inferenceConfig: {}, messages: [], guardrail: 1 }, /guardrail/],
    [{ inferenceConfig: { seed: 1 }, messages: [] }, /inferenceConfig\.seed/],
    [{ anthropic_version: 'x', anthropic_beta: 'one', max_tokens: 1 }, /anthropic_beta/],
  ] as const) {
    await assert.rejects(send(client, 'any', JSON.stringify(wrong)), error => {
      return error instanceof ValidationException && says.test(error.message);
    });
  }
});

test('an answer of Converse carries the id under the name that AWS gives it', async t => {
  const rig = await gatewayTo(t, anywhere);
  const content = [{ text: 'Hello. [[simulate output=5]]' }];
  const response = await rig.post('/model/any/converse', { messages: [{ role: 'user', content }] });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-amzn-requestid'), response.headers.get('x-request-id'));
});
