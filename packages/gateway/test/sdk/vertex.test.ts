// Proves that code written against Google's and Anthropic's clients of Vertex AI moves to the
// gateway by its base URL alone, whatever cloud answers; and that a gateway which gets its tokens
// from Google's identity services by the official library reaches Vertex AI. All on loopback.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { GoogleIdentity } from '@entrepot/simcloud/identity/google-identity';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { FakeUpstream, key, Rig } from '../rig.ts';
import { gatewayTo, places } from './clouds.ts';

const [project, location, model] = ['any-project', 'us-east5', 'any'];
const contents = 'Which port is cheapest? [[simulate input=40 output=12]]';
const messages = [{ role: 'user' as const, content: contents }];
const words = (text: string): number => text.split(' ').length;

/** A client's token is the caller's key of the gateway. */
function tokenOf(token: string) {
  return { getRequestHeaders: async () => new Headers({ authorization: `Bearer ${token}` }) };
}

function googleAt(baseUrl: string, token = key): GoogleGenAI {
  const authClient = tokenOf(token) as never;
  const httpOptions = { baseUrl };
  return new GoogleGenAI({
    vertexai: true,
    project,
    location,
    googleAuthOptions: { authClient },
    httpOptions,
  });
}

function anthropicAt(url: string, token = key): AnthropicVertex {
  const authClient = tokenOf(token) as never;
  const place = { projectId: project, region: location };
  return new AnthropicVertex({ ...place, authClient, baseURL: `${url}/v1`, maxRetries: 0 });
}

for (const place of places) {
  describe(`clients of Vertex AI in front of ${place.name}`, () => {
    test("Google's, whole and streamed", async t => {
      const google = googleAt((await gatewayTo(t, place)).url);
      const whole = await google.models.generateContent({ model, contents });
      assert.equal(words(whole.text!), 12);
      assert.equal(whole.usageMetadata!.promptTokenCount, 40);
      const stream = await google.models.generateContentStream({ model, contents });
      const chunks = await Array.fromAsync(stream);
      assert.equal(words(chunks.map(chunk => chunk.text ?? '').join('')), 12);
    });

    test("Anthropic's, whole and streamed", async t => {
      const anthropic = anthropicAt((await gatewayTo(t, place)).url);
      const ask = { model, max_tokens: 200, messages };
      const whole = await anthropic.messages.create(ask);
      assert.equal(whole.usage.input_tokens, 40);
      assert.equal(words(await anthropic.messages.stream(ask).finalText()), 12);
    });
  });
}

test("OpenAI's client at the OpenAI-compatible endpoint", async t => {
  const { url } = await gatewayTo(t, { service: 'vertex-ai' });
  const baseURL = `${url}/v1/projects/${project}/locations/${location}/endpoints/openapi`;
  const openai = new OpenAI({ baseURL, apiKey: key });
  const { choices } = await openai.chat.completions.create({ model, messages });
  assert.equal(words(choices[0]!.message.content!), 12);
});

test('express mode: the key of the gateway in place of a key of Google', async t => {
  const { url } = await gatewayTo(t, { service: 'vertex-ai' });
  const httpOptions = { baseUrl: url };
  const google = new GoogleGenAI({ vertexai: true, apiKey: key, httpOptions });
  assert.equal(words((await google.models.generateContent({ model, contents })).text!), 12);
});

test('errors come as the clients know them', async t => {
  const { url } = await gatewayTo(t, { service: 'vertex-ai' });
  const google = googleAt(url, 'wrong').models.generateContent({ model, contents });
  await assert.rejects(
    google,
    (error: unknown) => error instanceof ApiError && error.status === 401,
  );
  const ask = { max_tokens: 9, messages };
  const wrong = anthropicAt(url, 'wrong').messages.create({ ...ask, model });
  await assert.rejects(wrong, Anthropic.AuthenticationError);
  const nowhere = anthropicAt(url).messages.create({ ...ask, model: 'nowhere' });
  await assert.rejects(nowhere, Anthropic.NotFoundError);
});

test('a gateway with a workload identity: one token for all, and another cloud without it', async t => {
  const simcloud = await startSimcloud({ latency: 'zero' });
  t.after(() => simcloud.close());
  const identity = new GoogleIdentity({ subjectTokens: ['a-workload'] });
  await identity.server.listen();
  t.after(() => identity.server.close());
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-vertex-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const keyFile = join(folder, 'external.json');
  const subject = join(folder, 'token');
  writeFileSync(subject, 'a-workload');
  const external = {
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${identity.server.url}/v1/token`,
    credential_source: { file: subject },
  };
  writeFileSync(keyFile, JSON.stringify(external));
  const credential = { type: 'google-adc', keyFile } as const;
  const vertex = { service: 'vertex-ai', endpoint: simcloud.urls.vertexAi, credential } as const;
  const rig = await Rig.start({ deployments: [{ ...vertex, id: 'vertex' }] });
  t.after(() => rig.close());
  const google = googleAt(rig.url);
  const ask = () => google.models.generateContent({ model, contents });
  const all = await Promise.all(Array.from({ length: 20 }, ask));
  assert.ok(all.every(({ text }) => words(text!) === 12));
  assert.equal(identity.made, 1);
});

test('G03: no token to be had is a failure like any other: the next deployment answers', async t => {
  const identity = new GoogleIdentity();
  await identity.server.listen();
  t.after(() => identity.server.close());
  const { chat } = await import('../answers.ts');
  const other = new FakeUpstream(chat);
  await other.listen();
  t.after(() => other.close());
  const credential = { type: 'google-adc', keyFile: '/nowhere/key.json' } as const;
  const rig = await Rig.start({
    deployments: [
      { id: 'vertex', service: 'vertex-ai', endpoint: 'http://127.0.0.1:9', credential },
      { id: 'other', service: 'openai-api', endpoint: other.url },
    ],
  });
  t.after(() => rig.close());
  for (const stream of [false, true]) {
    const answer = await rig.post('/v1/chat/completions', { model, messages, stream });
    assert.equal(answer.status, 200);
    await answer.text();
  }
  const [first] = await rig.records();
  assert.deepEqual(
    first!.attempts.map(({ deployment, failure }) => [deployment, failure]),
    [
      ['vertex', 'auth'],
      ['other', null],
    ],
  );
});
