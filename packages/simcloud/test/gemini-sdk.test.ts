// Proves that Google's own client takes simulated Gemini for the real one: whole and streamed,
// calls with their signatures, thoughts, structured output, usage, and errors with their details.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ApiError, type Content, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { start } from './support/start.ts';

async function client(t: TestContext, apiKey = 'simulated-gemini-key') {
  const simcloud = await start(t);
  const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: simcloud.urls.gemini } });
  return { simcloud, google };
}

const model = 'gemini-2.5-flash';
const freight = {
  name: 'quote_freight',
  parametersJsonSchema: {
    type: 'object',
    properties: { from: { type: 'string' }, tons: { type: 'integer' } },
    required: ['from', 'tons'],
  },
};
const tools = [{ functionDeclarations: [freight] }];
const user = (text: string): Content => ({ role: 'user', parts: [{ text }] });

test('text, whole and streamed, with usage', async t => {
  const { google } = await client(t);
  const contents = '[[simulate input=70 output=12]]';
  const whole = await google.models.generateContent({ model, contents });
  assert.equal(whole.text!.split(' ').length, 12);
  assert.equal(whole.candidates![0]!.finishReason, 'STOP');
  assert.equal(whole.usageMetadata!.promptTokenCount, 70);
  assert.equal(whole.usageMetadata!.candidatesTokenCount, 12);
  assert.equal(whole.modelVersion, model);
  const stream = await google.models.generateContentStream({ model, contents });
  const chunks = await Array.fromAsync(stream);
  assert.equal(
    chunks
      .map(chunk => chunk.text ?? '')
      .join('')
      .split(' ').length,
    12,
  );
  assert.equal(chunks.at(-1)!.usageMetadata!.candidatesTokenCount, 12);
});

test('calls come back with their signature, or are refused', async t => {
  const { google } = await client(t);
  const young = 'gemini-3-flash';
  const question = user('[[simulate tools=2]]');
  const config = { tools };
  const asked = await google.models.generateContent({ model: young, contents: [question], config });
  const content = asked.candidates![0]!.content!;
  const calls = asked.functionCalls!;
  assert.equal(calls.length, 2);
  assert.ok(Number.isInteger(calls[0]!.args!.tons));
  assert.ok(content.parts![0]!.thoughtSignature);
  const answers: Content = {
    role: 'user',
    parts: calls.map(({ id, name }) => ({
      functionResponse: { id: id!, name: name!, response: { output: '12' } },
    })),
  };
  const ask = (said: Content, ...more: Content[]) =>
    google.models.generateContent({ model: young, contents: [question, said, ...more], config });
  assert.ok((await ask(content, answers)).text!.length > 0);
  const bare = {
    ...content,
    parts: content.parts!.map(({ functionCall }) => ({ functionCall: functionCall! })),
  };
  await assert.rejects(ask(bare, answers), /missing a thought_signature/);
  await assert.rejects(ask(content), /number of function response parts/);
});

test('a forced call, an answer to a schema, a limit, and thoughts when they are asked for', async t => {
  const { google } = await client(t);
  const mode = FunctionCallingConfigMode.ANY;
  const forced = await google.models.generateContent({
    model,
    contents: 'Quote.',
    config: { tools, toolConfig: { functionCallingConfig: { mode } } },
  });
  assert.equal(forced.functionCalls![0]!.name, 'quote_freight');
  const structured = await google.models.generateContent({
    model,
    contents: 'As JSON.',
    config: {
      responseMimeType: 'application/json',
      responseJsonSchema: freight.parametersJsonSchema,
    },
  });
  assert.ok(Number.isInteger(JSON.parse(structured.text!).tons));
  const cut = await google.models.generateContent({
    model,
    contents: '[[simulate output=400]]',
    config: { maxOutputTokens: 16 },
  });
  assert.equal(cut.candidates![0]!.finishReason, 'MAX_TOKENS');
  const thinkingConfig = { includeThoughts: true };
  const thought = await google.models.generateContent({
    model,
    contents: '[[simulate output=5 thinking=20]]',
    config: { thinkingConfig },
  });
  const [first, last] = thought.candidates![0]!.content!.parts!;
  assert.equal(first!.thought, true);
  assert.ok(last!.thoughtSignature);
  assert.equal(thought.usageMetadata!.thoughtsTokenCount, 20);
});

test('errors are statuses with their words and details', async t => {
  const { google, simcloud } = await client(t);
  const rejects = async (call: Promise<unknown>, status: number, says: RegExp): Promise<void> => {
    await assert.rejects(call, error => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.status, status);
      assert.match(error.message, says);
      return true;
    });
  };
  const ask = (to: GoogleGenAI, name = model) =>
    to.models.generateContent({ model: name, contents: 'Hi' });
  const wrong = new GoogleGenAI({
    apiKey: 'wrong',
    httpOptions: { baseUrl: simcloud.urls.gemini },
  });
  await rejects(ask(wrong), 400, /API_KEY_INVALID/);
  await rejects(ask(google, 'nothing'), 404, /NOT_FOUND/);
  const faults = [
    ['rate-limit', 429, /RESOURCE_EXHAUSTED.*"retryDelay":"1s"/s],
    ['overloaded', 503, /UNAVAILABLE/],
    ['server-error', 500, /INTERNAL/],
  ] as const;
  for (const [kind, status, says] of faults) {
    await simcloud.setFaults('gemini', [{ kind }]);
    await rejects(ask(google), status, says);
  }
  await simcloud.setFaults('gemini', [{ kind: 'in-stream-error', afterEvents: 1 }]);
  const stream = await google.models.generateContentStream({ model, contents: 'Hi' });
  await rejects(Array.fromAsync(stream), 503, /overloaded/);
});
