// Proves that recorded answers of real services mean here what they mean to openai's own SDK: it
// reads the same bytes through a `fetch` of ours, and text, calls, finish and usage must agree.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import OpenAI from 'openai';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';
import { chatStreams, decodeStream } from './chat-streams.ts';

type Completion = OpenAI.Chat.ChatCompletion;
type Chunk = OpenAI.Chat.ChatCompletionChunk;

const skip = recordingsMissing;
const answers = recordings('chat.completions').filter(recording => recording.status === 200);
const wholes = answers.filter(({ streaming, body }) => !streaming && body.includes('"choices"'));
const streams = chatStreams();

function sdk(body: Buffer, contentType: string): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1:1',
    fetch: async () => new Response(body, { headers: { 'content-type': contentType } }),
  });
}

const question = { model: 'm', messages: [{ role: 'user' as const, content: 'q' }] };

async function sdkWhole(body: Buffer): Promise<Completion> {
  return await sdk(body, 'application/json').chat.completions.create(question);
}

async function sdkChunks(body: Buffer): Promise<Chunk[]> {
  const client = sdk(body, 'text/event-stream');
  return await Array.fromAsync(await client.chat.completions.create({ ...question, stream: true }));
}

function usageOf(events: readonly StreamEvent[]): Usage | null {
  return events.findLast(event => event.type === 'usage')?.usage ?? null;
}

function agreesOnUsage(
  ours: Usage | null,
  theirs: OpenAI.CompletionUsage | null | undefined,
): void {
  assert.equal(ours === null, theirs === null || theirs === undefined);
  if (ours === null || !theirs) return;
  assert.equal(ours.inputTokens, theirs.prompt_tokens);
  assert.equal(ours.cachedReadTokens, theirs.prompt_tokens_details?.cached_tokens ?? 0);
  assert.equal(ours.reasoningTokens, theirs.completion_tokens_details?.reasoning_tokens ?? null);
  // Hosts that leave reasoning out of completion_tokens have it in the total.
  assert.equal(
    ours.outputTokens,
    Math.max(theirs.completion_tokens, theirs.total_tokens - theirs.prompt_tokens),
  );
}

function textOf(blocks: readonly Block[]): string {
  return blocks.map(block => (block.type === 'text' ? block.text : '')).join('');
}

describe('whole answers', { skip }, () => {
  for (const { file, body } of wholes) {
    test(file, async () => {
      const theirs = await sdkWhole(body);
      const ours = openaiChat.decodeResponse(body, {}, answerContext);
      assert.equal(ours.id, theirs.id);
      assert.equal(ours.model, theirs.model);
      assert.equal(ours.candidates.length, theirs.choices.length);
      for (const [index, choice] of theirs.choices.entries()) {
        const { finish_reason } = choice;
        // Azure's filter can leave the message out.
        const message: Partial<typeof choice.message> = choice.message ?? {};
        const { content, stop } = ours.candidates[index]!;
        assert.equal(textOf(content), message.content ?? '');
        assert.equal(stop.raw, finish_reason);
        const calls = content.filter(block => block.type === 'tool_call');
        const theirCalls = (message.tool_calls ?? []).filter(call => call.type === 'function');
        assert.deepEqual(
          calls.map(call => [call.name, call.argumentsJson]),
          theirCalls.map(call => [call.function.name, call.function.arguments]),
        );
        assert.equal(stop.reason === 'tool_call', calls.length > 0);
        for (const [place, call] of calls.entries()) {
          assert.equal(call.id, theirCalls[place]!.id || call.id);
          assert.notEqual(call.id, '');
        }
      }
      agreesOnUsage(ours.usage, theirs.usage);
      const read = openaiChat.readUsage(body);
      assert.deepEqual(read.usage, ours.usage);
      assert.equal(read.stopRaw, ours.candidates[0]!.stop.raw);
      const encoded = openaiChat.encodeResponse(ours, answerContext);
      assert.deepEqual(openaiChat.decodeResponse(encoded.body, {}, answerContext), ours);
    });
  }
});

test('an error with status 200 is an error', { skip }, () => {
  const [filtered] = answers.filter(({ body }) => body.includes('ResponsibleAIPolicyViolation'));
  const read = (): unknown => openaiChat.decodeResponse(filtered!.body, {}, answerContext);
  assert.equal(thrown(read).class, 'content_filter');
  assert.equal(thrown(() => openaiChat.readUsage(filtered!.body)).class, 'content_filter');
});

describe('streams', { skip }, () => {
  for (const { file, body } of streams) {
    test(`${file} means what the SDK reads`, async () => {
      const chunks = await sdkChunks(body);
      const events = decodeStream([body]);
      checkEvents(events, { interleaved: true });
      const { candidates, stops, last } = gather(events);
      assert.equal(last, 'end');
      const choices = chunks.flatMap(chunk => chunk.choices);
      const text = choices.map(choice => choice.delta?.content ?? '').join('');
      const blocks = candidates.get(0) ?? [];
      assert.equal(
        blocks
          .filter(b => b.type === 'text')
          .map(b => b.text)
          .join(''),
        text,
      );
      const theirCalls = gatherCalls(choices);
      const calls = blocks.filter(block => block.type === 'tool_call');
      assert.deepEqual(
        calls.map(call => [call.id, call.name, call.text]),
        theirCalls,
      );
      const finish = choices.map(choice => choice.finish_reason).findLast(Boolean);
      const stop = events.find(event => event.type === 'stop')!;
      assert.equal(stop.stop.raw, finish ?? '');
      assert.equal(stops.get(0) === 'tool_call', calls.length > 0);
      agreesOnUsage(usageOf(events), chunks.map(chunk => chunk.usage).findLast(Boolean));
    });
  }
});

function gatherCalls(
  choices: readonly OpenAI.Chat.ChatCompletionChunk.Choice[],
): [string, string, string][] {
  const calls: [string, string, string][] = [];
  const byIndex = new Map<number, [string, string, string]>();
  for (const { delta } of choices) {
    for (const call of delta?.tool_calls ?? []) {
      let known = byIndex.get(call.index);
      if (known === undefined) {
        known = [call.id ?? '', call.function?.name ?? '', ''];
        byIndex.set(call.index, known);
        calls.push(known);
      }
      known[2] += call.function?.arguments ?? '';
    }
  }
  return calls;
}
