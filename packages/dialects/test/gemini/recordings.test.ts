// Proves that recorded answers of real services mean here what they mean to Google's own SDK: it
// reads the same bytes through a `fetch` of ours, and texts, calls, finish and usage must agree.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { type GenerateContentResponse, GoogleGenAI, type Part } from '@google/genai';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { fixture, recordings, recordingsMissing } from '../shared/recordings.ts';
import { decodeStream, geminiStreams } from './gemini-streams.ts';

const skip = recordingsMissing;
const recorded = recordings('generateContent');
const wholes = [
  ...recorded.filter(({ status }) => status === 200),
  ...['reasoning-gemini3', 'reasoning', 'text', 'tool-call-gemini3', 'tool-call'].flatMap(name => {
    const file = `google____fixtures____google-${name}.json`;
    const body = fixture(`vercel_ai/${file}`);
    return body === null ? [] : [{ file, body }];
  }),
];
const streams = geminiStreams();

function sdk(body: Buffer, contentType: string): GoogleGenAI {
  const fetch = async (): Promise<Response> =>
    new Response(body, { headers: { 'content-type': contentType } });
  return new GoogleGenAI({ apiKey: 'none', httpOptions: { fetch } });
}

const question = { model: 'm', contents: 'q' };

async function sdkWhole(body: Buffer): Promise<GenerateContentResponse> {
  return await sdk(body, 'application/json').models.generateContent(question);
}

async function sdkChunks(body: Buffer): Promise<GenerateContentResponse[]> {
  const client = sdk(body, 'text/event-stream');
  return await Array.fromAsync(await client.models.generateContentStream(question));
}

function agreesOnUsage(ours: Usage | null, theirs: GenerateContentResponse['usageMetadata']): void {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = theirs ?? {};
  assert.equal(ours === null, promptTokenCount === undefined);
  if (ours === null || promptTokenCount === undefined) return;
  assert.equal(ours.inputTokens, promptTokenCount + (theirs?.toolUsePromptTokenCount ?? 0));
  assert.equal(ours.outputTokens, (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0));
  assert.equal(ours.reasoningTokens, thoughtsTokenCount ?? null);
  assert.equal(ours.cachedReadTokens, theirs?.cachedContentTokenCount ?? 0);
  assert.equal(ours.inputTokens + ours.outputTokens, theirs?.totalTokenCount);
}

const texts = (parts: readonly Part[], thought: boolean): string =>
  parts
    .filter(part => (part.thought ?? false) === thought)
    .map(part => part.text ?? '')
    .join('');
const saidOf = (blocks: readonly (Block | GatheredBlock)[], type: string): string =>
  blocks.map(block => (block.type === type ? (block as GatheredBlock).text : '')).join('');
const signatures = (parts: readonly Part[]): string[] =>
  parts
    .filter(part => part.text !== undefined || part.functionCall !== undefined)
    .flatMap(part => (part.thoughtSignature ? [part.thoughtSignature] : []));
const calledOf = (parts: readonly Part[]): Part[] =>
  parts.filter(part => part.functionCall?.name !== undefined);
/** The SDK leaves an enum that comes as a number as it is. */
const numbered: Readonly<Record<string, string>> = { 1: 'STOP', 2: 'MAX_TOKENS' };
const word = (finish: unknown): string => numbered[String(finish)] ?? String(finish);

describe('whole answers', { skip }, () => {
  for (const { file, body } of wholes) {
    test(file, async () => {
      const theirs = await sdkWhole(body);
      const ours = gemini.decodeResponse(body, {}, answerContext);
      assert.equal(ours.id, theirs.responseId ?? answerContext.id);
      assert.equal(ours.model, theirs.modelVersion);
      // The SDK leaves it out for the Gemini API, whose answers have none.
      const { createTime } = JSON.parse(String(body)) as { createTime?: string };
      const created = createTime && Date.parse(createTime.replace(/\.\d+Z$/, 'Z')) / 1000;
      assert.equal(ours.createdSeconds, created);
      assert.equal(ours.candidates.length, theirs.candidates?.length);
      const { content, stop } = ours.candidates[0]!;
      const candidate = theirs.candidates![0]!;
      const parts = candidate.content?.parts ?? [];
      assert.equal(saidOf(content, 'text'), texts(parts, false));
      assert.equal(saidOf(content, 'thinking'), texts(parts, true));
      assert.equal(stop.raw, word(candidate.finishReason));
      const calls = content.filter(block => block.type === 'tool_call');
      assert.deepEqual(
        calls.map(call => [call.name, JSON.parse(call.argumentsJson || '{}')]),
        (theirs.functionCalls ?? []).map(call => [call.name, call.args ?? {}]),
      );
      for (const [place, call] of calls.entries()) {
        assert.equal(call.id, theirs.functionCalls![place]!.id ?? call.id);
        assert.notEqual(call.id, '');
        assert.equal(call.signature, calledOf(parts)[place]!.thoughtSignature);
      }
      assert.equal(new Set(calls.map(call => call.id)).size, calls.length);
      assert.equal(stop.reason === 'tool_call', calls.length > 0);
      const signed = content.flatMap(block => ('signature' in block ? [block.signature] : []));
      assert.deepEqual(signed, signatures(parts));
      agreesOnUsage(ours.usage, theirs.usageMetadata);
      assert.deepEqual(gemini.readUsage(body), { usage: ours.usage, stopRaw: stop.raw });
      const encoded = gemini.encodeResponse(ours, answerContext);
      assert.deepEqual(encoded.losses, []);
      const again = gemini.decodeResponse(encoded.body, {}, answerContext);
      assert.deepEqual(again, ours);
    });
  }

  test('are at hand', () => assert.ok(wholes.length >= 25));
});

describe('streams', { skip }, () => {
  for (const { file, body } of streams) {
    test(`${file} means what the SDK reads`, async () => {
      const chunks = await sdkChunks(body);
      const events = decodeStream([body]);
      checkEvents(events, { interleaved: false });
      const { candidates, last } = gather(events);
      assert.equal(last, 'end');
      const blocks = candidates.get(0) ?? [];
      const parts = chunks.flatMap(chunk => chunk.candidates?.[0]?.content?.parts ?? []);
      assert.equal(saidOf(blocks, 'text'), texts(parts, false));
      assert.equal(saidOf(blocks, 'thinking'), texts(parts, true));
      const calls = blocks.filter(block => block.type === 'tool_call');
      assert.deepEqual(
        calls.map(call => [call.name, call.signature]),
        calledOf(parts).map(part => [part.functionCall!.name, part.thoughtSignature]),
      );
      for (const [place, call] of calls.entries()) {
        const { args, id, willContinue } = calledOf(parts)[place]!.functionCall!;
        if (willContinue !== true) assert.deepEqual(JSON.parse(call.text || '{}'), args ?? {});
        assert.equal(call.id, id ?? call.id);
      }
      assert.deepEqual(
        blocks.flatMap(block => block.signature ?? []),
        signatures(parts),
      );
      const stop = events.find(event => event.type === 'stop')!.stop;
      assert.equal(
        stop.raw,
        chunks.map(chunk => chunk.candidates?.[0]?.finishReason).findLast(Boolean),
      );
      assert.equal(stop.reason === 'tool_call', calls.length > 0);
      const usage = events.findLast(event => event.type === 'usage')?.usage ?? null;
      agreesOnUsage(usage, chunks.at(-1)!.usageMetadata);
      rewritten(events);
    });
  }

  test('are at hand', () => assert.ok(streams.length >= 25));
});

/** What a caller of this dialect gets means the same again; only deltas are cut otherwise. */
function rewritten(events: readonly StreamEvent[]): void {
  const encoder = gemini.encoder(answerContext);
  const again = decodeStream(events.map(event => encoder.push(event)));
  assert.deepEqual(encoder.losses, []);
  assert.deepEqual(withArguments(again), withArguments(events));
}

/** A call without arguments is written with empty ones. */
function withArguments(events: readonly StreamEvent[]): ReturnType<typeof gather> {
  const gathered = gather(events);
  for (const block of gathered.candidates.get(0) ?? []) {
    if (block.type === 'tool_call') block.text ||= '{}';
  }
  return gathered;
}

test('recorded errors keep message, word and class', { skip }, () => {
  let read = 0;
  for (const { file, status, headers, body } of recorded) {
    if (status < 400) continue;
    const ours = gemini.decodeError(status, headers, body);
    const { error } = JSON.parse(String(body)) as { error: { message: string; status: string } };
    assert.equal(ours.message, error.message);
    assert.equal(ours.code, error.status);
    assert.equal(ours.class, status === 404 ? 'not_found' : 'invalid_request', file);
    read++;
  }
  assert.ok(read >= 5);
});
