// Proves that events are written as a stream by the rules of the API, and mean the same when read
// again, signatures and their issuers included.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StopReason, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import fc from 'fast-check';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { checkChunks } from './chunk-grammar.ts';
import { decodeStream } from './gemini-streams.ts';

const usageOfTest: Usage = {
  inputTokens: 30,
  cachedReadTokens: 10,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 5,
  reasoningTokens: 1,
  audioInputTokens: 4,
  audioOutputTokens: 2,
  webSearches: 0,
  serviceTier: 'standard',
  source: 'provider',
};
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const signed = fc.option(fc.constantFrom('c2ln', 'ErUB+/='), { nil: undefined });
const issuer = fc.constantFrom('google', 'anthropic', 'x-1');
const argsJson = fc
  .dictionary(text, fc.oneof(text, fc.integer()), { minKeys: 1, maxKeys: 2 })
  .map(value => JSON.stringify(value));
const blockOf = fc.oneof(
  fc.record({ kind: fc.constantFrom('text', 'thinking', 'refusal'), parts: texts, signed, issuer }),
  fc.record({ kind: fc.constant('redacted_thinking'), parts: texts, issuer }),
  fc.record({
    kind: fc.constant('tool_call'),
    parts: argsJson.map(json => [json.slice(0, 3), json.slice(3)]),
    signed,
    issuer,
  }),
  fc.record({ kind: fc.constant('tool_call'), parts: fc.constant([]) }),
);
interface Given {
  readonly kind: string;
  readonly parts: readonly string[];
  readonly signed?: string | undefined;
  readonly issuer?: string | undefined;
}

function eventsOf(given: readonly Given[], reason: StopReason = 'end'): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'r1', model: 'm' }];
  for (const [index, { kind, parts, signed: signature, issuer: by }] of given.entries()) {
    const at = { candidate: 0, index };
    const named = kind === 'tool_call' ? { id: `id${index}`, name: 'f' } : {};
    const thinks = kind.endsWith('thinking') && by !== undefined ? { issuer: by } : {};
    events.push({
      type: 'block_start',
      ...at,
      block: { type: kind, ...named, ...thinks },
    } as never);
    for (const part of parts) events.push({ type: 'block_delta', ...at, text: part });
    if (signature !== undefined && kind !== 'refusal') {
      const issuerField = by === undefined || kind === 'thinking' ? {} : { issuer: by };
      events.push({ type: 'block_signature', ...at, signature, ...issuerField });
    }
    events.push({ type: 'block_stop', ...at });
  }
  events.push(
    { type: 'usage', usage: usageOfTest },
    { type: 'stop', candidate: 0, stop: { reason, raw: 'x' } },
    { type: 'end' },
  );
  return events;
}

function write(events: readonly StreamEvent[]): { bytes: Buffer; lost: string[] } {
  const encoder = gemini.encoder(answerContext);
  const bytes = Buffer.concat(events.map(event => encoder.push(event)));
  return { bytes, lost: encoder.losses.map(loss => loss.field) };
}

/** Issuers of the signatures, in their order; those of thinking and calls stand at their start. */
function issuersOf(events: readonly StreamEvent[]): (string | undefined)[] {
  const starts = new Map<number, string | undefined>();
  return events.flatMap(event => {
    if (event.type === 'block_start' && 'issuer' in event.block) {
      starts.set(event.index, event.block.issuer);
    }
    const isSignedCall = event.type === 'block_start' && 'signature' in event.block;
    if (event.type !== 'block_signature' && !isSignedCall) return [];
    if (event.type === 'block_start') return [starts.get(event.index)];
    return [event.issuer ?? starts.get(event.index)];
  });
}

/** Neighbours that the dialect cannot tell apart are one; a refusal is a text. */
function joined(list: readonly GatheredBlock[]): GatheredBlock[] {
  const out: GatheredBlock[] = [];
  for (const { ...block } of list) {
    const type = block.type === 'refusal' ? 'text' : block.type;
    const last = out.at(-1);
    if (type === 'tool_call') block.text ||= '{}';
    const joins = last?.type === type && last.signature === undefined;
    if (!joins || (type !== 'text' && type !== 'thinking')) out.push({ ...block, type });
    else {
      last.text += block.text;
      if (block.signature !== undefined) last.signature = block.signature;
    }
  }
  return out;
}

describe('writing', () => {
  test('obeys the rules and is read again as it was', () => {
    const reasons = fc.constantFrom<StopReason>('end', 'length', 'content_filter', 'malformed');
    fc.assert(
      fc.property(fc.array(blockOf, { maxLength: 6 }), reasons, (given, reason) => {
        const events = eventsOf(given as Given[], reason);
        const { bytes, lost } = write(events);
        assert.deepEqual(lost, []);
        const chunks = checkChunks(bytes);
        assert.ok(chunks.at(-1)!.usageMetadata !== undefined);
        const again = decodeStream([bytes]);
        checkEvents(again, { interleaved: false });
        const [before, after] = [gather(events), gather(again)];
        assert.equal(after.last, 'end');
        const blocks = before.candidates.get(0) ?? [];
        assert.deepEqual(after.candidates.get(0) ?? [], joined(blocks));
        assert.deepEqual(issuersOf(again), issuersOf(events));
        const called = blocks.some(block => block.type === 'tool_call');
        assert.equal(after.stops.get(0), reason === 'end' && called ? 'tool_call' : reason);
        const counted = again.findLast(event => event.type === 'usage');
        assert.deepEqual(counted?.usage, usageOfTest);
      }),
      { numRuns: 500 },
    );
  });

  test('Converse events of two calls, the second without arguments', () => {
    const given = [
      { kind: 'text', parts: ['Let me ', 'look.'] },
      { kind: 'tool_call', parts: ['{"c":', '"Paris"}'] },
      { kind: 'tool_call', parts: [] },
    ];
    const chunks = checkChunks(write(eventsOf(given, 'tool_call')).bytes);
    assert.deepEqual(
      chunks.map(chunk => chunk.candidates![0]!.content.parts),
      [
        [{ text: 'Let me ' }],
        [{ text: 'look.' }],
        [{ functionCall: { id: 'id1', name: 'f', args: { c: 'Paris' } } }],
        [{ functionCall: { id: 'id2', name: 'f', args: {} } }],
        [{ text: '' }],
      ],
    );
    const last = chunks.at(-1)!;
    assert.equal(last.candidates![0]!.finishReason, 'STOP');
    assert.deepEqual(last.usageMetadata, {
      promptTokenCount: 30,
      cachedContentTokenCount: 10,
      candidatesTokenCount: 4,
      thoughtsTokenCount: 1,
      totalTokenCount: 35,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 26 },
        { modality: 'AUDIO', tokenCount: 4 },
      ],
      candidatesTokensDetails: [
        { modality: 'TEXT', tokenCount: 2 },
        { modality: 'AUDIO', tokenCount: 2 },
      ],
      serviceTier: 'standard',
    });
  });

  test("Google's own signature is written as it is, on the very part", () => {
    const given = [
      { kind: 'text', parts: ['a'], signed: 's1', issuer: 'google' },
      { kind: 'tool_call', parts: [], signed: 's2', issuer: 'google' },
    ];
    const parts = checkChunks(write(eventsOf(given)).bytes).map(
      chunk => chunk.candidates![0]!.content.parts[0],
    );
    assert.deepEqual(parts.slice(0, 3), [
      { text: 'a' },
      { text: '', thoughtSignature: 's1' },
      { functionCall: { id: 'id1', name: 'f', args: {} }, thoughtSignature: 's2' },
    ]);
  });

  test('half a call is left out, named, and told as malformed', () => {
    const given = [{ kind: 'tool_call', parts: ['{"a":'] }];
    const finish = (reason: StopReason): unknown[] => {
      const { bytes, lost } = write(eventsOf(given, reason));
      const [last] = checkChunks(bytes).at(-1)!.candidates!;
      return [last!.finishReason, last!.content.parts, lost];
    };
    const lost = ['candidates[0].content[0]'];
    assert.deepEqual(finish('tool_call'), ['MALFORMED_FUNCTION_CALL', [{ text: '' }], lost]);
    assert.deepEqual(finish('length'), ['MAX_TOKENS', [{ text: '' }], lost]);
  });

  test('an error is the last thing said, and no finish comes with it', () => {
    const events = eventsOf([{ kind: 'text', parts: ['a'] }]).slice(0, 3);
    const error = { class: 'overloaded', message: 'Overloaded' } as const;
    const stop = { type: 'stop', candidate: 0, stop: { reason: 'end', raw: '' } } as const;
    const { bytes } = write([...events, stop, { type: 'error', error }, { type: 'end' }]);
    const chunks = checkChunks(bytes);
    assert.deepEqual([chunks.at(-1)!.error?.code, chunks.length], [503, 2]);
    assert.ok(!String(bytes).includes('finishReason'));
    const again = decodeStream([bytes]).at(-1);
    assert.ok(again?.type === 'error' && again.error.class === 'overloaded');
  });

  test('every reason has its word; an own word that means the same is kept', () => {
    const word = (reason: StopReason, raw = ''): unknown => {
      const events = eventsOf([], reason).map(event =>
        event.type === 'stop' ? { ...event, stop: { reason, raw } } : event,
      );
      return checkChunks(write(events).bytes).at(-1)!.candidates![0]!.finishReason;
    };
    assert.equal(word('end'), 'STOP');
    assert.equal(word('stop_sequence', 'stop_sequence'), 'STOP');
    assert.equal(word('tool_call', 'STOP'), 'STOP');
    assert.equal(word('length'), 'MAX_TOKENS');
    assert.equal(word('context_full'), 'MAX_TOKENS');
    assert.equal(word('refusal'), 'SAFETY');
    assert.equal(word('content_filter', 'RECITATION'), 'RECITATION');
    assert.equal(word('content_filter', 'MAX_TOKENS'), 'SAFETY');
    assert.equal(word('malformed', 'UNEXPECTED_TOOL_CALL'), 'UNEXPECTED_TOOL_CALL');
    assert.equal(word('pause'), 'OTHER');
  });

  test('what another dialect alone has is reported, its own is written', () => {
    const at = { candidate: 0, index: 0 };
    const foreign = { dialect: 'anthropic-messages', value: {} };
    const part = { executableCode: { code: '1' } };
    const own = { dialect: 'gemini', value: part };
    const sources = { dialect: 'gemini', value: { index: 0, groundingMetadata: { a: 1 } } };
    const { bytes, lost } = write([
      { type: 'block_start', ...at, block: { type: 'native', native: foreign } },
      { type: 'native', native: foreign },
      { type: 'block_start', ...at, block: { type: 'native', native: own } },
      { type: 'native', native: sources },
    ]);
    assert.deepEqual(lost, ['candidates[0].content[0]', 'candidates']);
    const [first, second] = String(bytes)
      .split('\n\n')
      .map(event => JSON.parse(event.slice('data: '.length) || '{}') as Record<string, unknown[]>);
    assert.deepEqual((first!.candidates![0] as { content: object }).content, {
      parts: [part],
      role: 'model',
    });
    assert.deepEqual((second!.candidates![0] as Record<string, unknown>).groundingMetadata, {
      a: 1,
    });
  });
});
