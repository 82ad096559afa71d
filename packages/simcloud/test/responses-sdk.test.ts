// Proves that the official OpenAI client takes simulated Responses for the real ones, at OpenAI and
// at both of Azure's addresses: whole and streamed, tools, structured output, usage and errors.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { start } from './support/start.ts';

async function clients(t: TestContext) {
  const simcloud = await start(t);
  const { azureOpenai: endpoint, openai } = simcloud.urls;
  const azure = { apiKey: 'simulated-azure-key', maxRetries: 0 };
  const all = [
    new OpenAI({ apiKey: 'simulated-openai-key', baseURL: `${openai}/v1`, maxRetries: 0 }),
    new OpenAI({ ...azure, baseURL: `${endpoint}/openai/v1` }),
    new AzureOpenAI({ ...azure, endpoint, apiVersion: '2025-04-01-preview' }),
  ];
  return { simcloud, all, openai: all[0]! };
}

const model = 'gpt-4o';
const freight: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'quote_freight',
  strict: false,
  parameters: {
    type: 'object',
    properties: { from: { type: 'string' }, tons: { type: 'integer' } },
    required: ['from', 'tons'],
  },
};

test('text, whole and streamed, at every address', async t => {
  const { all } = await clients(t);
  const input = '[[simulate input=70 output=12]]';
  for (const client of all) {
    const whole = await client.responses.create({ model, input, instructions: 'Be brief.' });
    const streamed = await client.responses.stream({ model, input }).finalResponse();
    for (const answer of [whole, streamed]) {
      assert.match(answer.id, /^resp_/);
      assert.equal(answer.status, 'completed');
      assert.equal(answer.output_text.split(' ').length, 12);
      assert.equal(answer.usage!.input_tokens, 70);
      assert.equal(answer.usage!.output_tokens, 12);
    }
    assert.equal(whole.instructions, 'Be brief.');
  }
});

test('calls side by side, and the turn after; a call without its output is refused', async t => {
  const { openai } = await clients(t);
  const question = { role: 'user' as const, content: '[[simulate tools=2]]' };
  const asked = await openai.responses.create({ model, input: [question], tools: [freight] });
  const calls = asked.output.filter(item => item.type === 'function_call');
  assert.equal(calls.length, 2);
  assert.ok(Number.isInteger(JSON.parse(calls[0]!.arguments).tons));
  const outputs = calls.map(
    ({ call_id }): OpenAI.Responses.ResponseInputItem => ({
      type: 'function_call_output',
      call_id,
      output: '12',
    }),
  );
  const input = [question, ...calls, ...outputs];
  const after = await openai.responses.create({ model, input, tools: [freight] });
  assert.ok(after.output_text.length > 0);
  await assert.rejects(
    openai.responses.create({ model, input: [question, ...calls], tools: [freight] }),
    error => error instanceof OpenAI.BadRequestError && /No tool output found/.test(error.message),
  );
});

test('an answer to a schema, a limit, and reasoning that is counted', async t => {
  const { openai } = await clients(t);
  const schema = { ...freight.parameters!, additionalProperties: false };
  const { output_text } = await openai.responses.create({
    model,
    input: 'As JSON.',
    text: { format: { type: 'json_schema', name: 'r', strict: true, schema } },
  });
  assert.ok(Number.isInteger(JSON.parse(output_text).tons));
  const cut = await openai.responses.create({
    model,
    input: '[[simulate output=400]]',
    max_output_tokens: 16,
  });
  assert.equal(cut.status, 'incomplete');
  assert.equal(cut.incomplete_details?.reason, 'max_output_tokens');
  const thought = await openai.responses.create({
    model: 'gpt-5.4',
    input: '[[simulate output=5 thinking=64]]',
    reasoning: { effort: 'low' },
  });
  assert.equal(thought.usage!.output_tokens_details.reasoning_tokens, 64);
});

test('what is not kept, and what the models refuse, is said as the real ones say it', async t => {
  const { openai, simcloud } = await clients(t);
  const refused: readonly [object, string][] = [
    [{ previous_response_id: 'resp_1' }, 'previous_response_not_found'],
    [{ max_output_tokens: 1_000_000 }, 'integer_above_max_value'],
    [{ model: 'nothing' }, 'model_not_found'],
  ];
  for (const [fields, code] of refused) {
    await assert.rejects(
      openai.responses.create({ model, input: 'Hi', ...fields, stream: false }),
      error => error instanceof OpenAI.APIError && error.code === code,
    );
  }
  await assert.rejects(
    openai.responses.create({ model: 'gpt-5.4', input: 'Hi', temperature: 0.2 }),
    error => error instanceof OpenAI.BadRequestError && error.param === 'temperature',
  );
  await simcloud.setFaults('openai', [{ kind: 'in-stream-error', afterEvents: 1 }]);
  const stream = await openai.responses.create({ model, input: 'Hi', stream: true });
  await assert.rejects(async () => {
    for await (const event of stream) assert.notEqual(event.type, 'response.completed');
  }, /error/i);
});

test('reasoning is encrypted, and taken back only as it was', async t => {
  const { openai } = await clients(t);
  const question = { role: 'user' as const, content: '[[simulate tools=1 thinking=20]]' };
  const common = { model: 'gpt-5.4', tools: [freight], reasoning: { effort: 'low' as const } };
  const asked = await openai.responses.create({ ...common, input: [question] });
  const [reasoning, call] = asked.output;
  assert.ok(reasoning?.type === 'reasoning' && call?.type === 'function_call');
  assert.match(reasoning.id, /^rs_/);
  assert.deepEqual(reasoning.summary, []);
  assert.ok(reasoning.encrypted_content);
  const output = { type: 'function_call_output' as const, call_id: call.call_id, output: '12' };
  const ask = (thought: OpenAI.Responses.ResponseReasoningItem) =>
    openai.responses.create({ ...common, input: [question, thought, call, output] });
  assert.equal((await ask(reasoning)).status, 'completed');
  const changed = { ...reasoning, encrypted_content: 'AAAA' };
  await assert.rejects(
    ask(changed),
    error => error instanceof OpenAI.APIError && error.code === 'invalid_encrypted_content',
  );
});
