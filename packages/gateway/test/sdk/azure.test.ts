// Proves that code written for Azure OpenAI moves by its endpoint: openai's class AzureOpenAI, by
// deployments in the path, by its v1 API, and with a token of an identity in the place of the key,
// whatever cloud answers. How: as the tests of openai's own class, in front of simulated clouds.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { chat } from '../answers.ts';
import { FakeUpstream, key, Rig } from '../rig.ts';
import { gatewayTo, places } from './clouds.ts';
import { gatewayTo as embedderTo, embeddingPlaces } from './embedding-places.ts';

const apiVersion = '2024-10-21';

function azureAt({ url }: Rig, options: object = {}): AzureOpenAI {
  return new AzureOpenAI({ endpoint: url, apiKey: key, apiVersion, maxRetries: 0, ...options });
}

const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
  { role: 'user', content: 'Which port? [[simulate input=40 output=24]]' },
];
const tool: OpenAI.Chat.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'find_ship',
    parameters: {
      type: 'object',
      properties: { port: { type: 'string' } },
      required: ['port'],
    },
  },
};

for (const place of places) {
  describe(`chat of a deployment from ${place.name}`, () => {
    test('text, whole and streamed, with the same finish and usage', async t => {
      const rig = await gatewayTo(t, place);
      const azure = azureAt(rig);
      const whole = await azure.chat.completions.create({ model: 'any', messages });
      const stream = azure.chat.completions.stream({
        model: 'any',
        messages,
        stream_options: { include_usage: true },
      });
      for (const answer of [whole, await stream.finalChatCompletion()]) {
        assert.equal(answer.choices[0]!.finish_reason, 'stop');
        assert.ok(answer.choices[0]!.message.content!.length > 20);
        assert.equal(answer.usage!.completion_tokens, 24);
      }
      for (const record of await rig.records()) {
        assert.deepEqual([record.outcome, record.chargeNanoUsd], ['ok', 88_000]);
      }
    });

    test('a call of a tool, and the turn after', async t => {
      const azure = azureAt(await gatewayTo(t, place), { deployment: 'any' });
      const asked = [{ role: 'user' as const, content: 'Ask. [[simulate output=9 tools=1]]' }];
      const common = { model: 'elsewhere', tools: [tool] };
      const { choices } = await azure.chat.completions.create({ ...common, messages: asked });
      const { message, finish_reason } = choices[0]!;
      assert.equal(finish_reason, 'tool_calls');
      const [call] = message.tool_calls!;
      const result = { role: 'tool' as const, tool_call_id: call!.id, content: 'Twelve.' };
      const last = { role: 'user' as const, content: 'And now? [[simulate output=5]]' };
      const after = await azure.chat.completions.create({
        ...common,
        messages: [...asked, message, result, last],
      });
      assert.equal(after.choices[0]!.finish_reason, 'stop');
    });

    test('Responses, which name the deployment in their body', async t => {
      const azure = azureAt(await gatewayTo(t, place), { apiVersion: '2025-04-01-preview' });
      const input = 'Which port? [[simulate input=40 output=24]]';
      const { output_text, usage } = await azure.responses.create({
        model: 'any',
        input,
        store: false,
      });
      assert.ok(output_text.length > 20);
      assert.equal(usage!.output_tokens, 24);
    });

    test('the v1 API with the plain class and the key as Azure has it', async t => {
      const { url } = await gatewayTo(t, place);
      const openai = new OpenAI({
        baseURL: `${url}/openai/v1/`,
        apiKey: 'unused',
        defaultHeaders: { 'api-key': key, authorization: null },
        maxRetries: 0,
      });
      const { choices } = await openai.chat.completions.create({ model: 'any', messages });
      assert.ok(choices[0]!.message.content!.length > 20);
    });
  });
}

for (const place of embeddingPlaces) {
  test(`vectors of a deployment from ${place.name}`, async t => {
    const rig = await embedderTo(t, place);
    const { data } = await azureAt(rig).embeddings.create({ model: 'any', input: 'A port.' });
    assert.equal(data[0]!.embedding.length, place.length);
  });
}

async function scripted(t: TestContext): Promise<{ rig: Rig; upstream: FakeUpstream }> {
  const upstream = new FakeUpstream(chat);
  await upstream.listen();
  t.after(() => upstream.close());
  const azure = { id: 'main', service: 'azure-openai', endpoint: upstream.url } as const;
  const rig = await Rig.start({ deployments: [azure] });
  t.after(() => rig.close());
  return { rig, upstream };
}

test('a body without a model gets that of the path, and its other bytes stay', async t => {
  const { rig, upstream } = await scripted(t);
  const at = `/openai/deployments/any/chat/completions?api-version=${apiVersion}`;
  const body = '{"messages": [{"role":"user", "content":"Q"}],  "temperature":0.50}';
  const response = await rig.post(at, body, { 'api-key': key, authorization: '' });
  assert.equal(response.status, 200);
  const sent = upstream.received[0]!.body;
  assert.ok(sent.includes('"messages": [{"role":"user", "content":"Q"}],  "temperature":0.50'));
  assert.equal(JSON.parse(sent).model, 'gpt-5.4-mini');
});

test('a token of an identity is the key of the caller', async t => {
  const { rig } = await scripted(t);
  const azure = new AzureOpenAI({
    endpoint: rig.url,
    azureADTokenProvider: async () => key,
    apiVersion,
    maxRetries: 0,
  });
  const { choices } = await azure.chat.completions.create({ model: 'any', messages });
  assert.ok(choices[0]!.message.content!.length > 0);
});

test('errors are those that the SDK knows', async t => {
  const { rig } = await scripted(t);
  const wrong = azureAt(rig, { apiKey: 'wrong' });
  await assert.rejects(
    wrong.chat.completions.create({ model: 'any', messages }),
    error => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_key',
  );
  const azure = azureAt(rig);
  await assert.rejects(
    azure.chat.completions.create({ model: 'no-such', messages }),
    error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found',
  );
  await assert.rejects(
    azure.images.generate({ model: 'any', prompt: 'A ship.' }),
    error => error instanceof OpenAI.NotFoundError && error.code === 'nothing_there',
  );
  const models = await Array.fromAsync(azure.models.list());
  assert.ok(models.some(model => model.id === 'any'));
});
