// Proves that streams of hosts that say less, more or otherwise than the API are read for what
// they mean, and that nothing is taken for whole that is not.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalError, StreamEvent } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream } from './response-streams.ts';

function bytesOf(events: readonly object[]): Buffer {
  return Buffer.from(events.map(event => `data: ${JSON.stringify(event)}\n\n`).join(''));
}

function decode(...events: readonly object[]): StreamEvent[] {
  const decoded = decodeStream([bytesOf(events)]);
  checkEvents(decoded, { interleaved: true });
  return decoded;
}

function blocks(...events: readonly object[]): readonly GatheredBlock[] {
  return gather(decode(...events)).candidates.get(0) ?? [];
}

const created = { type: 'response.created', response: { id: 'resp_1', model: 'm' } };
const done = { type: 'response.completed', response: { id: 'resp_1', status: 'completed' } };
const added = (index: number, item: object): object => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
});
const finished = (index: number, item: object): object => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});
const at = { output_index: 0, content_index: 0 };
const delta = (text: string): object => ({
  type: 'response.output_text.delta',
  ...at,
  delta: text,
});

function errorOf(events: readonly StreamEvent[]): CanonicalError {
  const last = events.at(-1);
  assert.ok(last?.type === 'error');
  return last.error;
}

describe('what hosts leave out', () => {
  test('deltas: the text is said at the first event that has it', () => {
    const part = { type: 'output_text', text: 'Hi' };
    const message = { type: 'message', content: [part] };
    const expected = [{ type: 'text', text: 'Hi' }];
    const whole = { ...done, response: { ...done.response, output: [message] } };
    const textDone = { type: 'response.output_text.done', ...at, text: 'Hi' };
    const partDone = { type: 'response.content_part.done', ...at, part };
    const first = added(0, { type: 'message', content: [] });
    assert.deepEqual(blocks(created, first, textDone, done), expected);
    assert.deepEqual(blocks(created, first, partDone, done), expected);
    assert.deepEqual(blocks(created, first, finished(0, message), done), expected);
    assert.deepEqual(blocks(created, first, whole), expected);
    assert.deepEqual(blocks(created, whole), expected, 'only the last event has it');
    assert.deepEqual(blocks(whole), expected, 'there is no other event');
    assert.deepEqual(
      blocks(created, first, delta('H'), textDone, partDone, finished(0, message), whole),
      expected,
      'nothing is said twice',
    );
    assert.deepEqual(blocks(created, delta('Hi'), done), expected, 'the first event is missing');
    assert.deepEqual(blocks(created, first, delta('H'), whole), expected, 'the rest is missing');
  });

  test('arguments, names and ids of calls', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' };
    const expected = [{ type: 'tool_call', id: 'c', name: 'f', text: '{"a":1}' }];
    const first = added(0, { ...call, arguments: '' });
    const args = { output_index: 0, arguments: '{"a":1}' };
    const argsDone = { type: 'response.function_call_arguments.done', ...args };
    const piece = {
      type: 'response.function_call_arguments.delta',
      output_index: 0,
      delta: '{"a"',
    };
    assert.deepEqual(blocks(created, first, argsDone, done), expected);
    assert.deepEqual(blocks(created, first, finished(0, call), done), expected);
    assert.deepEqual(blocks(created, first, piece, finished(0, call), done), expected);
    assert.deepEqual(blocks(created, piece, finished(0, call), done), expected);
    const object = { ...call, arguments: { a: 1 } };
    assert.deepEqual(blocks(created, finished(0, object), done), expected);
    const noId = { type: 'function_call', name: 'f', arguments: '' };
    assert.equal(blocks(created, finished(0, noId), done)[0]!.id, 'call_resp_1_0');
    assert.equal(gather(decode(created, finished(0, call), done)).stops.get(0), 'tool_call');
  });

  test('parts of reasoning, of both kinds', () => {
    const item = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One' },
        { type: 'summary_text', text: 'Two' },
      ],
      content: [{ type: 'reasoning_text', text: 'Three' }],
      encrypted_content: 'gAAAA',
    };
    const [block] = blocks(
      created,
      added(0, { type: 'reasoning', id: 'rs_1' }),
      finished(0, item),
      done,
    );
    assert.equal(block!.text, 'One\n\nTwo\n\nThree');
    const events = decode(
      created,
      added(0, { type: 'reasoning', id: 'rs_1' }),
      {
        type: 'response.reasoning_summary_text.delta',
        output_index: 0,
        summary_index: 0,
        delta: 'On',
      },
      {
        type: 'response.reasoning_summary_text.delta',
        output_index: 0,
        summary_index: 1,
        delta: 'Tw',
      },
      {
        type: 'response.reasoning_summary_part.done',
        output_index: 0,
        summary_index: 1,
        part: { text: 'Two' },
      },
      { type: 'response.reasoning.delta', output_index: 0, content_index: 0, delta: 'Three' },
      finished(0, { ...item, summary: [] }),
      done,
    );
    const [again] = gather(events).candidates.get(0)!;
    assert.equal(again!.text, 'On\n\nTwo\n\nThree');
    assert.deepEqual(JSON.parse(again!.signature!), {
      id: 'rs_1',
      encrypted_content: 'gAAAA',
      layout: [
        ['summary', 2],
        ['summary', 3],
        ['content', 5],
      ],
    });
    const stream = decode(created, finished(0, item), done);
    const whole = openaiResponses.decodeResponse(
      Buffer.from(JSON.stringify({ status: 'completed', output: [item] })),
      {},
      answerContext,
    );
    const [thought] = whole.candidates[0]!.content;
    assert.ok(thought?.type === 'thinking');
    const [streamed] = gather(stream).candidates.get(0)!;
    assert.deepEqual(
      [streamed!.text, streamed!.signature],
      [thought.text, thought.signature],
      'a stream and a whole answer give the same block',
    );
  });

  test('annotations: told once, in their own event or with the finished part', () => {
    const [one, two] = [
      { type: 'file_path', index: 1 },
      { type: 'file_path', index: 2 },
    ];
    const part = { type: 'output_text', text: 'Hi', annotations: [one, two] };
    const told = { type: 'response.output_text.annotation.added', ...at, annotation: one };
    const partDone = { type: 'response.content_part.done', ...at, part };
    for (const events of [
      [delta('Hi'), told, partDone],
      [delta('Hi'), partDone],
      [delta('Hi'), finished(0, { type: 'message', content: [part] })],
    ]) {
      const natives = decode(created, ...events, done).filter(event => event.type === 'native');
      assert.deepEqual(
        natives.map(event => event.native.value),
        [one, two].map(annotation => ({ block: 0, annotation })),
      );
    }
  });

  test('lifecycle, numbers, ids and models', () => {
    const events = decode(delta('Hi'), { type: 'response.completed', response: {} });
    assert.deepEqual(events[0], { type: 'start', id: 'req_1', model: 'model-of-context' });
    assert.deepEqual(events.find(event => event.type === 'stop')?.stop, {
      reason: 'end',
      raw: 'completed',
    });
  });
});

describe('what hosts say besides', () => {
  test('unknown events, hosted items and [DONE]', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const pieces = bytesOf([
      { type: 'keepalive', sequence_number: 3 },
      created,
      { type: 'response.telepathy.delta', output_index: 7, delta: 'x' },
      added(0, { type: 'web_search_call', id: 'ws_1' }),
      { type: 'response.web_search_call.searching', output_index: 0, item_id: 'ws_1' },
      finished(0, search),
      done,
    ]);
    const events = decodeStream([pieces, Buffer.from('data: [DONE]\n\n')]);
    checkEvents(events, { interleaved: true });
    assert.deepEqual(
      events.filter(event => event.type === 'block_start').map(event => event.block),
      [{ type: 'native', native: { dialect: 'openai-responses', value: { item: search } } }],
    );
    assert.equal(events.at(-1)!.type, 'end');
  });

  test('an item that ends as another than it began', () => {
    const text = [{ type: 'output_text', text: 'Hi there' }];
    const reasoning = { type: 'reasoning', id: 'rs_1', content: text };
    const first = added(0, { type: 'message', content: [] });
    const gathered = blocks(created, first, delta('Hi'), finished(0, reasoning), done);
    assert.deepEqual(gathered, [{ type: 'text', text: 'Hi' }]);
  });

  test('another id in each event, and a second end', () => {
    const item = (id: string): object => ({ type: 'message', id, content: [] });
    const text = { ...delta('Hi'), item_id: 'b' };
    const events = decode(created, added(0, item('a')), text, finished(0, item('c')), done, done);
    assert.deepEqual(gather(events).candidates.get(0), [{ type: 'text', text: 'Hi' }]);
    assert.equal(events.filter(event => event.type === 'end').length, 1);
  });

  test('halves of an emoji in two deltas', () => {
    const events = decode(created, delta('\ud83d'), delta('\ude00!'), done);
    const deltas = events.filter(event => event.type === 'block_delta').map(event => event.text);
    assert.deepEqual(deltas, ['\u{1F600}!']);
  });

  test('the name of the event where the data has no type', () => {
    const { type: _type, ...rest } = done;
    const bytes = Buffer.from(`event: response.completed\ndata: ${JSON.stringify(rest)}\n\n`);
    assert.equal(decodeStream([bytesOf([created, delta('Hi')]), bytes]).at(-1)!.type, 'end');
  });

  test('items of several places in turns', () => {
    const call = (id: string): object => ({ type: 'function_call', call_id: id, name: 'f' });
    const piece = (index: number, text: string): object => ({
      type: 'response.function_call_arguments.delta',
      output_index: index,
      delta: text,
    });
    const gathered = blocks(
      created,
      added(0, call('a')),
      added(1, call('b')),
      piece(0, '{"x"'),
      piece(1, '{"y"'),
      piece(0, ':1}'),
      piece(1, ':2}'),
      finished(1, call('b')),
      finished(0, call('a')),
      done,
    );
    assert.deepEqual(
      gathered.map(block => [block.id, block.text]),
      [
        ['a', '{"x":1}'],
        ['b', '{"y":2}'],
      ],
    );
  });
});

describe('how an answer ends', () => {
  const ending = (response: object, type = 'response.completed'): unknown => {
    const events = decode(created, delta('Hi'), { type, response });
    return events.find(event => event.type === 'stop')?.stop;
  };

  test('incomplete, and why', () => {
    const incomplete = (reason: string): unknown =>
      ending({ status: 'incomplete', incomplete_details: { reason } }, 'response.incomplete');
    assert.deepEqual(incomplete('max_output_tokens'), {
      reason: 'length',
      raw: 'max_output_tokens',
    });
    assert.deepEqual(incomplete('content_filter'), {
      reason: 'content_filter',
      raw: 'content_filter',
    });
    assert.deepEqual(incomplete('solar_flare'), { reason: 'length', raw: 'solar_flare' });
    assert.deepEqual(ending({}, 'response.incomplete'), { reason: 'length', raw: 'incomplete' });
    assert.deepEqual(ending({ status: 'excellent' }), { reason: 'end', raw: 'excellent' });
  });

  test('a refusal is one', () => {
    const events = decode(created, { type: 'response.refusal.delta', ...at, delta: 'No' }, done);
    assert.deepEqual(gather(events).candidates.get(0), [{ type: 'refusal', text: 'No' }]);
    assert.equal(gather(events).stops.get(0), 'refusal');
  });

  test('with an error, flat, nested or in a response that failed, and nothing after it', () => {
    const said = { code: 'rate_limit_exceeded', message: 'Slow down', param: null };
    const expected = { class: 'rate_limit', message: 'Slow down', code: 'rate_limit_exceeded' };
    for (const event of [
      { type: 'error', ...said, sequence_number: 3 },
      { type: 'error', error: { type: 'requests', ...said } },
      { error: said },
      { type: 'response.failed', response: { status: 'failed', error: said } },
      { type: 'response.failed', response: { error: said } },
      { type: 'response.completed', response: { status: 'failed', error: said } },
    ]) {
      const events = decode(created, delta('Hi'), event, done);
      assert.deepEqual(errorOf(events), expected, JSON.stringify(event));
    }
    const noCode = errorOf(decode(created, { type: 'error', code: null, message: 'Oh' }));
    assert.deepEqual(noCode, { class: 'upstream', message: 'Oh' });
    const mute = errorOf(decode(created, { type: 'response.failed', response: {} }));
    assert.equal(mute.class, 'upstream');
    assert.notEqual(mute.message, '');
    const named = Buffer.from(`event: error\ndata: ${JSON.stringify(said)}\n\n`);
    assert.deepEqual(errorOf(decodeStream([named])), expected);
  });

  test('with what a failed answer has cost', () => {
    const usage = { input_tokens: 3, output_tokens: 4 };
    const events = decode(created, { type: 'response.failed', response: { usage } });
    assert.equal(events.find(event => event.type === 'usage')?.usage.outputTokens, 4);
  });

  test('cut off, it is truncated', () => {
    for (const events of [[], [created], [created, delta('Hi')]]) {
      assert.equal(errorOf(decode(...events)).class, 'truncated');
    }
    const half = bytesOf([created, delta('Hi'), done]);
    const cut = decodeStream([half.subarray(0, half.length - 10)]);
    assert.equal(errorOf(cut).class, 'truncated');
    const [, ...rest] = decodeStream([Buffer.from('data: [DONE]\n\n')]);
    assert.equal(errorOf(rest).class, 'truncated', '[DONE] is no end here');
  });

  test('bytes that are not this dialect are refused', () => {
    const decoder = openaiResponses.decoder(answerContext);
    assert.equal(thrown(() => decoder.push(Buffer.from('data: {\n\n'))).class, 'upstream');
    assert.equal(thrown(() => decoder.push(Buffer.from('data: []\n\n'))).class, 'upstream');
  });
});

describe('the tap', () => {
  const tapOf = (...events: readonly object[]): ReturnType<typeof openaiResponses.tap> => {
    const tap = openaiResponses.tap({ hideUsage: true });
    tap.push(bytesOf(events));
    return tap;
  };

  test('sees content begin', () => {
    const message = added(0, { type: 'message', content: [] });
    const part = { type: 'response.content_part.added', ...at, part: { type: 'output_text' } };
    assert.equal(tapOf(created, message, part).started, false);
    assert.equal(tapOf(created, message, part, delta('')).started, false);
    assert.equal(tapOf(created, message, part, delta('H')).started, true);
    for (const type of ['function_call', 'reasoning', 'web_search_call']) {
      assert.equal(tapOf(created, added(0, { type })).started, true, type);
    }
    assert.equal(tapOf(created, done).started, true);
  });

  test('stops at an error, whose bytes it keeps', () => {
    const before = bytesOf([created, delta('Hi')]);
    const text = 'event: response.completed {"error":{}}';
    for (const failure of [
      { type: 'error', code: 'server_error', message: 'Oh' },
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'Oh' } } },
      { error: { message: 'Oh', code: 'server_error' } },
    ]) {
      const tap = openaiResponses.tap({ hideUsage: true });
      const out = tap.push(Buffer.concat([before, bytesOf([delta(text), failure, done])]));
      assert.ok(Buffer.from(out).equals(Buffer.concat([before, bytesOf([delta(text)])])));
      assert.equal(tap.error?.message, 'Oh');
      assert.equal(tap.complete, false);
      assert.equal(tap.end().length, 0);
    }
  });

  test('forwards whole events only', () => {
    const bytes = bytesOf([created, delta('Hi'), done]);
    const tap = openaiResponses.tap({ hideUsage: true });
    const out = Buffer.from(tap.push(bytes.subarray(0, bytes.length - 5)));
    assert.ok(out.equals(bytesOf([created, delta('Hi')])));
    assert.equal(tap.end().length, 0, 'half an event is left out');
    assert.equal(tap.complete, false);
  });
});
