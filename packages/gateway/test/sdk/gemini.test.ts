// Proves that Google's own SDK works against the gateway whatever cloud answers: text, streams,
// calls of tools side by side and their answers, structured output, usage, errors. How: the SDK
// calls a gateway on loopback, behind which the simulated clouds speak their real wire formats.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  ApiError,
  type Content,
  type FunctionCall,
  FunctionCallingConfigMode,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import { key } from '../rig.ts';
import { gatewayTo, type Place, places } from './clouds.ts';

const parameters = {
  type: 'object',
  properties: { port: { type: 'string' }, tons: { type: 'integer' } },
  required: ['port', 'tons'],
};
const tools = [
  {
    functionDeclarations: ['find_ship', 'quote_freight'].map(name => ({
      name,
      description: 'About ships.',
      parametersJsonSchema: parameters,
    })),
  },
];
const ask = (text: string): Content[] => [{ role: 'user', parts: [{ text }] }];
const text = ask('Which port is cheapest? [[simulate input=40 output=24]]');
const twoCalls = ask('Ask for both. [[simulate output=9 tools=2]]');
const model = 'any';

async function client(t: TestContext, place: Omit<Place, 'name'>) {
  const rig = await gatewayTo(t, place);
  return { rig, google: connect(rig.url, key) };
}

function connect(baseUrl: string, apiKey: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
}

/** Everything that a stream said, as one content: what its chats send back. */
function gathered(chunks: readonly GenerateContentResponse[]): Content {
  const parts = chunks.flatMap(chunk => chunk.candidates?.[0]?.content?.parts ?? []);
  return { role: 'model', parts: parts.filter(part => Object.keys(part).length > 0) };
}

function callsOf({ parts = [] }: Content): FunctionCall[] {
  return parts.flatMap(({ functionCall }) => functionCall ?? []);
}

function textOf(chunks: readonly GenerateContentResponse[]): string {
  return chunks.map(chunk => chunk.text ?? '').join('');
}

for (const place of places) {
  describe(`generateContent from ${place.name}`, () => {
    test('text, whole and streamed, with the same words, finish and usage', async t => {
      const { google, rig } = await client(t, place);
      const question = { model, contents: text, config: { systemInstruction: 'Be brief.' } };
      const whole = await google.models.generateContent(question);
      const chunks = await Array.fromAsync(await google.models.generateContentStream(question));
      for (const answer of [[whole], chunks]) {
        assert.ok(textOf(answer).length > 20);
        const last = answer.at(-1)!;
        assert.equal(last.candidates![0]!.finishReason, 'STOP');
        assert.equal(last.usageMetadata!.promptTokenCount, 40);
        assert.equal(last.usageMetadata!.candidatesTokenCount, 24);
      }
      const records = await rig.records();
      assert.equal(records.length, 2);
      for (const record of records) {
        assert.equal(record.outcome, 'ok');
        assert.equal(record.dialect, 'gemini');
        assert.equal(record.inputTokens, 40);
        assert.equal(record.outputTokens, 24);
        assert.equal(record.chargeNanoUsd, 40 * 1000 + 24 * 2000);
      }
    });

    test('two calls of tools side by side, whole and streamed, and the turn after', async t => {
      const { google } = await client(t, place);
      const question = { model, contents: twoCalls, config: { tools } };
      const whole = await google.models.generateContent(question);
      const chunks = await Array.fromAsync(await google.models.generateContentStream(question));
      for (const said of [gathered([whole]), gathered(chunks)]) {
        const calls = callsOf(said);
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0]!.id, calls[1]!.id);
        for (const { args } of calls) {
          assert.equal(typeof args!.port, 'string');
          assert.ok(Number.isInteger(args!.tons));
        }
        const results = calls.map(
          ({ id, name }): Part => ({
            functionResponse: { id: id!, name: name!, response: { output: 'Twelve ships.' } },
          }),
        );
        const turn: Content = { role: 'user', parts: results };
        const after = await google.models.generateContent({
          model,
          contents: [...twoCalls, said, turn],
          config: { tools },
        });
        assert.equal(after.candidates![0]!.finishReason, 'STOP');
        assert.ok(after.text!.length > 0);
      }
    });

    test('a forced tool and an answer to a schema', async t => {
      const { google } = await client(t, place);
      const mode = FunctionCallingConfigMode.ANY;
      const functionCallingConfig = { mode, allowedFunctionNames: ['quote_freight'] };
      const forced = await google.models.generateContent({
        model,
        contents: ask('Quote. [[simulate output=5]]'),
        config: { tools, toolConfig: { functionCallingConfig } },
      });
      assert.deepEqual(
        forced.functionCalls!.map(call => call.name),
        ['quote_freight'],
      );
      const structured = await google.models.generateContent({
        model,
        contents: 'As JSON.',
        config: { responseMimeType: 'application/json', responseJsonSchema: parameters },
      });
      const value = JSON.parse(structured.text!);
      assert.equal(typeof value.port, 'string');
      assert.ok(Number.isInteger(value.tons));
    });

    test('the limit of tokens is kept and said', async t => {
      const { google } = await client(t, place);
      const { candidates } = await google.models.generateContent({
        model,
        contents: ask('At length. [[simulate output=400]]'),
        config: { maxOutputTokens: 16 },
      });
      assert.equal(candidates![0]!.finishReason, 'MAX_TOKENS');
    });
  });
}

test('a chat keeps what it must send back, whoever made it', async t => {
  for (const service of ['gemini-api', 'anthropic-api'] as const) {
    const { google } = await client(t, { service });
    const chat = google.chats.create({ model, config: { tools } });
    const asked = await chat.sendMessage({ message: 'Ask. [[simulate tools=1]]' });
    const [call] = asked.functionCalls!;
    const response = { output: 'Twelve ships.' };
    const functionResponse = { id: call!.id!, name: call!.name!, response };
    const after = await chat.sendMessage({ message: [{ functionResponse }] });
    assert.ok(after.text!.length > 0);
  }
});

test('errors are those that the SDK knows', async t => {
  const { google, rig } = await client(t, { service: 'bedrock' });
  const rejects = (call: Promise<unknown>, status: number, says: RegExp): Promise<void> =>
    assert.rejects(call, error => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.status, status);
      assert.match(error.message, says);
      return true;
    });
  const question = { model, contents: text };
  const wrongKey = connect(rig.url, 'wrong');
  await rejects(wrongKey.models.generateContent(question), 401, /UNAUTHENTICATED/);
  const unknown = { ...question, model: 'no-such' };
  await rejects(google.models.generateContent(unknown), 404, /no-such/);
  const seeded = { ...question, config: { seed: 4 } };
  await rejects(google.models.generateContent(seeded), 400, /generationConfig.seed/);
  await rejects(google.models.generateContentStream(seeded), 400, /generationConfig.seed/);
  const models = await Array.fromAsync(await google.models.list());
  assert.deepEqual(
    models.map(({ name }) => name),
    ['models/any', 'models/also-any'],
  );
});
