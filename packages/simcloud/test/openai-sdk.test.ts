// Proves that the official OpenAI client takes simulated OpenAI for the real one: whole answers and
// streamed ones, parallel tool calls, structured output, usage, and errors as its own classes.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import type { SimcloudOptions } from '../src/options.ts';
import { start } from './support/start.ts';

async function client(t: TestContext, options: SimcloudOptions = {}, apiKey?: string) {
  const simcloud = await start(t, options);
  const key = apiKey ?? 'simulated-openai-key';
  const baseURL = `${simcloud.urls.openai}/v1`;
  return { simcloud, openai: new OpenAI({ apiKey: key, baseURL, maxRetries: 0 }) };
}

const ask = (content: string) => [{ role: 'user' as const, content }];

function isFunctionCall(
  call: OpenAI.ChatCompletionMessageToolCall,
): call is OpenAI.ChatCompletionMessageFunctionToolCall {
  return call.type === 'function';
}

const freight = {
  type: 'function' as const,
  function: {
    name: 'quote_freight',
    parameters: {
      type: 'object',
      properties: { from: { type: 'string' }, tons: { type: 'integer', minimum: 1, maximum: 9 } },
      required: ['from', 'tons'],
    },
  },
};
const tide = {
  type: 'function' as const,
  function: { name: 'tide', parameters: { type: 'object', properties: {} } },
};

test('a whole answer has the text, the usage and the headers of the real one', async t => {
  const { openai } = await client(t);
  const { data, response } = await openai.chat.completions
    .create({ model: 'gpt-4o', messages: ask('[[simulate input=1500 output=12]]') })
    .withResponse();
  assert.equal(data.choices[0]!.message.content!.split(' ').length, 12);
  assert.equal(data.choices[0]!.finish_reason, 'stop');
  assert.equal(data.model, 'gpt-4o');
  assert.match(data.id, /^chatcmpl-/);
  assert.equal(data.usage!.prompt_tokens, 1500);
  assert.equal(data.usage!.completion_tokens, 12);
  assert.equal(data.usage!.total_tokens, 1512);
  assert.equal(data.service_tier, 'default');
  assert.equal(data.system_fingerprint, 'fp_simulated');
  assert.match(response.headers.get('x-request-id')!, /^req_/);
  assert.equal(response.headers.get('x-ratelimit-limit-requests'), '600000');
  assert.match(response.headers.get('x-ratelimit-reset-tokens')!, /^\d+(\.\d+)?(ms|s)$/);
  assert.match(response.headers.get('openai-processing-ms')!, /^\d+$/);
});

test('a streamed answer is the whole one in pieces, with usage when it is asked for', async t => {
  const { openai } = await client(t);
  const messages = ask('[[simulate input=40 output=30]]');
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    finish ??= chunk.choices[0]?.finish_reason ?? null;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text.split(' ').length, 30);
  assert.equal(finish, 'stop');
  assert.equal(usage?.prompt_tokens, 40);
  assert.equal(usage?.completion_tokens, 30);
});

test('parallel tool calls have valid arguments, and results are answered in text', async t => {
  const { openai } = await client(t);
  const messages: OpenAI.ChatCompletionMessageParam[] = ask('[[simulate tools=3]]');
  for (const stream of [false, true]) {
    const tools = [freight, tide];
    const runner = stream
      ? openai.chat.completions.stream({ model: 'gpt-4o', messages, tools })
      : null;
    const completion = runner
      ? await runner.finalChatCompletion()
      : await openai.chat.completions.create({ model: 'gpt-4o', messages, tools });
    const { message, finish_reason } = completion.choices[0]!;
    assert.equal(finish_reason, 'tool_calls');
    const made: OpenAI.ChatCompletionMessageToolCall[] = message.tool_calls!;
    const calls = made.filter(isFunctionCall);
    assert.deepEqual(
      calls.map(call => call.function.name),
      ['quote_freight', 'tide', 'quote_freight'],
    );
    assert.equal(new Set(calls.map(call => call.id)).size, 3);
    const { from, tons } = JSON.parse(calls[0]!.function.arguments);
    assert.equal(typeof from, 'string');
    assert.ok(Number.isInteger(tons) && tons >= 1 && tons <= 9);
    const results = calls.map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: '1',
    }));
    const after = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [...messages, message, ...results],
      tools,
    });
    assert.equal(after.choices[0]!.finish_reason, 'stop');
    assert.ok(after.choices[0]!.message.content);
  }
});

test('a forced tool is called, one at most when parallel calls are off', async t => {
  const { openai } = await client(t);
  const completion = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('[[simulate tools=4]]'),
    tools: [freight, tide],
    tool_choice: { type: 'function', function: { name: 'tide' } },
    parallel_tool_calls: false,
  });
  const calls = completion.choices[0]!.message.tool_calls!;
  assert.equal(calls.length, 1);
  assert.equal(calls.filter(isFunctionCall)[0]!.function.name, 'tide');
});

test('a schema is kept to, and the limit on output is too', async t => {
  const { openai } = await client(t);
  const schema = {
    type: 'object',
    properties: { port: { enum: ['Oslo', 'Riga'] }, days: { type: 'integer' } },
    required: ['port', 'days'],
  };
  const json = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('Which port?'),
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
  });
  const { port, days } = JSON.parse(json.choices[0]!.message.content!);
  assert.ok(['Oslo', 'Riga'].includes(port));
  assert.ok(Number.isInteger(days));

  const cut = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('[[simulate output=500]]'),
    max_completion_tokens: 9,
  });
  assert.equal(cut.choices[0]!.finish_reason, 'length');
  assert.equal(cut.usage!.completion_tokens, 9);
});

test('a reasoning model counts hidden tokens, and refuses what the real one refuses', async t => {
  const { openai } = await client(t);
  const thought = await openai.chat.completions.create({
    model: 'gpt-5.4',
    messages: ask('[[simulate output=10 thinking=50]]'),
    reasoning_effort: 'high',
  });
  assert.equal(thought.usage!.completion_tokens_details!.reasoning_tokens, 50);
  assert.equal(thought.usage!.completion_tokens, 60);
  await assert.rejects(
    openai.chat.completions.create({ model: 'gpt-5.4', messages: ask('x'), max_tokens: 5 }),
    (error: InstanceType<typeof OpenAI.APIError>) =>
      error instanceof OpenAI.BadRequestError &&
      error.code === 'unsupported_parameter' &&
      error.param === 'max_tokens',
  );
});

test('the prefix of a prompt that came before is read from the cache', async t => {
  const { openai } = await client(t);
  const system = { role: 'system' as const, content: 'The rules of the port. '.repeat(300) };
  const create = (content: string) =>
    openai.chat.completions.create({ model: 'gpt-4o', messages: [system, ...ask(content)] });
  const first = await create('One?');
  const second = await create('Two?');
  assert.equal(first.usage!.prompt_tokens_details!.cached_tokens, 0);
  const cached = second.usage!.prompt_tokens_details!.cached_tokens!;
  assert.ok(cached >= 1024 && cached % 128 === 0 && cached < second.usage!.prompt_tokens);
});

test('two candidates come when two are wanted', async t => {
  const { openai } = await client(t);
  const both = await openai.chat.completions.create({
    model: 'gpt-4o',
    n: 2,
    messages: ask('[[simulate output=5]]'),
  });
  assert.deepEqual(
    both.choices.map(choice => choice.index),
    [0, 1],
  );
  assert.equal(both.usage!.completion_tokens, 10);
});

test('errors are the classes of the client, with their codes and headers', async t => {
  const { simcloud, openai } = await client(t);
  const create = (model = 'gpt-4o', content = 'x') =>
    openai.chat.completions.create({ model, messages: ask(content) });
  await assert.rejects(create('gemini'), (error: InstanceType<typeof OpenAI.APIError>) => {
    return error instanceof OpenAI.NotFoundError && error.code === 'model_not_found';
  });
  await assert.rejects(create('gpt-4o', '[[simulate input=200000]]'), {
    status: 400,
    code: 'context_length_exceeded',
  });
  await simcloud.setFaults('openai', [{ kind: 'rate-limit', retryAfterMs: 1500 }]);
  await assert.rejects(create(), (error: InstanceType<typeof OpenAI.APIError>) => {
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.code, 'rate_limit_exceeded');
    assert.equal(error.headers!.get('retry-after'), '2');
    assert.equal(error.headers!.get('retry-after-ms'), '1500');
    return true;
  });
  await simcloud.setFaults('openai', [{ kind: 'server-error' }]);
  await assert.rejects(create(), OpenAI.InternalServerError);
  await simcloud.setFaults('openai', [{ kind: 'overloaded' }]);
  await assert.rejects(create(), { status: 503 });
});

test('a wrong key and no key are refused', async t => {
  const { openai } = await client(t, {}, 'sk-wrong-key-of-nobody');
  await assert.rejects(
    openai.chat.completions.create({ model: 'gpt-4o', messages: ask('x') }),
    (error: InstanceType<typeof OpenAI.APIError>) =>
      error instanceof OpenAI.AuthenticationError && error.code === 'invalid_api_key',
  );
});

test('an error in the middle of a stream is thrown to the reader after what came', async t => {
  const { simcloud, openai } = await client(t);
  await simcloud.setFaults('openai', [{ kind: 'in-stream-error', afterEvents: 2 }]);
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('[[simulate output=80]]'),
    stream: true,
  });
  let pieces = 0;
  await assert.rejects(async () => {
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) pieces++;
  }, OpenAI.APIError);
  assert.equal(pieces, 2);
});
