// Proves that the official Bedrock client takes simulated Bedrock for the real one, over HTTP/2 and
// HTTP/1.1, with signatures and with an API key: Converse, ConverseStream, tools and exceptions.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InternalServerException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Simcloud } from '../src/simcloud.ts';
import { emptySchema, freightSchema, longRules } from './support/claude.ts';
import { start } from './support/start.ts';

const credentials = { accessKeyId: 'SIMULATED', secretAccessKey: 'simulated-aws-secret' };
const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

function connect(
  t: TestContext,
  simcloud: Simcloud,
  config: BedrockRuntimeClientConfig = { credentials },
): BedrockRuntimeClient {
  const endpoint = simcloud.urls.bedrock;
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    maxAttempts: 1,
    ...config,
  });
  t.after(() => client.destroy());
  return client;
}

const ask = (text: string): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text }] }],
});

test('every kind of credential and connection is answered', async t => {
  const simcloud = await start(t);
  const signed = { credentials };
  const token = { token: { token: 'simulated-bedrock-key' } };
  const configs: BedrockRuntimeClientConfig[] = [
    signed,
    { ...signed, requestHandler: new NodeHttpHandler() },
    { ...token, authSchemePreference: ['httpBearerAuth'] },
  ];
  for (const config of configs) {
    const client = connect(t, simcloud, config);
    const input = ask('[[simulate input=70 output=12]]');
    const { output, stopReason, usage, metrics, $metadata } = await client.send(
      new ConverseCommand(input),
    );
    assert.equal(output!.message!.role, 'assistant');
    assert.equal(output!.message!.content![0]!.text!.split(' ').length, 12);
    assert.equal(stopReason, 'end_turn');
    assert.deepEqual([usage!.inputTokens, usage!.outputTokens, usage!.totalTokens], [70, 12, 82]);
    assert.equal(typeof metrics!.latencyMs, 'number');
    assert.match($metadata.requestId!, /^[0-9a-f-]{36}$/);
    const { text, stop, tokens } = await readStream(client, input);
    assert.equal(text.split(' ').length, 12);
    assert.deepEqual([stop, tokens], ['end_turn', 12]);
  }
});

async function readStream(client: BedrockRuntimeClient, input: ConverseCommandInput) {
  const { stream } = await client.send(new ConverseStreamCommand(input));
  let text = '';
  let stop: string | undefined;
  let tokens: number | undefined;
  const calls: { name: string; json: string }[] = [];
  for await (const event of stream!) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    const tool = event.contentBlockStart?.start?.toolUse;
    if (tool !== undefined) calls.push({ name: tool.name!, json: '' });
    const json = event.contentBlockDelta?.delta?.toolUse?.input;
    if (json !== undefined) calls.at(-1)!.json += json;
    stop ??= event.messageStop?.stopReason;
    tokens ??= event.metadata?.usage?.outputTokens;
  }
  return { text, stop, tokens, calls };
}

test('a model id that holds a colon or a slash reaches the right model, signed', async t => {
  const simcloud = await start(t);
  const client = connect(t, simcloud);
  const arn =
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5';
  const { stopReason } = await client.send(new ConverseCommand({ ...ask('x'), modelId: arn }));
  assert.equal(stopReason, 'end_turn');
});

test('parallel tool calls have valid arguments, and results are answered in text', async t => {
  const client = connect(t, await start(t));
  const toolConfig: ConverseCommandInput['toolConfig'] = {
    tools: [
      { toolSpec: { name: 'quote_freight', inputSchema: { json: freightSchema } } },
      { toolSpec: { name: 'tide', inputSchema: { json: emptySchema } } },
    ],
  };
  const input = { ...ask('[[simulate tools=2]]'), toolConfig };
  const { output, stopReason } = await client.send(new ConverseCommand(input));
  assert.equal(stopReason, 'tool_use');
  const calls = output!.message!.content!.flatMap(block => block.toolUse ?? []);
  assert.deepEqual(
    calls.map(call => call.name),
    ['quote_freight', 'tide'],
  );
  assert.ok(Number.isInteger((calls[0]!.input as { tons: number }).tons));
  const results: ContentBlock[] = calls.map(({ toolUseId }) => ({
    toolResult: { toolUseId, content: [{ text: '1' }] },
  }));
  const messages = [
    ...input.messages!,
    output!.message!,
    { role: 'user' as const, content: results },
  ];
  const after = await client.send(new ConverseCommand({ ...input, messages }));
  assert.equal(after.stopReason, 'end_turn');
  const streamed = await readStream(client, input);
  assert.equal(streamed.stop, 'tool_use');
  assert.deepEqual(
    streamed.calls.map(call => call.name),
    ['quote_freight', 'tide'],
  );
  assert.ok(Number.isInteger(JSON.parse(streamed.calls[0]!.json).tons));
});

test('thinking is signed, and what is marked for the cache is written once and then read', async t => {
  const client = connect(t, await start(t));
  const input: ConverseCommandInput = {
    ...ask('[[simulate thinking=30]]'),
    system: [{ text: longRules }, { cachePoint: { type: 'default' } }],
    inferenceConfig: { maxTokens: 4000 },
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
  };
  const first = await client.send(new ConverseCommand(input));
  const [block] = first.output!.message!.content!;
  const { text, signature } = block!.reasoningContent!.reasoningText!;
  assert.equal(text!.split(' ').length, 30);
  assert.ok(signature);
  const second = await client.send(new ConverseCommand(input));
  assert.ok(first.usage!.cacheWriteInputTokens! >= 1024);
  assert.equal(second.usage!.cacheReadInputTokens, first.usage!.cacheWriteInputTokens);
});

test('exceptions are the classes of the client', async t => {
  const simcloud = await start(t);
  const client = connect(t, simcloud);
  const send = (changes: Partial<ConverseCommandInput> = {}) =>
    client.send(new ConverseCommand({ ...ask('x'), ...changes }));
  await assert.rejects(send({ modelId: 'nothing.of-the-kind' }), ValidationException);
  await assert.rejects(send(ask('[[simulate input=2000000]]')), /Input is too long/);
  const twice = [...ask('x').messages!, ...ask('y').messages!];
  await assert.rejects(send({ messages: twice }), /must alternate/);
  const under = async (kind: 'rate-limit' | 'overloaded' | 'server-error') => {
    await simcloud.setFaults('bedrock', [{ kind }]);
    return send();
  };
  await assert.rejects(under('rate-limit'), ThrottlingException);
  await assert.rejects(under('overloaded'), ServiceUnavailableException);
  await assert.rejects(under('server-error'), InternalServerException);
  await simcloud.setFaults('bedrock', [{ kind: 'in-stream-error', afterEvents: 1 }]);
  await assert.rejects(readStream(client, ask('x')), InternalServerException);
  await simcloud.setFaults('bedrock', [{ kind: 'garbage', frames: true }]);
  await assert.rejects(readStream(client, ask('x')), /checksum/);
  await simcloud.setFaults('bedrock', [{ kind: 'cut', afterEvents: 1 }]);
  const broken = connect(t, simcloud, { credentials, requestHandler: new NodeHttpHandler() });
  await assert.rejects(readStream(broken, ask('[[simulate output=200]]')));
});

test('a throttled call is told when to come back only when the fault says so', async t => {
  const simcloud = await start(t);
  const status = async () => {
    const response = await fetch(`${simcloud.urls.bedrock}/model/${modelId}/converse`, {
      method: 'POST',
      headers: { authorization: 'Bearer simulated-bedrock-key' },
      body: JSON.stringify({ messages: ask('x').messages }),
    });
    const { status, headers } = response;
    await response.body?.cancel();
    return [status, headers.get('retry-after'), headers.get('x-amzn-errortype')?.split(':')[0]];
  };
  await simcloud.setFaults('bedrock', [{ kind: 'rate-limit' }]);
  assert.deepEqual(await status(), [429, null, 'ThrottlingException']);
  await simcloud.setFaults('bedrock', [{ kind: 'rate-limit', retryAfterMs: 900 }]);
  assert.deepEqual(await status(), [429, '1', 'ThrottlingException']);
});

test('a wrong secret, an unknown key, a wrong API key and a wrong clock are refused', async t => {
  const simcloud = await start(t);
  const refused = async (config: BedrockRuntimeClientConfig): Promise<string> => {
    const client = connect(t, simcloud, config);
    const error = await client.send(new ConverseCommand(ask('x'))).then(
      () => assert.fail('it was answered'),
      (error: Error) => error,
    );
    return error.name;
  };
  const wrongSecret = { ...credentials, secretAccessKey: 'wrong' };
  assert.equal(await refused({ credentials: wrongSecret }), 'InvalidSignatureException');
  const unknown = { ...credentials, accessKeyId: 'NOBODY' };
  assert.equal(await refused({ credentials: unknown }), 'UnrecognizedClientException');
  const token = { token: { token: 'wrong' }, authSchemePreference: ['httpBearerAuth'] };
  assert.equal(await refused(token), AccessDeniedException.name);
  const late = await start(t, {}, () => Date.now() + 6 * 60 * 1000);
  const client = connect(t, late);
  await assert.rejects(client.send(new ConverseCommand(ask('x'))), /Signature expired/);
});
