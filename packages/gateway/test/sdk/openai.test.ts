// Proves that openai's own SDK works against the gateway whatever cloud answers: text, streams,
// calls of tools side by side and their answers, structured output, usage, errors. How: the SDK
// calls a gateway on loopback, behind which the simulated clouds speak their real wire formats.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { key } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

type Message = OpenAI.Chat.ChatCompletionMessageParam;

const tools = ['find_ship', 'quote_freight'].map(
  (name): OpenAI.Chat.ChatCompletionTool => ({
    type: 'function',
    function: {
      name,
      description: 'About ships.',
      parameters: {
        type: 'object',
        properties: { port: { type: 'string' }, tons: { type: 'integer' } },
        required: ['port', 'tons'],
      },
    },
  }),
);
const ask = (content: string): Message[] => [{ role: 'user', content }];
const text = ask('Which port is cheapest? [[simulate input=40 output=24]]');
const twoCalls = ask('Ask for both. [[simulate output=9 tools=2]]');

async function client(t: TestContext, place: Omit<Place, 'name'>) {
  const rig = await gatewayTo(t, place);
  const openai = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
  return { rig, openai };
}

for (const place of places) {
  describe(`chat completions from ${place.name}`, () => {
    test('text, whole and streamed, with the same words, finish and usage', async t => {
      const { openai, rig } = await client(t, place);
      const whole = await openai.chat.completions.create({ model: 'any', messages: text });
      const choice = whole.choices[0]!;
      assert.equal(whole.object, 'chat.completion');
      assert.equal(choice.finish_reason, 'stop');
      assert.ok(choice.message.content!.length > 20);
      assert.equal(whole.usage!.completion_tokens, 24);
      assert.equal(whole.usage!.prompt_tokens, 40);
      const stream = openai.chat.completions.stream({
        model: 'any',
        messages: text,
        stream_options: { include_usage: true },
      });
      const gathered = await stream.finalChatCompletion();
      assert.equal(gathered.choices[0]!.finish_reason, 'stop');
      assert.ok(gathered.choices[0]!.message.content!.length > 20);
      assert.equal((await stream.totalUsage()).completion_tokens, 24);
      const records = await rig.records();
      assert.equal(records.length, 2);
      for (const record of records) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.inputTokens, 40);
        assert.equal(record.outputTokens, 24);
        assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
      }
    });

    test('usage that was not asked for is counted and not shown', async t => {
      const { openai, rig } = await client(t, place);
      const chunks = await Array.fromAsync(
        await openai.chat.completions.create({ model: 'any', messages: text, stream: true }),
      );
      assert.ok(chunks.length > 2);
      assert.ok(chunks.every(chunk => chunk.usage === undefined || chunk.usage === null));
      assert.equal((await rig.records())[0]!.outputTokens, 24);
    });

    test('two calls of tools side by side, whole and streamed, and the turn after', async t => {
      const { openai } = await client(t, place);
      const whole = await openai.chat.completions.create({
        model: 'any',
        messages: twoCalls,
        tools,
      });
      const streamed = await openai.chat.completions
        .stream({ model: 'any', messages: twoCalls, tools })
        .finalChatCompletion();
      for (const { choices } of [whole, streamed]) {
        const { finish_reason, message } = choices[0]!;
        assert.equal(finish_reason, 'tool_calls');
        const calls = message.tool_calls!;
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0]!.id, calls[1]!.id);
        for (const call of calls) {
          assert.ok(call.type === 'function');
          const { port, tons } = JSON.parse(call.function.arguments);
          assert.equal(typeof port, 'string');
          assert.ok(Number.isInteger(tons));
        }
        const results = calls.map(
          (call): Message => ({ role: 'tool', tool_call_id: call.id, content: 'Twelve ships.' }),
        );
        const after = await openai.chat.completions.create({
          model: 'any',
          messages: [...twoCalls, message, ...results, ...ask('And now? [[simulate output=5]]')],
          tools,
        });
        assert.equal(after.choices[0]!.finish_reason, 'stop');
        assert.ok(after.choices[0]!.message.content!.length > 0);
      }
    });

    test('a forced tool and an answer to a schema', async t => {
      const { openai } = await client(t, place);
      const forced = await openai.chat.completions.create({
        model: 'any',
        messages: ask('Quote. [[simulate output=5]]'),
        tools,
        tool_choice: { type: 'function', function: { name: 'quote_freight' } },
      });
      const [call] = forced.choices[0]!.message.tool_calls!;
      assert.ok(call!.type === 'function' && call!.function.name === 'quote_freight');
      const schema = {
        type: 'object',
        properties: { port: { type: 'string' }, ships: { type: 'integer' } },
        required: ['port', 'ships'],
        additionalProperties: false,
      };
      const structured = await openai.chat.completions.create({
        model: 'any',
        messages: ask('As JSON.'),
        response_format: { type: 'json_schema', json_schema: { name: 'r', strict: true, schema } },
      });
      const value = JSON.parse(structured.choices[0]!.message.content!);
      assert.equal(typeof value.port, 'string');
      assert.ok(Number.isInteger(value.ships));
    });

    test('the limit of tokens is kept and said', async t => {
      const { openai } = await client(t, place);
      const { choices } = await openai.chat.completions.create({
        model: 'any',
        messages: ask('At length. [[simulate output=400]]'),
        max_completion_tokens: 16,
      });
      assert.equal(choices[0]!.finish_reason, 'length');
    });
  });
}

test('errors are those that the SDK knows', async t => {
  const { openai, rig } = await client(t, { service: 'bedrock' });
  const question = { model: 'any', messages: text };
  const wrongKey = new OpenAI({ apiKey: 'wrong', baseURL: `${rig.url}/v1`, maxRetries: 0 });
  await assert.rejects(
    wrongKey.chat.completions.create(question),
    error => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_key',
  );
  await assert.rejects(
    openai.chat.completions.create({ ...question, model: 'no-such' }),
    error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found',
  );
  await assert.rejects(
    openai.chat.completions.create({ ...question, n: 2 }),
    error => error instanceof OpenAI.BadRequestError && /candidates|"n"/.test(error.message),
  );
  const models = await Array.fromAsync(openai.models.list());
  assert.deepEqual(
    models.map(model => model.id),
    ['any', 'also-any'],
  );
});
