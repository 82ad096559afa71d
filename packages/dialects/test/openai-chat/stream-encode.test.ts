// Proves that events are written as a stream by the rules of the API, and mean the same when read
// again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StopReason, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { decodeStream } from './chat-streams.ts';
import { checkChunks } from './chunk-grammar.ts';

const stopReasons: readonly StopReason[] = [
  'end',
  'length',
  'tool_call',
  'content_filter',
  'pause',
  'context_full',
];
const usageOfTest: Usage = {
  inputTokens: 30,
  cachedReadTokens: 10,
  cacheWrite5mTokens: 2,
  cacheWrite1hTokens: 0,
  outputTokens: 5,
  reasoningTokens: 1,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  webSearches: 0,
  serviceTier: null,
  source: 'provider',
};
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const blockOf = fc.oneof(
  fc.record({
    kind: fc.constantFrom('text', 'thinking', 'refusal'),
    parts: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('signed'), parts: fc.array(text, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('redacted_thinking'),
    parts: fc.array(text, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({ kind: fc.constant('tool_call'), parts: fc.array(text, { maxLength: 3 }) }),
);

function eventsOf(
  given: readonly { kind: string; parts: readonly string[] }[],
  reason: StopReason,
): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'c1', model: 'm' }];
  for (const [index, { kind, parts }] of given.entries()) {
    const at = { candidate: 0, index };
    const type = kind === 'signed' ? 'thinking' : kind;
    const block = type === 'tool_call' ? { type, id: `id${index}`, name: 'f' } : { type };
    events.push({ type: 'block_start', ...at, block } as StreamEvent);
    for (const part of parts) events.push({ type: 'block_delta', ...at, text: part });
    if (kind === 'signed') events.push({ type: 'block_signature', ...at, signature: 'sig' });
    events.push({ type: 'block_stop', ...at });
  }
  events.push(
    { type: 'stop', candidate: 0, stop: { reason, raw: 'x' } },
    { type: 'usage', usage: usageOfTest },
    { type: 'end' },
  );
  return events;
}

function write(events: readonly StreamEvent[], includeUsage: boolean): Buffer {
  const encoder = openaiChat.encoder({ ...answerContext, includeUsage });
  return Buffer.concat(events.map(event => encoder.push(event)));
}

/** Neighbours that the dialect cannot tell apart are one; a call without arguments has `{}`. */
function joined(list: readonly GatheredBlock[]): GatheredBlock[] {
  const out: GatheredBlock[] = [];
  for (const { ...block } of list) {
    const last = out.at(-1);
    if (block.type === 'tool_call') block.text ||= '{}';
    const joins = last?.type === block.type && last.signature === undefined;
    if (!joins || !['text', 'thinking', 'refusal'].includes(block.type)) out.push(block);
    else {
      last.text += block.text;
      if (block.signature !== undefined) last.signature = block.signature;
    }
  }
  return out;
}

describe('writing', () => {
  test('obeys the rules and is read again as it was', () => {
    fc.assert(
      fc.property(
        fc.array(blockOf, { maxLength: 6 }),
        fc.constantFrom(...stopReasons),
        fc.boolean(),
        (given, reason, includeUsage) => {
          const events = eventsOf(given, reason);
          const bytes = write(events, includeUsage);
          checkChunks(bytes, includeUsage);
          const again = decodeStream([bytes]);
          checkEvents(again, { interleaved: true });
          const before = gather(events);
          const after = gather(again);
          assert.equal(after.last, 'end');
          assert.deepEqual(
            joined(after.candidates.get(0) ?? []),
            joined(before.candidates.get(0) ?? []),
          );
          const counted = again.findLast(event => event.type === 'usage');
          assert.deepEqual(counted?.usage, includeUsage ? usageOfTest : undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('Converse events of two calls, the second without arguments', () => {
    const at = (index: number): { candidate: number; index: number } => ({ candidate: 0, index });
    const usage = {
      ...usageOfTest,
      inputTokens: 120,
      cachedReadTokens: 100,
      cacheWrite5mTokens: 0,
      outputTokens: 15,
      reasoningTokens: null,
    };
    const bytes = write(
      [
        { type: 'start', id: 'x', model: 'm' },
        { type: 'block_start', ...at(0), block: { type: 'text' } },
        { type: 'block_delta', ...at(0), text: 'Let me ' },
        { type: 'block_delta', ...at(0), text: 'look.' },
        { type: 'block_stop', ...at(0) },
        {
          type: 'block_start',
          ...at(1),
          block: { type: 'tool_call', id: 'tooluse_A', name: 'wx' },
        },
        { type: 'block_delta', ...at(1), text: '{"c":' },
        { type: 'block_delta', ...at(1), text: '"Paris"}' },
        { type: 'block_stop', ...at(1) },
        {
          type: 'block_start',
          ...at(2),
          block: { type: 'tool_call', id: 'tooluse_B', name: 'now' },
        },
        { type: 'block_stop', ...at(2) },
        { type: 'stop', candidate: 0, stop: { reason: 'tool_call', raw: 'tool_use' } },
        { type: 'usage', usage },
        { type: 'end' },
      ],
      true,
    );
    const chunks = checkChunks(bytes, true);
    const start = (index: number, id: string, name: string): object => ({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
    const more = (index: number, args: string): object => ({
      tool_calls: [{ index, function: { arguments: args } }],
    });
    assert.deepEqual(
      chunks.slice(0, -1).map(chunk => chunk.choices[0]!.delta),
      [
        { role: 'assistant', content: '' },
        { content: 'Let me ' },
        { content: 'look.' },
        start(0, 'tooluse_A', 'wx'),
        more(0, '{"c":'),
        more(0, '"Paris"}'),
        start(1, 'tooluse_B', 'now'),
        more(1, '{}'),
        {},
      ],
    );
    assert.equal(chunks.at(-2)!.choices[0]!.finish_reason, 'tool_calls');
    assert.deepEqual(chunks.at(-1)!.usage, {
      prompt_tokens: 120,
      completion_tokens: 15,
      total_tokens: 135,
      prompt_tokens_details: { cached_tokens: 100, audio_tokens: 0 },
      completion_tokens_details: { audio_tokens: 0 },
    });
  });

  test('an error is the last thing said, without [DONE]', () => {
    const events = eventsOf([{ kind: 'text', parts: ['a'] }], 'end').slice(0, 3);
    const error = { class: 'overloaded', message: 'Overloaded' } as const;
    const bytes = write([...events, { type: 'error', error }, { type: 'end' }], true);
    const chunks = checkChunks(bytes, true);
    assert.deepEqual(chunks.at(-1)!.error, {
      message: 'Overloaded',
      type: 'server_error',
      param: null,
      code: 'overloaded',
    });
    assert.doesNotMatch(String(bytes), /DONE/);
    assert.deepEqual(
      Buffer.from(openaiChat.encodeStreamError(error)),
      bytes.subarray(bytes.lastIndexOf('data: ')),
    );
  });

  test('what another dialect alone has is reported', () => {
    const encoder = openaiChat.encoder(answerContext);
    const native = { dialect: 'anthropic-messages', value: {} };
    encoder.push({
      type: 'block_start',
      candidate: 0,
      index: 0,
      block: { type: 'native', native },
    });
    encoder.push({ type: 'native', native });
    assert.deepEqual(
      encoder.losses.map(loss => loss.field),
      ['candidates[0].content[0]', 'candidates'],
    );
  });

  test('a filter without words finishes with content_filter, a refusal in words with stop', () => {
    const finish = (kind: string): string | null => {
      const events = eventsOf([{ kind, parts: ['a'] }], 'refusal');
      return checkChunks(write(events, false), false).at(-1)!.choices[0]!.finish_reason;
    };
    assert.equal(finish('text'), 'content_filter');
    assert.equal(finish('refusal'), 'stop');
  });
});
