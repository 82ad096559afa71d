// Proves that events are written as a stream by the rules of the API, and mean the same when they
// are read again, here and by the accumulator of openai's own SDK.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StopReason, StreamEvent } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import fc from 'fast-check';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { checkStream, type Fields } from './response-grammar.ts';
import { decodeStream } from './response-streams.ts';
import { citation, eventsOfBlocks, everyBlock, sampleUsage } from './samples.ts';
import { callsOf, reasoningOf, refusalOf, sdkEvents, sdkFinal } from './sdk.ts';

const stopReasons: readonly StopReason[] = [
  'end',
  'stop_sequence',
  'length',
  'tool_call',
  'content_filter',
  'pause',
  'context_full',
];
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const parts = fc.array(text, { maxLength: 3 });
const blockOf = fc.oneof(
  fc.record({ start: fc.constant({ type: 'text' }), parts: fc.array(text, { minLength: 1 }) }),
  fc.record({ start: fc.constant({ type: 'refusal' }), parts: fc.array(text, { minLength: 1 }) }),
  fc.record({ start: fc.constant({ type: 'thinking' }), parts }),
  fc.record({
    start: fc.constant({ type: 'thinking', issuer: 'anthropic' }),
    parts,
    signature: fc.constant('sig'),
  }),
  fc.record({
    start: fc.constant({ type: 'thinking', issuer: 'openai' }),
    parts,
    signature: fc.constant('{"id":"rs_1","encrypted_content":"gAAAA"}'),
  }),
  fc.record({
    start: fc.constant({ type: 'redacted_thinking', issuer: 'anthropic' }),
    parts: fc.array(text, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ start: fc.constant({ type: 'tool_call', id: 'call', name: 'f' }), parts }),
);

interface GivenBlock {
  readonly start: object;
  readonly parts: readonly string[];
  readonly signature?: string;
}

/** Each call is numbered; where they interleave, all stay open to the end, as openai-chat's do. */
function eventsOf(
  given: readonly GivenBlock[],
  reason: StopReason,
  interleaved: boolean,
): StreamEvent[] {
  const starts: StreamEvent[] = [];
  const rest: StreamEvent[] = [];
  for (const [index, { start, parts: texts, signature }] of given.entries()) {
    const at = { candidate: 0, index };
    const id = 'id' in start ? { id: `call_${index}` } : {};
    starts.push({ type: 'block_start', ...at, block: { ...start, ...id } } as StreamEvent);
    const own: StreamEvent[] = texts.map(piece => ({ type: 'block_delta', ...at, text: piece }));
    if (signature !== undefined) own.push({ type: 'block_signature', ...at, signature });
    own.push({ type: 'block_stop', ...at });
    if (interleaved && 'id' in start) rest.push(...own);
    else starts.push(...own);
  }
  return [
    { type: 'start', id: 'resp_1', model: 'm' },
    ...starts,
    ...rest,
    { type: 'stop', candidate: 0, stop: { reason, raw: 'x' } },
    { type: 'usage', usage: sampleUsage },
    { type: 'end' },
  ];
}

function write(events: readonly StreamEvent[]): Buffer {
  const encoder = openaiResponses.encoder(answerContext);
  const bytes = Buffer.concat(events.map(event => encoder.push(event)));
  const isPaused = events.some(event => event.type === 'stop' && event.stop.reason === 'pause');
  const lost = encoder.losses.map(loss => loss.field);
  assert.deepEqual(lost, isPaused ? ['candidates[0].stop'] : []);
  return bytes;
}

/** A call without arguments has `{}`. */
function withArguments(blocks: readonly GatheredBlock[]): GatheredBlock[] {
  return blocks.map(block =>
    block.type === 'tool_call' ? { ...block, text: block.text || '{}' } : block,
  );
}

function blocksOf(events: readonly StreamEvent[]): GatheredBlock[] {
  return withArguments(gather(events).candidates.get(0) ?? []);
}

const answersOf = fc.tuple(
  fc.array(blockOf, { maxLength: 6 }),
  fc.constantFrom(...stopReasons),
  fc.boolean(),
);

describe('writing', () => {
  test('obeys the rules and is read again as it was', () => {
    fc.assert(
      fc.property(answersOf, ([given, reason, interleaved]) => {
        const events = eventsOf(given, reason, interleaved);
        const bytes = write(events);
        checkStream(bytes);
        const again = decodeStream([bytes]);
        checkEvents(again, { interleaved: true });
        assert.equal(gather(again).last, 'end');
        assert.deepEqual(blocksOf(again), blocksOf(events));
        const counted = again.findLast(event => event.type === 'usage');
        assert.deepEqual(counted?.usage, sampleUsage);
      }),
      { numRuns: 500 },
    );
  });

  test("means the same to the SDK's accumulator", async () => {
    const property = fc.asyncProperty(answersOf, async ([given, reason, interleaved]) => {
      const events = eventsOf(given, reason, interleaved);
      const blocks = blocksOf(events);
      const final = await sdkFinal(write(events));
      const textsOf = (type: string): string[] =>
        blocks.filter(block => block.type === type).map(block => block.text);
      assert.equal(final.output_text, textsOf('text').join(''));
      assert.equal(refusalOf(final), textsOf('refusal').join(''));
      const thoughts = blocks.filter(block => block.type.endsWith('thinking'));
      const shown = thoughts.map(block => (block.type === 'thinking' ? block.text : ''));
      assert.equal(reasoningOf(final), shown.join('|'));
      const calls = blocks.filter(block => block.type === 'tool_call');
      assert.deepEqual(
        callsOf(final),
        calls.map(call => [call.id, call.name, call.text]),
      );
      const cut = ['length', 'context_full', 'content_filter'].includes(reason);
      assert.equal(final.status, cut ? 'incomplete' : 'completed');
      assert.equal(final.usage?.total_tokens, 35);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('the order of events, and every field of theirs', () => {
    const at = (index: number): { candidate: number; index: number } => ({ candidate: 0, index });
    const bytes = write([
      { type: 'start', id: 'resp_1', model: 'm' },
      { type: 'block_start', ...at(0), block: { type: 'thinking', issuer: 'anthropic' } },
      { type: 'block_delta', ...at(0), text: 'Hm' },
      { type: 'block_signature', ...at(0), signature: 'sig' },
      { type: 'block_stop', ...at(0) },
      { type: 'block_start', ...at(1), block: { type: 'text' } },
      { type: 'block_delta', ...at(1), text: 'Hi' },
      { type: 'block_stop', ...at(1) },
      { type: 'block_start', ...at(2), block: { type: 'tool_call', id: 'c1', name: 'f' } },
      { type: 'block_stop', ...at(2) },
      { type: 'stop', candidate: 0, stop: { reason: 'tool_call', raw: 'tool_use' } },
      { type: 'usage', usage: sampleUsage },
      { type: 'end' },
    ]);
    const events = checkStream(bytes);
    const shape = events.map(
      ({ sequence_number: _number, response: _response, ...event }) => event,
    );
    const reasoning = { item_id: 'rs_resp_1_0', output_index: 0, summary_index: 0 };
    const message = { item_id: 'msg_resp_1_1', output_index: 1, content_index: 0 };
    const call = { item_id: 'fc_resp_1_2', output_index: 2 };
    const part = { type: 'output_text', annotations: [], logprobs: [] };
    const thought = (sealed: string, summary: object[]): object => ({
      id: 'rs_resp_1_0',
      type: 'reasoning',
      summary,
      encrypted_content: `entrepot.anthropic.thinking.${sealed}`,
    });
    const said = (status: string, content: object[]): object => ({
      id: 'msg_resp_1_1',
      type: 'message',
      status,
      role: 'assistant',
      content,
    });
    const called = (status: string, args: string): object => ({
      id: 'fc_resp_1_2',
      type: 'function_call',
      status,
      call_id: 'c1',
      name: 'f',
      arguments: args,
    });
    const summary = { type: 'summary_text', text: 'Hm' };
    assert.deepEqual(shape, [
      { type: 'response.created' },
      { type: 'response.in_progress' },
      { type: 'response.output_item.added', output_index: 0, item: thought('', []) },
      {
        type: 'response.reasoning_summary_part.added',
        ...reasoning,
        part: { type: 'summary_text', text: '' },
      },
      { type: 'response.reasoning_summary_text.delta', ...reasoning, delta: 'Hm' },
      { type: 'response.reasoning_summary_text.done', ...reasoning, text: 'Hm' },
      { type: 'response.reasoning_summary_part.done', ...reasoning, part: summary },
      { type: 'response.output_item.done', output_index: 0, item: thought('sig', [summary]) },
      { type: 'response.output_item.added', output_index: 1, item: said('in_progress', []) },
      { type: 'response.content_part.added', ...message, part: { ...part, text: '' } },
      { type: 'response.output_text.delta', ...message, delta: 'Hi', logprobs: [] },
      { type: 'response.output_text.done', ...message, text: 'Hi', logprobs: [] },
      { type: 'response.content_part.done', ...message, part: { ...part, text: 'Hi' } },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: said('completed', [{ ...part, text: 'Hi' }]),
      },
      { type: 'response.output_item.added', output_index: 2, item: called('in_progress', '') },
      { type: 'response.function_call_arguments.delta', ...call, delta: '{}' },
      { type: 'response.function_call_arguments.done', ...call, name: 'f', arguments: '{}' },
      { type: 'response.output_item.done', output_index: 2, item: called('completed', '{}') },
      { type: 'response.completed' },
    ]);
    const last = events.at(-1)!.response as Fields;
    assert.deepEqual(last.usage, {
      input_tokens: 30,
      input_tokens_details: { cached_tokens: 10, cache_write_tokens: 2 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 35,
    });
  });

  test('texts that follow one another are one message, and the last item may be incomplete', () => {
    const events = checkStream(write(eventsOfBlocks(everyBlock, 'length')));
    const { output } = events.at(-1)!.response as { output: Fields[] };
    assert.deepEqual(
      output.map(item => [item.type, item.status]),
      [
        ['reasoning', undefined],
        ['reasoning', undefined],
        ['reasoning', undefined],
        ['reasoning', undefined],
        ['message', 'completed'],
        ['function_call', 'completed'],
        ['function_call', 'completed'],
        ['message', 'incomplete'],
      ],
    );
    assert.equal((output[4]!.content as Fields[]).length, 2);
    assert.deepEqual((output[4]!.content as Fields[])[0]!.annotations, [citation]);
    assert.equal(output[7]!.id, 'msg_1');
    assert.equal(output[7]!.phase, 'final_answer');
    assert.equal(output[0]!.encrypted_content, 'gAAAA');
  });

  test('texts of two messages stay two', () => {
    const of = (id: string): object => ({ item: { dialect: 'openai-responses', value: { id } } });
    const given = ['msg_1', 'msg_2'].map(id => ({
      start: { type: 'text', ...of(id) },
      parts: ['a'],
    }));
    const { output } = checkStream(write(eventsOf(given, 'end', false))).at(-1)!.response as {
      output: Fields[];
    };
    assert.deepEqual(
      output.map(item => item.id),
      ['msg_1', 'msg_2'],
    );
  });

  test('the stream and the whole answer have the same items', () => {
    const stop = { reason: 'length', raw: 'x' } as const;
    const candidates = [{ index: 0, content: everyBlock, stop }];
    const { body } = openaiResponses.encodeResponse(
      { id: 'resp_1', model: 'm', candidates, usage: sampleUsage },
      answerContext,
    );
    const whole = JSON.parse(String(Buffer.from(body))) as Fields;
    const events = checkStream(write(eventsOfBlocks(everyBlock, 'length')));
    assert.deepEqual(events.at(-1)!.response, whole);
  });

  test('probabilities go with their deltas', () => {
    const logprobs = [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }];
    const events = eventsOf([{ start: { type: 'text' }, parts: ['a', 'b'] }], 'end', false);
    const native = { dialect: 'openai-responses', value: { block: 0, logprobs } };
    events.splice(2, 0, { type: 'native', native });
    const bytes = write(events);
    const deltas = checkStream(bytes).filter(event => event.type === 'response.output_text.delta');
    assert.deepEqual(
      deltas.map(event => event.logprobs),
      [logprobs, []],
    );
    const again = decodeStream([bytes]).filter(event => event.type === 'native');
    assert.deepEqual(again, [{ type: 'native', native }]);
  });
});

describe('what is not said', () => {
  test('an error is the last thing said, and the SDK throws it', async () => {
    const events = eventsOf([{ start: { type: 'text' }, parts: ['a'] }], 'end', false).slice(0, 3);
    const error = { class: 'overloaded', message: 'Overloaded' } as const;
    const bytes = write([...events, { type: 'error', error }, { type: 'end' }]);
    const last = checkStream(bytes).at(-1)!;
    const inner = { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded' };
    assert.deepEqual(last, {
      type: 'error',
      sequence_number: 5,
      code: 'overloaded',
      message: 'Overloaded',
      param: null,
      error: inner,
    });
    await assert.rejects(sdkEvents(bytes), /Overloaded/);
    await assert.rejects(sdkFinal(bytes), /Overloaded/);
    const alone = Buffer.from(openaiResponses.encodeStreamError(error));
    await assert.rejects(sdkEvents(alone), /Overloaded/);
    const [, decoded] = decodeStream([alone]);
    assert.deepEqual(decoded, { type: 'error', error: { ...error, code: 'overloaded' } });
  });

  test('what another dialect alone has, and a second answer, are reported', () => {
    const encoder = openaiResponses.encoder(answerContext);
    const native = { dialect: 'anthropic-messages', value: {} };
    const at = { candidate: 0, index: 0 };
    encoder.push({ type: 'block_start', ...at, block: { type: 'native', native } });
    encoder.push({ type: 'native', native });
    encoder.push({ type: 'block_start', candidate: 1, index: 0, block: { type: 'text' } });
    encoder.push({ type: 'block_delta', candidate: 1, index: 0, text: 'x' });
    assert.deepEqual(
      encoder.losses.map(loss => loss.field),
      ['candidates[0].content[0]', 'candidates', 'candidates[1]'],
    );
  });

  test('a filter without words is incomplete, a refusal in words complete, nonsense failed', () => {
    const statusOf = (type: string, reason: StopReason): unknown[] => {
      const events = eventsOf([{ start: { type }, parts: ['a'] }], reason, false);
      const { status, incomplete_details, error } = checkStream(write(events)).at(-1)!
        .response as Fields;
      return [status, incomplete_details, error === null];
    };
    const filtered = { reason: 'content_filter' };
    assert.deepEqual(statusOf('text', 'refusal'), ['incomplete', filtered, true]);
    assert.deepEqual(statusOf('refusal', 'refusal'), ['completed', null, true]);
    assert.deepEqual(statusOf('text', 'content_filter'), ['incomplete', filtered, true]);
    const cut = { reason: 'max_output_tokens' };
    assert.deepEqual(statusOf('text', 'context_full'), ['incomplete', cut, true]);
    assert.deepEqual(statusOf('text', 'malformed'), ['failed', null, false]);
  });
});
