// Proves that the official clients take simulated Azure OpenAI for the real one, by its dated and
// its v1 addresses and both kinds of credential, with its content-filter fields and errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { defaultModels } from '../src/model.ts';
import type { Simcloud } from '../src/simcloud.ts';
import { start } from './support/start.ts';

const apiKey = 'simulated-azure-key';
const messages = [{ role: 'user' as const, content: '[[simulate input=20 output=16]]' }];

function dated(simcloud: Simcloud, key: string = apiKey): AzureOpenAI {
  const endpoint = simcloud.urls.azureOpenai;
  return new AzureOpenAI({ endpoint, apiKey: key, apiVersion: '2024-10-21', maxRetries: 0 });
}

function v1(simcloud: Simcloud): OpenAI {
  const baseURL = `${simcloud.urls.azureOpenai}/openai/v1`;
  return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
}

test('dated and v1 addresses answer, with api-key and with a bearer token', async t => {
  const simcloud = await start(t);
  for (const client of [dated(simcloud), v1(simcloud)]) {
    const { data, response } = await client.chat.completions
      .create({ model: 'gpt-4o', messages })
      .withResponse();
    assert.equal(data.usage!.completion_tokens, 16);
    assert.match(response.headers.get('apim-request-id')!, /^[0-9a-f-]{36}$/);
    assert.equal(response.headers.get('x-ms-region'), 'Simulated');
    const raw = data as unknown as Record<string, unknown>;
    assert.ok(Array.isArray(raw.prompt_filter_results));
    const choice = data.choices[0] as unknown as Record<string, { hate: object }>;
    assert.deepEqual(choice.content_filter_results!.hate, { filtered: false, severity: 'safe' });
  }
});

test('a stream begins with the verdict on the prompt, in a chunk without choices', async t => {
  const simcloud = await start(t);
  for (const client of [dated(simcloud), v1(simcloud)]) {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const [first, ...rest] = chunks;
    assert.deepEqual(first!.choices, []);
    assert.equal(first!.id, '');
    assert.ok('prompt_filter_results' in first!);
    assert.ok(rest.every(chunk => chunk.choices.every(c => 'content_filter_results' in c)));
    assert.equal(rest.at(-1)!.choices[0]!.finish_reason, 'stop');
    const text = rest.map(chunk => chunk.choices[0]?.delta.content ?? '').join('');
    assert.equal(text.split(' ').length, 16);
  }
});

test('the model behind a deployment is told in the answer', async t => {
  const [base] = defaultModels['azure-openai'];
  const model = { ...base!, pattern: 'our-chat', reportedName: 'gpt-5.4-2026-03-05' };
  const simcloud = await start(t, { models: { 'azure-openai': [model] } });
  const data = await dated(simcloud).chat.completions.create({ model: 'our-chat', messages });
  assert.equal(data.model, 'gpt-5.4-2026-03-05');
});

test('a dated address needs no model in the body, and needs its api-version', async t => {
  const { urls } = await start(t);
  const post = (query: string) =>
    fetch(`${urls.azureOpenai}/openai/deployments/gpt-4o/chat/completions${query}`, {
      method: 'POST',
      headers: { 'api-key': apiKey },
      body: JSON.stringify({ messages }),
    });
  const answer = await post('?api-version=2024-10-21');
  assert.equal(answer.status, 200);
  assert.equal(((await answer.json()) as { model: string }).model, 'gpt-4o');
  const without = await post('');
  assert.equal(without.status, 404);
  assert.deepEqual(await without.json(), {
    error: { code: '404', message: 'Resource not found' },
  });
});

test('errors are the classes of the client, with the codes of Azure', async t => {
  const simcloud = await start(t);
  const create = (client: OpenAI, model = 'gpt-4o') =>
    client.chat.completions.create({ model, messages });
  await assert.rejects(create(dated(simcloud, 'wrong')), (error: unknown) => {
    return error instanceof OpenAI.AuthenticationError && error.code === '401';
  });
  await assert.rejects(create(dated(simcloud), 'nothing'), (error: unknown) => {
    return error instanceof OpenAI.NotFoundError && error.code === 'DeploymentNotFound';
  });
  await simcloud.setFaults('azure-openai', [{ kind: 'rate-limit', retryAfterMs: 200 }]);
  await assert.rejects(create(v1(simcloud)), (error: unknown) => {
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.headers!.get('retry-after-ms'), '200');
    assert.equal(error.headers!.get('x-ms-region'), 'Simulated');
    return true;
  });
});
