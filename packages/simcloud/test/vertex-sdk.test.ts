// Proves that the official clients of Vertex AI take the simulated one for the real one: Gemini
// through Google's, Claude through Anthropic's, other vendors through OpenAI's, each with a token
// that Google's own library got from the simulated identity service; express mode; and errors.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import { GoogleAuth } from 'google-auth-library';
import OpenAI from 'openai';
import { start } from './support/start.ts';
import { startWorkload } from './support/workload.ts';

const [project, location] = ['p-1', 'us-east5'];
const gemini = 'gemini-2.5-flash';
const claude = 'claude-haiku-4-5@20251001';
const contents = '[[simulate input=70 output=12]]';
const messages = [{ role: 'user' as const, content: contents }];
const words = (text: string): number => text.split(' ').length;

async function clients(t: TestContext) {
  const simcloud = await start(t);
  const { identity, credentials } = await startWorkload(t);
  const url = simcloud.urls.vertexAi;
  const google = new GoogleGenAI({
    vertexai: true,
    project,
    location,
    googleAuthOptions: { credentials },
    httpOptions: { baseUrl: url },
  });
  const scopes = 'https://www.googleapis.com/auth/cloud-platform';
  const anthropic = new AnthropicVertex({
    projectId: project,
    region: location,
    baseURL: `${url}/v1`,
    googleAuth: new GoogleAuth({ scopes, credentials }) as never,
    maxRetries: 0,
  });
  return { simcloud, identity, url, google, anthropic };
}

test('Gemini, whole and streamed, with a token of a workload', async t => {
  const { google, identity } = await clients(t);
  const whole = await google.models.generateContent({ model: gemini, contents });
  assert.equal(words(whole.text!), 12);
  assert.equal(whole.usageMetadata!.promptTokenCount, 70);
  const stream = await google.models.generateContentStream({ model: gemini, contents });
  const chunks = await Array.fromAsync(stream);
  assert.equal(words(chunks.map(chunk => chunk.text ?? '').join('')), 12);
  assert.equal(identity.made, 1);
});

test('Claude by rawPredict and streamRawPredict', async t => {
  const { anthropic } = await clients(t);
  const ask = { model: claude, max_tokens: 100, messages };
  const whole = await anthropic.messages.create(ask);
  assert.match(whole.id, /^msg_vrtx_/);
  assert.equal(whole.usage.input_tokens, 70);
  const said = await anthropic.messages.stream(ask).finalText();
  assert.equal(words(said), 12);
});

test('other vendors by the OpenAI-compatible endpoint', async t => {
  const { url } = await clients(t);
  const baseURL = `${url}/v1/projects/${project}/locations/${location}/endpoints/openapi`;
  const openai = new OpenAI({ baseURL, apiKey: 'simulated-vertex-token', maxRetries: 0 });
  const model = 'meta/llama-3.3-70b-instruct-maas';
  const whole = await openai.chat.completions.create({ model, messages });
  assert.equal(words(whole.choices[0]!.message.content!), 12);
  const wrong = new OpenAI({ baseURL, apiKey: 'wrong', maxRetries: 0 });
  await assert.rejects(wrong.chat.completions.create({ model, messages }), { status: 401 });
});

test('express mode: a key, and no project', async t => {
  const { url } = await clients(t);
  const httpOptions = { baseUrl: url };
  const apiKey = 'simulated-vertex-token';
  const google = new GoogleGenAI({ vertexai: true, apiKey, httpOptions });
  const { text } = await google.models.generateContent({ model: gemini, contents });
  assert.equal(words(text!), 12);
});

test('no token, a wrong one and one that has ended are told apart from a good one', async t => {
  const now = { ms: Date.now() };
  const simcloud = await start(t, {}, () => now.ms);
  const { identity } = await startWorkload(t);
  const path = `/v1/projects/p/locations/global/publishers/google/models/${gemini}:generateContent`;
  const call = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
    const answer = await fetch(simcloud.urls.vertexAi + path, { method: 'POST', headers, body });
    const { error } = (await answer.json()) as { error?: { details: [{ reason: string }] } };
    return [answer.status, error?.details[0].reason];
  };
  const exchange = new URLSearchParams({ subject_token: 'a-workload' });
  const given = await fetch(`${identity.server.url}/v1/token`, { method: 'POST', body: exchange });
  const { access_token: token } = (await given.json()) as { access_token: string };
  const authorization = `Bearer ${token}`;
  assert.deepEqual(await call({}), [401, 'CREDENTIALS_MISSING']);
  assert.deepEqual(await call({ authorization: 'Bearer x' }), [
    401,
    'ACCESS_TOKEN_TYPE_UNSUPPORTED',
  ]);
  assert.deepEqual(await call({ authorization }), [200, undefined]);
  const forged = `${authorization.slice(0, -4)}AAAA`;
  assert.deepEqual(await call({ authorization: forged }), [401, 'ACCESS_TOKEN_TYPE_UNSUPPORTED']);
  now.ms += 3_700_000;
  assert.deepEqual(await call({ authorization }), [401, 'ACCESS_TOKEN_TYPE_UNSUPPORTED']);
});

test('what rawPredict refuses, it refuses in words of Anthropic or of Google', async t => {
  const { anthropic, simcloud, url } = await clients(t);
  const ask = { model: claude, max_tokens: 100, messages };
  const thinking = { type: 'enabled' as const, budget_tokens: 10 };
  await assert.rejects(anthropic.messages.create({ ...ask, thinking }), {
    status: 400,
    message: /invalid_request_error.*budget_tokens/,
  });
  await assert.rejects(anthropic.messages.create({ ...ask, model: gemini }), /Publisher Model/);
  await simcloud.setFaults('vertex-ai', [{ kind: 'rate-limit' }]);
  await assert.rejects(anthropic.messages.create(ask), Anthropic.RateLimitError);
  await simcloud.setFaults('vertex-ai', []);
  const raw = async (body: object) => {
    const path = `/v1/projects/p/locations/global/publishers/anthropic/models/${claude}:rawPredict`;
    const headers = { authorization: 'Bearer simulated-vertex-token' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { error?: { message: string } }).error?.message;
  };
  const rest = { max_tokens: 100, messages };
  const good = { anthropic_version: 'vertex-2023-10-16', ...rest };
  assert.equal(await raw(good), undefined);
  assert.match((await raw(rest))!, /anthropic_version: Field required/);
  assert.match((await raw({ ...good, anthropic_version: 'latest' }))!, /should be/i);
  assert.match((await raw({ ...good, model: claude }))!, /Extra inputs/);
  assert.match((await raw({ ...good, stream: true }))!, /stream: must be false/);
});

test('errors of Gemini arrive with their status, and a 429 says nothing of when', async t => {
  const { google, simcloud } = await clients(t);
  const ask = (model: string) => google.models.generateContent({ model, contents });
  await assert.rejects(ask('gemma-1'), (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 404);
    return true;
  });
  await simcloud.setFaults('vertex-ai', [{ kind: 'rate-limit' }]);
  await assert.rejects(ask(gemini), (error: Error) => {
    assert.match(error.message, /RESOURCE_EXHAUSTED/);
    assert.doesNotMatch(error.message, /retryDelay/);
    return true;
  });
});

for (const cloud of ['vertexAi', 'gemini'] as const) {
  test(`without alt=sse a stream is one JSON array: ${cloud}`, async t => {
    const { simcloud } = await clients(t);
    const place = cloud === 'gemini' ? '' : '/projects/p/locations/global/publishers/google';
    const path = `/v1${place}/models/${gemini}:streamGenerateContent`;
    const key = cloud === 'gemini' ? 'simulated-gemini-key' : 'simulated-vertex-token';
    const read = async () => {
      const headers = { authorization: `Bearer ${key}` };
      const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: contents }] }] });
      return fetch(simcloud.urls[cloud] + path, { method: 'POST', headers, body });
    };
    const answer = await read();
    assert.match(answer.headers.get('content-type')!, /^application\/json/);
    const chunks = (await answer.json()) as { candidates: [{ finishReason?: string }] }[];
    assert.ok(chunks.length > 1);
    assert.equal(chunks.at(-1)!.candidates[0].finishReason, 'STOP');
    const name = cloud === 'gemini' ? 'gemini' : 'vertex-ai';
    await simcloud.setFaults(name, [{ kind: 'in-stream-error', afterEvents: 1 }]);
    const broken = (await (await read()).json()) as { error?: { status: string } }[];
    assert.equal(broken.at(-1)!.error!.status, 'UNAVAILABLE');
  });
}
