// Proves that the official Anthropic client takes simulated Anthropic for the real one: whole and
// streamed answers, parallel tools, signed thinking, prompt caching, and errors as its own classes.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { emptySchema, freightSchema, longRules } from './support/claude.ts';
import { start } from './support/start.ts';

async function client(t: TestContext, apiKey = 'simulated-anthropic-key') {
  const simcloud = await start(t);
  const baseURL = simcloud.urls.anthropic;
  return { simcloud, anthropic: new Anthropic({ apiKey, baseURL, maxRetries: 0 }) };
}

const model = 'claude-haiku-4-5';
const ask = (content: string) => ({
  model,
  max_tokens: 4000,
  messages: [{ role: 'user' as const, content }],
});
const tools = [
  { name: 'quote_freight', input_schema: freightSchema },
  { name: 'tide', input_schema: emptySchema },
];
type ApiError = InstanceType<typeof Anthropic.APIError>;

test('a whole answer has the text, the usage and the headers of the real one', async t => {
  const { anthropic } = await client(t);
  const { data, response } = await anthropic.messages
    .create(ask('[[simulate input=900 output=14]]'))
    .withResponse();
  const [block] = data.content;
  assert.ok(block?.type === 'text');
  assert.equal(block.text.split(' ').length, 14);
  assert.equal(data.stop_reason, 'end_turn');
  assert.match(data.id, /^msg_/);
  assert.equal(data.model, model);
  assert.equal(data.usage.input_tokens, 900);
  assert.equal(data.usage.output_tokens, 14);
  assert.match(response.headers.get('request-id')!, /^req_/);
  assert.equal(response.headers.get('anthropic-ratelimit-requests-limit'), '600000');
  const reset = response.headers.get('anthropic-ratelimit-tokens-reset')!;
  assert.match(reset, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('a streamed answer is the whole one in pieces, with a ping among its events', async t => {
  const { anthropic, simcloud } = await client(t);
  const stream = anthropic.messages.stream(ask('[[simulate input=40 output=30]]'));
  let text = '';
  stream.on('text', piece => {
    text += piece;
  });
  const message = await stream.finalMessage();
  assert.equal(text.split(' ').length, 30);
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.input_tokens, 40);
  assert.equal(message.usage.output_tokens, 30);
  const raw = await fetch(`${simcloud.urls.anthropic}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'simulated-anthropic-key', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ ...ask('[[simulate output=4]]'), stream: true }),
  });
  const events = [...(await raw.text()).matchAll(/^event: (\w+)$/gm)].map(match => match[1]);
  assert.deepEqual(events, [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'ping',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
});

test('parallel tool calls have valid arguments, and results are answered in text', async t => {
  const { anthropic } = await client(t);
  const asked = ask('[[simulate tools=3]]');
  for (const stream of [false, true]) {
    const request = { ...asked, tools };
    const message = stream
      ? await anthropic.messages.stream(request).finalMessage()
      : await anthropic.messages.create(request);
    assert.equal(message.stop_reason, 'tool_use');
    const calls = message.content.filter(block => block.type === 'tool_use');
    assert.deepEqual(
      calls.map(call => call.name),
      ['quote_freight', 'tide', 'quote_freight'],
    );
    const { from, tons } = calls[0]!.input as { from: unknown; tons: number };
    assert.equal(typeof from, 'string');
    assert.ok(Number.isInteger(tons) && tons >= 1 && tons <= 9);
    const results = calls.map(({ id }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: '1',
    }));
    const conversation = [
      ...asked.messages,
      { role: 'assistant' as const, content: message.content },
    ];
    const answered = {
      ...request,
      messages: [...conversation, { role: 'user' as const, content: results }],
    };
    assert.equal((await anthropic.messages.create(answered)).stop_reason, 'end_turn');
    const missing = {
      ...request,
      messages: [...conversation, { role: 'user' as const, content: 'x' }],
    };
    await assert.rejects(anthropic.messages.create(missing), /without `tool_result` blocks/);
  }
});

test('thinking is signed, comes back unchanged or not at all, and stands before its tools', async t => {
  const { anthropic } = await client(t);
  const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
  const asked = { ...ask('[[simulate tools=1 thinking=40]]'), thinking, tools };
  const message = await anthropic.messages.stream(asked).finalMessage();
  const [first] = message.content;
  assert.ok(first?.type === 'thinking');
  assert.equal(first.thinking.split(' ').length, 40);
  assert.ok(message.usage.output_tokens > 40);
  const answer = (content: Anthropic.ContentBlockParam[]) => {
    const call = message.content.find(block => block.type === 'tool_use')!;
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: '1' };
    return anthropic.messages.create({
      ...asked,
      messages: [
        ...asked.messages,
        { role: 'assistant', content },
        { role: 'user', content: [result] },
      ],
    });
  };
  assert.equal((await answer(message.content)).stop_reason, 'end_turn');
  const rest = message.content.slice(1);
  await assert.rejects(answer([{ ...first, thinking: 'other thoughts' }, ...rest]), /signature/);
  await assert.rejects(answer([{ ...first, signature: 'AAAA' }, ...rest]), /Invalid `signature`/);
  await assert.rejects(answer(rest), /must start with a thinking block/);
});

test('what is marked for the cache is written once and then read', async t => {
  const { anthropic } = await client(t);
  const create = (content: string) =>
    anthropic.messages.create({
      ...ask(content),
      system: [{ type: 'text', text: longRules, cache_control: { type: 'ephemeral' } }],
    });
  const first = (await create('One?')).usage;
  const second = (await create('Two?')).usage;
  assert.ok(first.cache_creation_input_tokens! >= 1024);
  assert.equal(first.cache_read_input_tokens, 0);
  assert.equal(second.cache_creation_input_tokens, 0);
  assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
  assert.equal(second.input_tokens, first.input_tokens);
});

test('errors are the classes of the client, with their types and headers', async t => {
  const { simcloud, anthropic } = await client(t);
  const create = (changes = {}) => anthropic.messages.create({ ...ask('x'), ...changes });
  const type = (error: ApiError) => (error.error as { error: { type: string } }).error.type;
  await assert.rejects(create({ model: 'gpt-4o' }), (error: ApiError) => {
    return error instanceof Anthropic.NotFoundError && type(error) === 'not_found_error';
  });
  await assert.rejects(create({ max_tokens: 900_000, stream: true }), Anthropic.BadRequestError);
  await assert.rejects(create(ask('[[simulate input=2000000]]')), /prompt is too long/);
  await simcloud.setFaults('anthropic', [{ kind: 'rate-limit', retryAfterMs: 3000 }]);
  await assert.rejects(create(), (error: ApiError) => {
    assert.ok(error instanceof Anthropic.RateLimitError);
    assert.equal(error.headers!.get('retry-after'), '3');
    return type(error) === 'rate_limit_error';
  });
  await simcloud.setFaults('anthropic', [{ kind: 'overloaded' }]);
  await assert.rejects(create(), (error: ApiError) => {
    return error.status === 529 && type(error) === 'overloaded_error';
  });
  await simcloud.setFaults('anthropic', [{ kind: 'server-error' }]);
  await assert.rejects(create(), Anthropic.InternalServerError);
  await simcloud.setFaults('anthropic', [{ kind: 'in-stream-error', afterEvents: 1 }]);
  await assert.rejects(anthropic.messages.stream(ask('x')).finalMessage(), /[Oo]verloaded/);
  await simcloud.setFaults('anthropic', [{ kind: 'cut', afterEvents: 1 }]);
  await assert.rejects(anthropic.messages.stream(ask('x')).finalMessage());
});

test('a wrong key, and a call without its version, are refused', async t => {
  const { anthropic } = await client(t, 'sk-ant-wrong');
  await assert.rejects(anthropic.messages.create(ask('x')), Anthropic.AuthenticationError);
  const { simcloud } = await client(t);
  const response = await fetch(`${simcloud.urls.anthropic}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'simulated-anthropic-key' },
    body: JSON.stringify(ask('x')),
  });
  assert.equal(response.status, 400);
  const body = (await response.json()) as Record<string, unknown>;
  assert.deepEqual(body.error, {
    type: 'invalid_request_error',
    message: 'anthropic-version: header is required',
  });
  assert.equal(body.request_id, response.headers.get('request-id'));
});
