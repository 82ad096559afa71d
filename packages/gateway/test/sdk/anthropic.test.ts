// Proves that anthropic's own SDK works against the gateway whatever cloud answers: text, streams,
// calls of tools side by side and their answers, thinking with its signature, usage, errors. How:
// the SDK calls a gateway on loopback, behind which the simulated clouds speak their wire formats.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { key } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

type Message = Anthropic.MessageParam;

const tools = ['find_ship', 'quote_freight'].map(
  (name): Anthropic.Tool => ({
    name,
    description: 'About ships.',
    input_schema: {
      type: 'object',
      properties: { port: { type: 'string' }, tons: { type: 'integer' } },
      required: ['port', 'tons'],
    },
  }),
);
const ask = (content: string): Message[] => [{ role: 'user', content }];
const text = ask('Which port is cheapest? [[simulate input=40 output=24]]');
const twoCalls = ask('Ask for both. [[simulate output=9 tools=2]]');
const common = { model: 'any', max_tokens: 2048 };

async function client(t: TestContext, place: Omit<Place, 'name'>) {
  const rig = await gatewayTo(t, place);
  const anthropic = new Anthropic({ apiKey: key, baseURL: rig.url, maxRetries: 0 });
  return { rig, anthropic };
}

function textOf(message: Anthropic.Message): string {
  return message.content.map(block => (block.type === 'text' ? block.text : '')).join('');
}

for (const place of places) {
  describe(`messages from ${place.name}`, () => {
    test('text, whole and streamed, with the same stop and usage', async t => {
      const { anthropic, rig } = await client(t, place);
      const whole = await anthropic.messages.create({ ...common, messages: text });
      const streamed = await anthropic.messages
        .stream({ ...common, messages: text })
        .finalMessage();
      for (const message of [whole, streamed]) {
        assert.equal(message.role, 'assistant');
        assert.equal(message.stop_reason, 'end_turn');
        assert.ok(textOf(message).length > 20);
        assert.equal(message.usage.input_tokens, 40);
        assert.equal(message.usage.output_tokens, 24);
      }
      const records = await rig.records();
      assert.equal(records.length, 2);
      for (const record of records) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
      }
    });

    test('two calls of tools side by side, whole and streamed, and the turn after', async t => {
      const { anthropic } = await client(t, place);
      const question = { ...common, messages: twoCalls, tools };
      const whole = await anthropic.messages.create(question);
      const streamed = await anthropic.messages.stream(question).finalMessage();
      for (const message of [whole, streamed]) {
        assert.equal(message.stop_reason, 'tool_use');
        const calls = message.content.filter(block => block.type === 'tool_use');
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0]!.id, calls[1]!.id);
        for (const { input } of calls) {
          const { port, tons } = input as { port: unknown; tons: unknown };
          assert.equal(typeof port, 'string');
          assert.ok(Number.isInteger(tons));
        }
        const results = calls.map(
          (call): Anthropic.ToolResultBlockParam => ({
            type: 'tool_result',
            tool_use_id: call.id,
            content: 'Twelve ships.',
          }),
        );
        const turn: Message = {
          role: 'user',
          content: [...results, { type: 'text', text: 'And now? [[simulate output=5]]' }],
        };
        const after = await anthropic.messages.create({
          ...common,
          messages: [...twoCalls, { role: 'assistant', content: message.content }, turn],
          tools,
        });
        assert.equal(after.stop_reason, 'end_turn');
        assert.ok(textOf(after).length > 0);
      }
    });

    test('a system prompt, a forced tool, and the limit of tokens', async t => {
      const { anthropic } = await client(t, place);
      const forced = await anthropic.messages.create({
        ...common,
        system: 'You are a harbour master.',
        messages: ask('Quote. [[simulate output=5]]'),
        tools,
        tool_choice: { type: 'tool', name: 'quote_freight' },
      });
      const call = forced.content.find(block => block.type === 'tool_use');
      assert.equal(call?.name, 'quote_freight');
      const short = await anthropic.messages.create({
        ...common,
        max_tokens: 16,
        messages: ask('At length. [[simulate output=400]]'),
      });
      assert.equal(short.stop_reason, 'max_tokens');
    });
  });
}

/** A budget is of Claude alone; other models are told to think as they see fit. */
const thinkers: Readonly<Record<string, Anthropic.ThinkingConfigParam>> = {
  'anthropic-api': { type: 'enabled', budget_tokens: 1024 },
  bedrock: { type: 'enabled', budget_tokens: 1024 },
  'bedrock by InvokeModel': { type: 'enabled', budget_tokens: 1024 },
  'vertex-ai with Claude': { type: 'enabled', budget_tokens: 1024 },
  'openai-api in Responses': { type: 'adaptive', display: 'summarized' },
};

for (const place of places.filter(({ name }) => name in thinkers)) {
  test(`thinking from ${place.name} comes back with a signature that is taken again`, async t => {
    const { anthropic } = await client(t, place);
    const thinking = thinkers[place.name]!;
    const messages = ask('Think. [[simulate output=6 thinking=20 tools=1]]');
    const question = { ...common, max_tokens: 4096, thinking, messages, tools };
    const whole = await anthropic.messages.create(question);
    const streamed = await anthropic.messages.stream(question).finalMessage();
    for (const message of [whole, streamed]) {
      const [first] = message.content;
      assert.ok(first?.type === 'thinking');
      assert.ok(first.thinking.length > 0 && first.signature.length > 0);
      const call = message.content.find(block => block.type === 'tool_use')!;
      const result = { type: 'tool_result', tool_use_id: call.id, content: '12' } as const;
      const after = await anthropic.messages.create({
        ...question,
        messages: [
          ...messages,
          { role: 'assistant', content: message.content },
          { role: 'user', content: [result, { type: 'text', text: '[[simulate output=5]]' }] },
        ],
      });
      assert.ok(textOf(after).length > 0);
    }
  });
}

test('errors are those that the SDK knows', async t => {
  const { anthropic, rig } = await client(t, { service: 'openai-api' });
  const question = { ...common, messages: text };
  const wrongKey = new Anthropic({ apiKey: 'wrong', baseURL: rig.url, maxRetries: 0 });
  await assert.rejects(wrongKey.messages.create(question), Anthropic.AuthenticationError);
  await assert.rejects(
    anthropic.messages.create({ ...question, model: 'no-such' }),
    error => error instanceof Anthropic.NotFoundError && /no-such/.test(error.message),
  );
  await assert.rejects(
    anthropic.messages.create(Object.assign({ top_k: 4 }, question)),
    error => error instanceof Anthropic.BadRequestError && /top_k/.test(error.message),
  );
  const models = await Array.fromAsync(anthropic.models.list());
  assert.deepEqual(
    models.map(model => model.id),
    ['any', 'also-any'],
  );
});
