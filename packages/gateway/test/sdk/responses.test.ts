// Proves that openai's own SDK can create Responses through the gateway whatever cloud answers:
// text, streams, calls of tools side by side and their answers, structured output, usage, errors.
// How: the SDK calls a gateway on loopback, behind which the simulated clouds speak their wire
// formats; where a cloud speaks Responses too, the bytes pass through.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { key } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

type Item = OpenAI.Responses.ResponseInputItem;

const tools = ['find_ship', 'quote_freight'].map(
  (name): OpenAI.Responses.FunctionTool => ({
    type: 'function',
    name,
    description: 'About ships.',
    strict: false,
    parameters: {
      type: 'object',
      properties: { port: { type: 'string' }, tons: { type: 'integer' } },
      required: ['port', 'tons'],
    },
  }),
);
const ask = (content: string): Item[] => [{ role: 'user', content }];
const text = ask('Which port is cheapest? [[simulate input=40 output=24]]');
const twoCalls = ask('Ask for both. [[simulate output=9 tools=2]]');

async function client(
  t: TestContext,
  place: Omit<Place, 'name'>,
  options: Parameters<typeof gatewayTo>[2] = {},
) {
  const rig = await gatewayTo(t, place, options);
  const openai = new OpenAI({ apiKey: key, baseURL: `${rig.url}/v1`, maxRetries: 0 });
  return { rig, openai };
}

function callsOf({ output }: OpenAI.Responses.Response) {
  return output.filter(item => item.type === 'function_call');
}

for (const place of places) {
  describe(`responses from ${place.name}`, () => {
    test('text, whole and streamed, with the same words, status and usage', async t => {
      const { openai, rig } = await client(t, place);
      const question = { model: 'any', input: text, instructions: 'You are a harbour master.' };
      const whole = await openai.responses.create(question);
      const streamed = await openai.responses.stream(question).finalResponse();
      for (const response of [whole, streamed]) {
        assert.equal(response.object, 'response');
        assert.equal(response.status, 'completed');
        assert.ok(response.output_text.length > 20);
        assert.equal(response.usage!.input_tokens, 40);
        assert.equal(response.usage!.output_tokens, 24);
        assert.equal(response.instructions, question.instructions);
      }
      const records = await rig.records();
      assert.equal(records.length, 2);
      for (const record of records) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.dialect, 'openai-responses');
        assert.equal(record.inputTokens, 40);
        assert.equal(record.outputTokens, 24);
        assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
      }
    });

    test('two calls of tools side by side, whole and streamed, and the turn after', async t => {
      const { openai } = await client(t, place);
      const question = { model: 'any', input: twoCalls, tools };
      const whole = await openai.responses.create(question);
      const streamed = await openai.responses.stream(question).finalResponse();
      for (const response of [whole, streamed]) {
        assert.equal(response.status, 'completed');
        const calls = callsOf(response);
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0]!.call_id, calls[1]!.call_id);
        for (const call of calls) {
          const { port, tons } = JSON.parse(call.arguments);
          assert.equal(typeof port, 'string');
          assert.ok(Number.isInteger(tons));
        }
        const results = calls.map(
          ({ call_id }): Item => ({
            type: 'function_call_output',
            call_id,
            output: 'Twelve ships.',
          }),
        );
        const said = response.output as Item[];
        const after = await openai.responses.create({
          model: 'any',
          input: [...twoCalls, ...said, ...results, ...ask('And now? [[simulate output=5]]')],
          tools,
        });
        assert.equal(after.status, 'completed');
        assert.ok(after.output_text.length > 0);
      }
    });

    test('a forced tool and an answer to a schema', async t => {
      const { openai } = await client(t, place);
      const forced = await openai.responses.create({
        model: 'any',
        input: ask('Quote. [[simulate output=5]]'),
        tools,
        tool_choice: { type: 'function', name: 'quote_freight' },
      });
      assert.deepEqual(
        callsOf(forced).map(call => call.name),
        ['quote_freight'],
      );
      const schema = {
        type: 'object',
        properties: { port: { type: 'string' }, ships: { type: 'integer' } },
        required: ['port', 'ships'],
        additionalProperties: false,
      };
      const structured = await openai.responses.create({
        model: 'any',
        input: 'As JSON.',
        text: { format: { type: 'json_schema', name: 'r', strict: true, schema } },
      });
      const value = JSON.parse(structured.output_text);
      assert.equal(typeof value.port, 'string');
      assert.ok(Number.isInteger(value.ships));
    });

    test('the limit of tokens is kept and said', async t => {
      const { openai } = await client(t, place);
      const { status, incomplete_details } = await openai.responses.create({
        model: 'any',
        input: ask('At length. [[simulate output=400]]'),
        max_output_tokens: 16,
      });
      assert.equal(status, 'incomplete');
      assert.equal(incomplete_details?.reason, 'max_output_tokens');
    });
  });
}

const thinkers = ['anthropic-api', 'bedrock', 'openai-api in Responses', 'vertex-ai with Claude'];

for (const place of places.filter(({ name }) => thinkers.includes(name))) {
  test(`thinking from ${place.name} comes back and is taken again`, async t => {
    const { openai, rig } = await client(t, place);
    const input = ask('Think. [[simulate output=6 thinking=20 tools=1]]');
    const reasoning = { effort: 'low', summary: 'auto' } as const;
    const question = { model: 'any', input, tools, reasoning };
    const whole = await openai.responses.create(question);
    const streamed = await openai.responses.stream(question).finalResponse();
    for (const response of [whole, streamed]) {
      const [first] = response.output;
      assert.ok(first?.type === 'reasoning' && first.encrypted_content);
      assert.ok(first.summary[0]!.text.length > 0);
      const { call_id } = callsOf(response)[0]!;
      const result: Item = { type: 'function_call_output', call_id, output: '12' };
      const said = response.output as Item[];
      const more = [...said, result, ...ask('[[simulate output=5]]')];
      const after = await openai.responses.create({ ...question, input: [...input, ...more] });
      assert.ok(after.output_text.length > 0);
    }
    assert.ok((await rig.records()).every(record => record.lost === null));
  });
}

test('errors are those that the SDK knows', async t => {
  const { openai, rig } = await client(t, { service: 'bedrock' });
  const question = { model: 'any', input: text };
  const wrongKey = new OpenAI({ apiKey: 'wrong', baseURL: `${rig.url}/v1`, maxRetries: 0 });
  await assert.rejects(
    wrongKey.responses.create(question),
    error => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_key',
  );
  await assert.rejects(
    openai.responses.create({ ...question, model: 'no-such' }),
    error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found',
  );
  await assert.rejects(
    openai.responses.create({ ...question, previous_response_id: 'resp_1' }),
    error =>
      error instanceof OpenAI.BadRequestError &&
      error.code === 'nothing_kept' &&
      error.param === 'previous_response_id',
  );
});

test('what an upstream keeps is its own to tell', async t => {
  const place = places.find(({ name }) => name.startsWith('openai-api in'))!;
  const { openai } = await client(t, place, { responses: { store: 'upstream' } });
  await assert.rejects(
    openai.responses.create({ model: 'any', input: text, previous_response_id: 'resp_1' }),
    error => error instanceof OpenAI.APIError && error.code === 'previous_response_not_found',
  );
});
