// Proves that recorded answers of the real service mean here what they mean to Anthropic's own SDK:
// it reads the same bytes, and text, thinking, calls, stop and usage must agree. What is written
// again of them must be to the SDK what it was.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type Anthropic from '@anthropic-ai/sdk';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Block, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { fixture, recordings, recordingsMissing } from '../shared/recordings.ts';
import { checkStream } from './message-grammar.ts';
import { decodeStream, encodeStream, messageStreams } from './message-streams.ts';
import { sdkStreamed, sdkWhole } from './sdk-reader.ts';

const skip = recordingsMissing;

/** What agrees between a reading of ours and one of theirs. */
interface Said {
  readonly text: string;
  readonly thinking: readonly (readonly [string, string])[];
  readonly calls: readonly (readonly [string, string, unknown])[];
  /** Types of the blocks that this dialect alone has. */
  readonly natives: readonly string[];
}

function said(content: readonly Block[]): Said {
  return {
    text: content.map(block => (block.type === 'text' ? block.text : '')).join(''),
    thinking: content.flatMap(block =>
      block.type === 'thinking' ? [[block.text, block.signature ?? '']] : [],
    ),
    calls: content.flatMap(block =>
      block.type === 'tool_call' ? [[block.id, block.name, inputOf(block.argumentsJson)]] : [],
    ),
    natives: content.flatMap(block =>
      block.type === 'native' ? [(block.native.value as { type: string }).type] : [],
    ),
  };
}

function inputOf(argumentsJson: string): unknown {
  return argumentsJson === '' ? {} : JSON.parse(argumentsJson);
}

function theirSaid(content: readonly Anthropic.ContentBlock[]): Said {
  const isDirect = (block: Anthropic.ToolUseBlock): boolean =>
    (block.caller?.type ?? 'direct') === 'direct';
  return {
    text: content.map(block => (block.type === 'text' ? block.text : '')).join(''),
    thinking: content.flatMap(block =>
      block.type === 'thinking' ? [[block.thinking, block.signature ?? '']] : [],
    ),
    calls: content.flatMap(block =>
      block.type === 'tool_use' && isDirect(block) ? [[block.id, block.name, block.input]] : [],
    ),
    natives: content.flatMap(block =>
      block.type === 'text' ||
      block.type === 'thinking' ||
      (block.type === 'tool_use' && isDirect(block))
        ? []
        : [block.type],
    ),
  };
}

/** The blocks of a stream as those of a whole answer. */
function blocksOf(events: readonly StreamEvent[]): Block[] {
  const starts = events.filter(event => event.type === 'block_start');
  const gathered = gather(events).candidates.get(0) ?? [];
  return gathered.map(({ type, text, signature }, place): Block => {
    const { block } = starts[place]!;
    if (block.type === 'tool_call') return { ...block, argumentsJson: text };
    if (block.type === 'native') return block;
    if (type === 'thinking') {
      return { type, text, ...(signature === undefined ? {} : { signature }) };
    }
    return { type: 'text', text };
  });
}

function agreesOnUsage(ours: Usage | null, theirs: Anthropic.Usage): void {
  assert.ok(ours !== null);
  const read = theirs.cache_read_input_tokens ?? 0;
  const written = theirs.cache_creation_input_tokens ?? 0;
  const compacted = compactionOf(theirs);
  assert.equal(ours.inputTokens, theirs.input_tokens + read + written + compacted.input);
  assert.equal(ours.cachedReadTokens, read);
  assert.equal(ours.cacheWrite5mTokens + ours.cacheWrite1hTokens, written);
  assert.equal(ours.outputTokens, theirs.output_tokens + compacted.output);
  assert.equal(ours.webSearches, theirs.server_tool_use?.web_search_requests ?? 0);
  const thinking = theirs.output_tokens_details?.thinking_tokens ?? null;
  assert.equal(ours.reasoningTokens, thinking);
}

interface Iteration {
  readonly type: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** Compacting the context is billed besides; the SDK's types do not know it yet. */
function compactionOf(usage: Anthropic.Usage): { input: number; output: number } {
  const { iterations = [] } = usage as { iterations?: readonly Iteration[] };
  const compaction = iterations.filter(({ type }) => type === 'compaction');
  return {
    input: compaction.reduce((sum, { input_tokens }) => sum + input_tokens, 0),
    output: compaction.reduce((sum, { output_tokens }) => sum + output_tokens, 0),
  };
}

const vercelWholes = [
  'advisor-stop-reasons',
  'clear-tool-uses.1',
  'code-execution-20250825.2',
  'compaction.1',
  'fallback',
  'json-tool.1',
  'mcp.1',
  'programmatic-tool-calling.1',
  'refusal-no-details',
  'text',
  'tool-no-args',
  'web-fetch-tool.error',
  'web-search-tool.1',
].flatMap(file => {
  const body = fixture(`vercel_ai/anthropic____fixtures____anthropic-${file}.json`);
  return body === null ? [] : [{ file, body }];
});
const wholes = [
  ...recordings('messages').filter(({ status, streaming }) => status === 200 && !streaming),
  ...vercelWholes,
];

describe('whole answers', { skip }, () => {
  for (const { file, body } of wholes) {
    test(file, async () => {
      const theirs = await sdkWhole(body);
      const ours = anthropicMessages.decodeResponse(body, {}, answerContext);
      assert.equal(ours.id, theirs.id);
      assert.equal(ours.model, theirs.model);
      const { content, stop } = ours.candidates[0]!;
      assert.deepEqual(said(content), theirSaid(theirs.content));
      assert.equal(stop.raw, theirs.stop_reason);
      assert.equal(stop.sequence, theirs.stop_sequence ?? undefined);
      agreesOnUsage(ours.usage, theirs.usage);
      const read = anthropicMessages.readUsage(body);
      assert.deepEqual(read, { usage: ours.usage, stopRaw: stop.raw });
      const again = anthropicMessages.encodeResponse(ours, answerContext);
      assert.deepEqual(again.losses, []);
      assert.deepEqual(anthropicMessages.decodeResponse(again.body, {}, answerContext), ours);
      const written = await sdkWhole(again.body);
      assert.deepEqual(plain(written.content), plain(theirs.content));
      assert.equal(written.stop_reason, theirs.stop_reason);
    });
  }

  test('are at hand', () => assert.ok(wholes.length > 20));
});

/** Content without fields that say nothing: their absence is the same. */
function plain(content: readonly Anthropic.ContentBlock[]): unknown {
  const isSaid = ([key, value]: [string, unknown]): boolean =>
    !(key === 'citations' && (value === null || (value as unknown[]).length === 0)) &&
    !(key === 'caller' && (value as { type: string }).type === 'direct');
  return content
    .filter(block => block.type !== 'text' || block.text !== '')
    .map(block =>
      block.type === 'text' || block.type === 'tool_use'
        ? Object.fromEntries(Object.entries(block).filter(isSaid))
        : block,
    );
}

describe('streams', { skip }, () => {
  for (const { file, body } of messageStreams()) {
    test(`${file} means what the SDK reads`, async () => {
      const theirs = await sdkStreamed(body);
      const events = decodeStream([body]);
      checkEvents(events, { interleaved: false });
      assert.deepEqual(events[0], { type: 'start', id: theirs.id, model: theirs.model });
      assert.equal(events.at(-1)!.type, 'end');
      assert.deepEqual(said(blocksOf(events)), theirSaid(theirs.content));
      const { stop } = events.find(event => event.type === 'stop')!;
      assert.equal(stop.raw, theirs.stop_reason);
      const usage = events.findLast(event => event.type === 'usage')!.usage;
      if (!body.includes('"compaction"')) agreesOnUsage(usage, theirs.usage);
    });

    test(`${file} is the same to the SDK when it is written again`, async () => {
      const theirs = await sdkStreamed(body);
      const bytes = encodeStream(decodeStream([body]));
      checkStream(bytes);
      const again = await sdkStreamed(bytes);
      assert.deepEqual(plain(again.content), plain(theirs.content));
      for (const key of ['id', 'model', 'stop_reason', 'stop_sequence'] as const) {
        assert.equal(again[key], theirs[key]);
      }
      assert.deepEqual(again.stop_details ?? null, theirs.stop_details ?? null);
      assert.deepEqual(
        decodeStream([bytes]).filter(event => event.type !== 'usage'),
        decodeStream([body]).filter(event => event.type !== 'usage'),
      );
    });

    test(`${file} is told to a caller of openai-chat with the same text and calls`, () => {
      const events = decodeStream([body]);
      const encoder = openaiChat.encoder(answerContext);
      const bytes = Buffer.concat(events.map(event => encoder.push(event)));
      const decoder = openaiChat.decoder(answerContext);
      const again = [...decoder.push(bytes), ...decoder.end()];
      assert.equal(again.at(-1)!.type, 'end');
      const { text, calls } = said(blocksOf(events));
      const told = said(blocksOf(again));
      assert.deepEqual({ text: told.text, calls: told.calls }, { text, calls });
    });
  }

  test('are at hand', () => assert.ok(messageStreams().length > 30));
});
