// Proves that events are written as a stream that Amazon's own client reads, by the rules of the
// service, and mean the same when read again; and that odd streams of upstreams are understood.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { StopReason, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream, encodeStream, read, wire } from './converse-streams.ts';
import { sdkStreamed } from './sdk-reader.ts';

const usageOfTest: Usage = {
  inputTokens: 120,
  cachedReadTokens: 70,
  cacheWrite5mTokens: 20,
  cacheWrite1hTokens: 10,
  outputTokens: 15,
  reasoningTokens: null,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  webSearches: 0,
  serviceTier: 'flex',
  source: 'provider',
};

const at = (index: number, candidate = 0): { candidate: number; index: number } => ({
  candidate,
  index,
});
const start: StreamEvent = { type: 'start', id: 'x', model: 'm' };
const stop = (reason: StopReason, raw = ''): StreamEvent => ({
  type: 'stop',
  candidate: 0,
  stop: { reason, raw },
});
const open = (index: number, type: 'text' | 'thinking' | 'refusal'): StreamEvent => ({
  type: 'block_start',
  ...at(index),
  block: { type },
});
const openCall = (index: number, id: string): StreamEvent => ({
  type: 'block_start',
  ...at(index),
  block: { type: 'tool_call', id, name: 'wx' },
});
const delta = (index: number, text: string): StreamEvent => ({
  type: 'block_delta',
  ...at(index),
  text,
});
const close = (index: number): StreamEvent => ({ type: 'block_stop', ...at(index) });
const usage: StreamEvent = { type: 'usage', usage: usageOfTest };
const end: StreamEvent = { type: 'end' };

/** The grammar of the service's streams, as callers rely on it. */
function checkFrames(bytes: Uint8Array): void {
  const frames = read(bytes);
  assert.deepEqual(frames[0], ['messageStart', { role: 'assistant' }]);
  assert.deepEqual(
    frames.slice(-2).map(([name]) => name),
    ['messageStop', 'metadata'],
  );
  let place = 0;
  let isOpen = false;
  for (const [name, payload] of frames.slice(1, -2)) {
    assert.equal(payload.contentBlockIndex, place);
    if (name === 'contentBlockStart') assert.equal(isOpen, false);
    else if (name === 'contentBlockStop') assert.equal(isOpen, true);
    else assert.equal(name, 'contentBlockDelta');
    isOpen = name !== 'contentBlockStop';
    if (!isOpen) place++;
  }
  assert.equal(isOpen, false);
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const blockOf = fc.oneof(
  fc.record({
    kind: fc.constantFrom('text', 'thinking', 'signed', 'tool_call'),
    parts: fc.array(text, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('redacted_thinking'),
    parts: fc.array(fc.constantFrom('AAAA', 'BBBB'), { minLength: 1, maxLength: 2 }),
  }),
);
type Given = readonly { readonly kind: string; readonly parts: readonly string[] }[];

/** Events of each block, in order. */
function blockEvents(given: Given): StreamEvent[][] {
  return given.map(({ kind, parts }, index) => {
    const type = kind === 'signed' ? 'thinking' : kind;
    const block = type === 'tool_call' ? { type, id: `id${index}`, name: 'f' } : { type };
    return [
      { type: 'block_start', ...at(index), block } as StreamEvent,
      ...parts.map(part => delta(index, part)),
      ...(kind === 'signed'
        ? [{ type: 'block_signature', ...at(index), signature: 'sig' } as const]
        : []),
      close(index),
    ];
  });
}

/** Blocks that say nothing leave no trace; a call does without arguments too. */
function saying(blocks: readonly GatheredBlock[]): object[] {
  return blocks
    .filter(block => block.type === 'tool_call' || block.text !== '' || block.signature)
    .map(block => ({ ...block }));
}

describe('writing', () => {
  test('obeys the rules and is read again as it was, also when blocks come in turns', () => {
    const plans = fc.tuple(
      fc.array(blockOf, { maxLength: 5 }),
      fc.array(fc.nat(4), { maxLength: 60 }),
      fc.constantFrom<StopReason>('end', 'length', 'tool_call', 'content_filter', 'context_full'),
    );
    fc.assert(
      fc.property(plans, ([given, turns, reason]) => {
        const queues = blockEvents(given);
        const mixed: StreamEvent[] = [];
        for (const turn of turns) {
          const next = queues[turn]?.shift();
          if (next !== undefined) mixed.push(next);
        }
        const events = [start, ...mixed, ...queues.flat(), usage, stop(reason), end];
        checkEvents(events, { interleaved: true });
        const bytes = encodeStream(events);
        checkFrames(bytes);
        const again = decodeStream([bytes]);
        checkEvents(again, { interleaved: false });
        const { candidates, stops, last } = gather(again);
        assert.equal(last, 'end');
        assert.equal(stops.get(0), reason);
        const before = saying(gather(events).candidates.get(0) ?? []);
        const after = saying(candidates.get(0) ?? []);
        const order = (one: object, other: object): number =>
          JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
        assert.deepEqual(after.sort(order), before.sort(order));
        assert.deepEqual(again.findLast(event => event.type === 'usage')?.usage, usageOfTest);
      }),
      { numRuns: 300 },
    );
  });

  test("is what Amazon's own client reads", async () => {
    const events = await sdkStreamed(
      encodeStream([
        start,
        open(0, 'thinking'),
        delta(0, 'hm'),
        { type: 'block_signature', ...at(0), signature: 'sig' },
        close(0),
        { type: 'block_start', ...at(1), block: { type: 'redacted_thinking' } },
        delta(1, 'AQID'),
        close(1),
        open(2, 'text'),
        delta(2, 'Hé 👋'),
        close(2),
        openCall(3, 'a b'),
        close(3),
        { type: 'stop', candidate: 0, stop: { reason: 'stop_sequence', raw: '', sequence: 'END' } },
        usage,
        end,
      ]),
    );
    const deltas = events.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? []);
    assert.deepEqual(deltas.slice(0, 2), [
      { reasoningContent: { text: 'hm' } },
      { reasoningContent: { signature: 'sig' } },
    ]);
    const hidden = deltas[2]?.reasoningContent?.redactedContent;
    assert.deepEqual([...hidden!], [1, 2, 3]);
    assert.equal(deltas[3]?.text, 'Hé 👋');
    const call = events.find(event => event.contentBlockStart)?.contentBlockStart;
    assert.deepEqual(call?.start?.toolUse, { toolUseId: 'tooluse_entrepot_1', name: 'wx' });
    const { stopReason, additionalModelResponseFields } = events.at(-2)!.messageStop!;
    assert.equal(stopReason, 'stop_sequence');
    assert.deepEqual(additionalModelResponseFields, { stop_sequence: 'END' });
    const { usage: counted, serviceTier } = events.at(-1)!.metadata!;
    assert.deepEqual(
      { ...counted, cacheDetails: counted!.cacheDetails!.map(detail => ({ ...detail })) },
      {
        inputTokens: 20,
        outputTokens: 15,
        totalTokens: 135,
        cacheReadInputTokens: 70,
        cacheWriteInputTokens: 30,
        cacheDetails: [
          { ttl: '1h', inputTokens: 10 },
          { ttl: '5m', inputTokens: 20 },
        ],
      },
    );
    assert.equal(serviceTier?.type, 'flex');
  });

  test('parallel calls of a Chat Completions stream come one after the other', () => {
    const calls = (...tool_calls: object[]): object => ({
      choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }],
    });
    const first = { index: 0, id: 'c1', function: { name: 'f', arguments: '' } };
    const second = { index: 1, id: 'c2', function: { name: 'g', arguments: '{"b"' } };
    const chunks = [
      { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi' } }] },
      calls(first, second),
      calls({ index: 0, function: { arguments: '{"a"' } }),
      calls({ index: 1, function: { arguments: ':2}' } }),
      calls({ index: 0, function: { arguments: ':1}' } }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ].map(chunk => `data: ${JSON.stringify({ id: 'x', model: 'm', ...chunk })}\n\n`);
    const decoder = openaiChat.decoder(answerContext);
    const events = decoder.push(Buffer.from(`${chunks.join('')}data: [DONE]\n\n`));
    checkEvents(events, { interleaved: true });
    const bytes = encodeStream(events);
    checkFrames(bytes);
    assert.deepEqual(
      (gather(decodeStream([bytes])).candidates.get(0) ?? []).map(block => ({ ...block })),
      [
        { type: 'text', text: 'Hi' },
        { type: 'tool_call', id: 'c1', name: 'f', text: '{"a":1}' },
        { type: 'tool_call', id: 'c2', name: 'g', text: '{"b":2}' },
      ],
    );
  });

  test('the first of blocks that are open at a time is not held back', () => {
    const encoder = bedrockConverse.encoder(answerContext);
    for (const event of [start, openCall(0, 'a'), openCall(1, 'b')]) encoder.push(event);
    assert.equal(encoder.push(delta(1, '{}')).length, 0);
    assert.notEqual(encoder.push(delta(0, '{}')).length, 0);
    const released = read(encoder.push(close(0)));
    assert.deepEqual(
      released.map(([name]) => name),
      ['contentBlockStop', 'contentBlockStart', 'contentBlockDelta'],
    );
  });

  test('what cannot be said is named once, and nothing follows the end', () => {
    const encoder = bedrockConverse.encoder(answerContext);
    const foreign = { dialect: 'openai-chat', value: { index: 0 } };
    const events: StreamEvent[] = [
      start,
      { type: 'block_start', ...at(0), block: { type: 'native', native: foreign } },
      close(0),
      { type: 'native', native: foreign },
      { type: 'block_start', ...at(0, 1), block: { type: 'text' } },
      { type: 'block_delta', ...at(0, 1), text: 'second' },
      { type: 'block_start', ...at(1), block: { type: 'redacted_thinking' } },
      delta(1, 'not base64'),
      close(1),
      stop('end'),
      end,
    ];
    checkFrames(Buffer.concat(events.map(event => encoder.push(event))));
    assert.deepEqual(
      encoder.losses.map(({ field }) => field),
      ['candidates[0].content[0]', 'candidates', 'candidates[1]', 'candidates[0].content[1]'],
    );
    for (const event of [openCall(2, 'late'), end]) assert.equal(encoder.push(event).length, 0);
  });

  test('an error ends the stream as the exception of its class, for the client too', async () => {
    const error = { class: 'rate_limit', message: 'slow down' } as const;
    const bytes = encodeStream([start, open(0, 'text'), delta(0, 'a'), { type: 'error', error }]);
    await assert.rejects(sdkStreamed(bytes), { name: 'ThrottlingException', message: 'slow down' });
    const last = decodeStream([bytes]).at(-1)!;
    assert.ok(last.type === 'error');
    assert.deepEqual(last.error, { ...error, code: 'ThrottlingException' });
  });
});

const messageStart = wire('messageStart', { role: 'assistant' });
const say = (index: number, piece: object): Uint8Array =>
  wire('contentBlockDelta', { contentBlockIndex: index, delta: piece });
const ended = (index: number): Uint8Array => wire('contentBlockStop', { contentBlockIndex: index });
const messageStop = wire('messageStop', { stopReason: 'end_turn' });
const metadata = wire('metadata', { usage: { inputTokens: 3, outputTokens: 4 } });

function blocksOf(...pieces: readonly Uint8Array[]): object[] {
  const events = decodeStream([messageStart, ...pieces, messageStop, metadata]);
  checkEvents(events, { interleaved: false });
  assert.equal(events.at(-1)?.type, 'end');
  return (gather(events).candidates.get(0) ?? []).map(block => ({ ...block }));
}

describe('reading', () => {
  test('an answer is whole when its stop and its usage have come, in any order', () => {
    const last = (...pieces: readonly Uint8Array[]): string =>
      decodeStream([messageStart, say(0, { text: 'a' }), ...pieces]).at(-1)!.type;
    assert.equal(last(ended(0), messageStop, metadata), 'end');
    assert.equal(last(metadata, messageStop), 'end');
    assert.equal(last(ended(0), messageStop), 'error');
    assert.equal(last(ended(0), metadata), 'error');
    const junk = Buffer.from('what follows is not read');
    assert.equal(last(messageStop, metadata, junk), 'end');
    assert.equal(last(Buffer.concat([messageStop, metadata, junk])), 'end');
  });

  test('blocks that begin with their first delta, empty ones, and those never ended', () => {
    assert.deepEqual(
      blocksOf(
        say(0, { text: '' }),
        ended(0),
        wire('contentBlockStart', { contentBlockIndex: 1, start: {} }),
        say(1, { text: 'a' }),
        say(2, { text: 'b' }),
        wire('unknownEvent', { x: 1 }),
      ),
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    );
  });

  test('blocks in turns come out one after the other', () => {
    const call = (index: number): Uint8Array => {
      const toolUse = { toolUseId: `t${index}`, name: 'f' };
      return wire('contentBlockStart', { contentBlockIndex: index, start: { toolUse } });
    };
    const input = (index: number, part: string): Uint8Array =>
      say(index, { toolUse: { input: part } });
    assert.deepEqual(
      blocksOf(call(0), call(1), input(1, '{'), input(0, '{}'), input(1, '}'), ended(1), ended(0)),
      [
        { type: 'tool_call', id: 't0', name: 'f', text: '{}' },
        { type: 'tool_call', id: 't1', name: 'f', text: '{}' },
      ],
    );
  });

  test('a signature alone is thinking; hidden thinking in pieces becomes one', () => {
    const reason = (index: number, reasoningContent: object): Uint8Array =>
      say(index, { reasoningContent });
    assert.deepEqual(
      blocksOf(
        reason(0, { text: '' }),
        reason(0, { signature: 's' }),
        ended(0),
        reason(1, { redactedContent: Buffer.from('ab').toString('base64') }),
        reason(1, { redactedContent: Buffer.from('cd').toString('base64') }),
        ended(1),
      ),
      [
        { type: 'thinking', text: '', signature: 's' },
        { type: 'redacted_thinking', text: Buffer.from('abcd').toString('base64') },
      ],
    );
  });

  test('an emoji that is cut between two deltas is put together', () => {
    const [high, low] = ['\ud83d', '\udc4b'];
    assert.deepEqual(blocksOf(say(0, { text: `a${high}` }), say(0, { text: `${low}b` })), [
      { type: 'text', text: 'a👋b' },
    ]);
    // A half that never meets its other is kept, too.
    assert.deepEqual(blocksOf(say(0, { text: `a${high}` }), ended(0)), [
      { type: 'text', text: `a${high}` },
    ]);
  });

  test('a tool that the service runs itself is not for the caller to answer', () => {
    const toolUse = { toolUseId: 't', name: 'code', type: 'server_tool_use' };
    const events = decodeStream([
      messageStart,
      wire('contentBlockStart', { contentBlockIndex: 0, start: { toolUse } }),
      say(0, { toolUse: { input: '{}' } }),
      ended(0),
      messageStop,
      metadata,
    ]);
    checkEvents(events, { interleaved: false });
    const block = events.find(event => event.type === 'block_start')?.block;
    assert.equal(block?.type, 'native');
    assert.deepEqual(decodeStream([encodeStream(events)]), events);
  });

  test('what is not a stream of this dialect is refused', () => {
    const refused: readonly (readonly Uint8Array[])[] = [
      [Buffer.from('<html>502 Bad Gateway</html>')],
      [messageStart, say(0, { toolUse: { input: '{}' } })],
      [messageStart, say(0, { text: 'a' }), messageStart],
      [messageStart, messageStop, say(0, { text: 'a' })],
      [messageStart, messageStop, messageStop],
    ];
    for (const pieces of refused) {
      assert.equal(thrown(() => decodeStream(pieces)).class, 'upstream');
    }
  });
});

describe('a tap', () => {
  test('begins with content, and stops at an exception', () => {
    const tap = bedrockConverse.tap({ hideUsage: true });
    const pieces = [messageStart, say(0, { text: '' })];
    for (const piece of pieces) assert.deepEqual(Buffer.from(tap.push(piece)), Buffer.from(piece));
    assert.equal(tap.started, false);
    tap.push(say(0, { text: 'a' }));
    assert.equal(tap.started, true);
    const error = { class: 'overloaded', message: 'busy' } as const;
    const exception = bedrockConverse.encodeStreamError(error);
    assert.equal(tap.push(Buffer.concat([exception, messageStop])).length, 0);
    assert.equal(tap.error?.class, 'overloaded');
    assert.equal(tap.push(messageStop).length, 0);
    assert.equal(tap.complete, false);
  });

  test('begins with a call, and with nothing but a stop', () => {
    const begun = (piece: Uint8Array): boolean => {
      const tap = bedrockConverse.tap({ hideUsage: false });
      tap.push(piece);
      return tap.started;
    };
    const toolUse = { toolUseId: 't', name: 'f' };
    assert.ok(begun(wire('contentBlockStart', { contentBlockIndex: 0, start: { toolUse } })));
    assert.ok(begun(say(0, { reasoningContent: { signature: 's' } })));
    assert.ok(begun(messageStop));
    assert.ok(!begun(metadata) && !begun(ended(0)));
  });

  test('passes nothing of what follows the end', () => {
    const tap = bedrockConverse.tap({ hideUsage: false });
    const whole = Buffer.concat([messageStart, say(0, { text: 'a' }), messageStop, metadata]);
    assert.ok(Buffer.from(tap.push(Buffer.concat([whole, messageStart]))).equals(whole));
    assert.ok(tap.complete);
    assert.equal(tap.push(Buffer.from('junk')).length, 0);
  });
});
