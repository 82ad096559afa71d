// Proves that the official SDKs list the routes of the gateway and look one up, each in its form.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { key, Rig } from '../rig.ts';

const names = ['any', 'also-any'];

async function rigOf(t: TestContext): Promise<Rig> {
  const endpoint = 'http://127.0.0.1:9';
  const offer = { contextTokens: 8192, maxOutputTokens: 100 };
  const deployments = [
    { id: 'a', service: 'gemini-api', endpoint },
    { id: 'b', service: 'anthropic-api', endpoint, offer },
  ] as const;
  const rig = await Rig.start({ deployments });
  t.after(() => rig.close());
  return rig;
}

test("openai's SDK", async t => {
  const { url } = await rigOf(t);
  const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const listed = await Array.fromAsync(client.models.list());
  assert.deepEqual(
    listed.map(({ id }) => id),
    names,
  );
  assert.deepEqual(await client.models.retrieve('any'), listed[0]);
  await assert.rejects(client.models.retrieve('nobody/nothing'), OpenAI.NotFoundError);
  const stranger = new OpenAI({ apiKey: 'wrong', baseURL: `${url}/v1`, maxRetries: 0 });
  await assert.rejects(stranger.models.retrieve('any'), OpenAI.AuthenticationError);
});

test("Anthropic's SDK, also one page after another", async t => {
  const { url } = await rigOf(t);
  const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
  const all = await Array.fromAsync(client.models.list());
  const paged = await Array.fromAsync(client.models.list({ limit: 1 }));
  assert.deepEqual(paged, all);
  assert.deepEqual(
    all.map(({ id }) => id),
    names,
  );
  const back = await client.models.list({ limit: 1, before_id: 'also-any' });
  assert.deepEqual([back.data[0]?.id, back.has_more], ['any', false]);
  const one = await client.models.retrieve('also-any');
  assert.equal(one.type, 'model');
  // The least that any deployment takes.
  assert.deepEqual([one.max_input_tokens, one.max_tokens], [8192, 100]);
  await assert.rejects(client.models.retrieve('nothing'), Anthropic.NotFoundError);
});

test("Google's SDK, also one page after another", async t => {
  const { url } = await rigOf(t);
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
  for (const pageSize of [1, 50]) {
    const listed = await Array.fromAsync(await client.models.list({ config: { pageSize } }));
    assert.deepEqual(
      listed.map(({ displayName }) => displayName),
      names,
    );
  }
  const one = await client.models.get({ model: 'any' });
  assert.equal(one.name, 'models/any');
  assert.equal(one.inputTokenLimit, 8192);
  // What one of them can be asked, the route can.
  assert.deepEqual(one.supportedActions?.toSorted(), [
    'batchEmbedContents',
    'countTokens',
    'embedContent',
    'generateContent',
    'streamGenerateContent',
  ]);
  const missing = client.models.get({ model: 'nothing' });
  await assert.rejects(missing, (e: unknown) => e instanceof ApiError && e.status === 404);
});
