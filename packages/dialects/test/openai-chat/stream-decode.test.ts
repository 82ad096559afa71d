// Proves how streams of hosts are read, the odd ones included, and what the tap beside a stream
// that passes through sees.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StreamEvent, Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { byteByByte, everyCut } from '../shared/cuts.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream } from './chat-streams.ts';

const done = 'data: [DONE]\n\n';

function sse(...chunks: readonly object[]): string {
  return chunks.map(chunk => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}

function delta(part: object, finish: string | null = null, index = 0): object {
  return { id: 'c1', model: 'm', choices: [{ index, delta: part, finish_reason: finish }] };
}

function call(
  index: number | undefined,
  id: string | undefined,
  name: string | undefined,
  args: string,
): object {
  return delta({ tool_calls: [{ index, id, function: { name, arguments: args } }] });
}

function read(text: string): StreamEvent[] {
  const bytes = Buffer.from(text);
  const events = decodeStream([bytes]);
  checkEvents(events, { interleaved: true });
  for (const cut of everyCut(bytes)) assert.deepEqual(decodeStream(cut), events);
  return events;
}

function blocks(text: string): unknown[] {
  return [...(gather(read(text)).candidates.get(0) ?? [])];
}

function usage(text: string): Usage | undefined {
  return read(text).findLast(event => event.type === 'usage')?.usage;
}

describe('reading', () => {
  test("Azure's chunk about the prompt does not begin the answer", () => {
    const text = sse(
      { id: '', model: '', object: '', created: 0, choices: [], prompt_filter_results: [{}] },
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hi' }),
      delta({}, 'stop'),
    );
    const events = read(text + done);
    assert.deepEqual(events[0], { type: 'start', id: 'c1', model: 'm' });
    assert.equal(gather(events).stops.get(0), 'end');
  });

  test('a filter that speaks after the finish overrules it', () => {
    const annotation = (finish: string | null): object => ({
      id: '',
      model: '',
      choices: [
        {
          index: 0,
          finish_reason: finish,
          content_filter_results: { error: { code: 'x' } },
          content_filter_offsets: {},
        },
      ],
    });
    const text =
      sse(
        delta({ content: 'bad' }),
        annotation(null),
        delta({}, 'stop'),
        annotation(null),
        annotation('content_filter'),
      ) + done;
    assert.equal(gather(read(text)).stops.get(0), 'content_filter');
    const tap = openaiChat.tap({ hideUsage: false });
    assert.equal(String(tap.push(Buffer.from(text))), text);
    assert.equal(tap.stopRaw, 'content_filter');
    assert.equal(tap.error, null);
  });

  test('usage is found wherever a host puts it, with its cached tokens (G40)', () => {
    const count = {
      prompt_tokens: 1000,
      completion_tokens: 5,
      total_tokens: 1005,
      prompt_tokens_details: { cached_tokens: 900 },
    };
    const finish = delta({}, 'stop');
    const places = [
      [finish, { id: 'c1', choices: [], usage: count }],
      [finish, { id: 'c1', choices: [{ index: 0, delta: {} }], usage: count }],
      [{ ...finish, usage: count }],
      [{ ...finish, x_groq: { id: 'r', usage: count } }],
      [{ id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: count }] }],
      [
        {
          ...delta({ content: 'b' }),
          usage: { ...count, completion_tokens: 1, total_tokens: 1001 },
        },
        finish,
        { choices: [], usage: count },
      ],
      [
        { ...finish, usage: count },
        { choices: [], usage: { ...count, prompt_tokens_details: null } },
      ],
      [
        { ...finish, usage: count },
        { choices: [], usage: null },
      ],
    ];
    for (const chunks of places) {
      const text = sse(delta({ content: 'a' }), ...chunks) + done;
      const found = usage(text)!;
      assert.equal(found.inputTokens, 1000);
      assert.equal(found.cachedReadTokens, 900);
      assert.equal(found.outputTokens, 5);
      const tap = openaiChat.tap({ hideUsage: false });
      tap.push(Buffer.from(text));
      assert.deepEqual(tap.usage, found);
    }
  });

  test('reasoning that a host leaves out of its completion is counted as output', () => {
    const xai = {
      prompt_tokens: 12,
      completion_tokens: 2,
      total_tokens: 354,
      completion_tokens_details: { reasoning_tokens: 340 },
    };
    const found = usage(sse(delta({ content: 'a' }, 'stop'), { choices: [], usage: xai }) + done)!;
    assert.equal(found.outputTokens, 342);
    assert.equal(found.reasoningTokens, 340);
  });

  test('no usage is null, not nought', () => {
    assert.equal(usage(sse(delta({ content: 'a' }, 'stop')) + done), undefined);
  });

  test('parallel calls that come in turns', () => {
    const text =
      sse(
        call(0, 'a', 'f', ''),
        call(1, 'b', 'g', '{"x"'),
        call(0, undefined, undefined, '{"y":1}'),
        call(1, undefined, undefined, ':2}'),
        delta({}, 'tool_calls'),
      ) + done;
    assert.deepEqual(blocks(text), [
      { type: 'tool_call', id: 'a', name: 'f', text: '{"y":1}' },
      { type: 'tool_call', id: 'b', name: 'g', text: '{"x":2}' },
    ]);
  });

  test('a new id at an open number is a new call', () => {
    const text =
      sse(
        call(0, 'a', 'f', '{}'),
        call(0, 'b', 'f', '{"n"'),
        call(0, 'b', undefined, ':1}'),
        delta({}, 'tool_calls'),
      ) + done;
    assert.deepEqual(blocks(text), [
      { type: 'tool_call', id: 'a', name: 'f', text: '{}' },
      { type: 'tool_call', id: 'b', name: 'f', text: '{"n":1}' },
    ]);
  });

  test('calls without numbers, without ids, with late names, with objects for arguments', () => {
    const byId = sse(
      call(undefined, 'a', 'f', '{'),
      call(undefined, 'b', 'g', '{'),
      call(undefined, 'a', undefined, '}'),
      call(undefined, 'b', undefined, '}'),
    );
    assert.deepEqual(
      blocks(byId + done).map(b => (b as { text: string }).text),
      ['{}', '{}'],
    );
    const noIds = sse(
      call(0, undefined, 'f', '{'),
      call(0, undefined, undefined, '}'),
      call(1, '', 'g', '{}'),
    );
    assert.deepEqual(
      blocks(noIds + done).map(b => (b as { id: string }).id),
      ['call_c1_0_0', 'call_c1_0_1'],
    );
    const late = sse(call(0, 'a', undefined, '{'), call(0, undefined, 'f', '}'));
    assert.deepEqual(blocks(late + done), [{ type: 'tool_call', id: 'a', name: 'f', text: '{}' }]);
    const object = sse(
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }] }),
    );
    assert.deepEqual(blocks(object + done), [
      { type: 'tool_call', id: 'a', name: 'f', text: '{"x":1}' },
    ]);
    const legacy = sse(
      delta({ function_call: { name: 'f', arguments: '{' } }),
      delta({ function_call: { arguments: '}' } }, 'function_call'),
    );
    assert.deepEqual(blocks(legacy + done), [
      { type: 'tool_call', id: 'call_c1_0_0', name: 'f', text: '{}' },
    ]);
  });

  test('`stop` after calls is read as a call of tools', () => {
    const events = read(sse(call(0, 'a', 'f', '{}'), delta({}, 'stop')) + done);
    assert.deepEqual(events.find(event => event.type === 'stop')!.stop, {
      reason: 'tool_call',
      raw: 'stop',
    });
  });

  test('the length can end a call midway: its arguments are given as they are', () => {
    const events = read(sse(call(0, 'a', 'f', '{"x":'), delta({}, 'length')) + done);
    assert.equal(gather(events).stops.get(0), 'length');
    assert.equal(gather(events).candidates.get(0)![0]!.text, '{"x":');
  });

  test('reasoning under either name, then text; signatures end thinking', () => {
    const thought = (key: string): unknown[] =>
      blocks(
        sse(delta({ [key]: 'hm' }), delta({ content: 'a', [key]: null }), delta({}, 'stop')) + done,
      );
    const expected = [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'a' },
    ];
    assert.deepEqual(thought('reasoning_content'), expected);
    assert.deepEqual(thought('reasoning'), expected);
    const signed = sse(
      delta({ reasoning_content: 'hm' }),
      delta({ thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 's' }] }),
      delta({ thinking_blocks: [{ type: 'redacted_thinking', data: 'd' }] }),
      delta({}, 'stop'),
    );
    assert.deepEqual(blocks(signed + done), [
      { type: 'thinking', text: 'hm', signature: 's' },
      { type: 'redacted_thinking', text: 'd' },
    ]);
    const alone = sse(
      delta({ thinking_blocks: [{ type: 'thinking', thinking: '', signature: 's' }] }),
      delta({ content: 'a' }, 'stop'),
    );
    assert.deepEqual(blocks(alone + done)[0], { type: 'thinking', text: '', signature: 's' });
  });

  test('a refusal that finishes with `stop` is a refusal', () => {
    const events = read(
      sse(delta({ refusal: 'I ' }), delta({ refusal: 'will not.' }), delta({}, 'stop')) + done,
    );
    assert.deepEqual(
      [...gather(events).candidates.get(0)!],
      [{ type: 'refusal', text: 'I will not.' }],
    );
    assert.equal(gather(events).stops.get(0), 'refusal');
  });

  test('an emoji cut between two deltas is whole again (G16)', () => {
    const text = `data: {"id":"c1","choices":[{"delta":{"content":"a\\ud83d"}}]}\n\ndata: {"id":"c1","choices":[{"delta":{"content":"\\ude00b"}}]}\n\n${sse(delta({}, 'stop'))}${done}`;
    const texts = read(text).flatMap(event => (event.type === 'block_delta' ? [event.text] : []));
    assert.deepEqual(texts, ['a', '\u{1F600}b']);
    const lone = `data: {"id":"c1","choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n${sse(delta({}, 'stop'))}${done}`;
    assert.deepEqual(blocks(lone), [{ type: 'text', text: 'a\ud83d' }]);
  });

  test('two candidates', () => {
    const events = read(
      sse(
        delta({ content: 'a' }),
        delta({ content: 'b' }, null, 1),
        delta({}, 'stop', 1),
        delta({}, 'length'),
      ) + done,
    );
    assert.deepEqual(
      [...gather(events).stops],
      [
        [0, 'length'],
        [1, 'end'],
      ],
    );
  });

  test('an unknown finish is an end with its word; words of other hosts are known', () => {
    const stop = (word: string): unknown =>
      read(sse(delta({ content: 'a' }, word)) + done).find(event => event.type === 'stop')!.stop;
    assert.deepEqual(stop('novel'), { reason: 'end', raw: 'novel' });
    assert.deepEqual(stop('constructor'), { reason: 'end', raw: 'constructor' });
    assert.deepEqual(stop('eos'), { reason: 'end', raw: 'eos' });
    assert.deepEqual(stop('model_length'), { reason: 'context_full', raw: 'model_length' });
  });
});

describe('the end', () => {
  const hello = sse(delta({ content: 'Hello' }));
  const last = (text: string): StreamEvent => read(text).at(-1)!;

  test('[DONE] or a finish makes an answer whole; neither is a truncation', () => {
    assert.equal(last(hello + sse(delta({}, 'stop')) + done).type, 'end');
    assert.equal(last(hello + sse(delta({}, 'stop'))).type, 'end');
    assert.equal(last(hello + done).type, 'end');
    const cut = last(hello);
    assert.ok(cut.type === 'error' && cut.error.class === 'truncated');
    const one = last(sse(delta({ content: 'a' }, 'stop'), delta({ content: 'b' }, null, 1)));
    assert.ok(one.type === 'error' && one.error.class === 'truncated');
  });

  test('nothing at all is no answer', () => {
    for (const text of ['', ': ping\n\n', done]) assert.equal(last(text).type, 'error');
  });

  test('an error inside the stream ends it, whatever its shape', () => {
    const shapes: readonly (readonly [object, string])[] = [
      [{ error: { message: 'Overloaded', type: 'overloaded_error', code: null } }, 'overloaded'],
      [{ error: { message: 'slow', code: 429 } }, 'rate_limit'],
      [{ error: { message: 'slow', code: 'rate_limit_exceeded' } }, 'rate_limit'],
      [{ error: { message: 'x', type: 'server_error', param: null, code: null } }, 'upstream'],
      [{ error: 'out of memory' }, 'upstream'],
      [
        {
          id: 'c1',
          choices: [
            { index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'bad' } },
          ],
        },
        'upstream',
      ],
      [delta({}, 'error'), 'upstream'],
    ];
    for (const [chunk, expected] of shapes) {
      const event = last(hello + sse(chunk) + hello + done);
      assert.ok(event.type === 'error' && event.error.class === expected, JSON.stringify(chunk));
      const tap = openaiChat.tap({ hideUsage: false });
      assert.equal(String(tap.push(Buffer.from(hello + sse(chunk) + hello + done))), hello);
      assert.equal(tap.error!.class, expected);
      assert.ok(!tap.complete);
    }
    const named = last(`${hello}event: error\ndata: {"message":"x","code":503}\n\n`);
    assert.ok(named.type === 'error' && named.error.class === 'overloaded');
  });

  test('what is not JSON is refused', () => {
    assert.equal(
      thrown(() => decodeStream([Buffer.from('data: {"id"\n\ndata: [DONE]\n\n')])).class,
      'upstream',
    );
    assert.equal(thrown(() => decodeStream([Buffer.from('data: 1\n\n')])).class, 'upstream');
    const html = Buffer.from('data: <html>\n\n');
    assert.equal(thrown(() => openaiChat.tap({ hideUsage: false }).push(html)).class, 'upstream');
  });
});

describe('the tap', () => {
  const count = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
  const text = sse(
    delta({ role: 'assistant', content: '' }),
    delta({ content: 'a "usage":{ b' }),
    delta({}, 'stop'),
  );
  const last = sse({ id: 'c1', choices: [], usage: count });

  test('usage that only we asked for is left out, and no other byte', () => {
    const bytes = Buffer.from(`: ping\n\n${text}${last}${done}`);
    for (const cut of [byteByByte(bytes), ...everyCut(bytes)]) {
      const tap = openaiChat.tap({ hideUsage: true });
      const out = cut.map(piece => tap.push(piece));
      assert.equal(String(Buffer.concat([...out, tap.end()])), `: ping\n\n${text}${done}`);
      assert.equal(tap.usage!.inputTokens, 3);
    }
  });

  test('begins with content, not with the role', () => {
    const begins = (chunk: object): boolean => {
      const tap = openaiChat.tap({ hideUsage: true });
      tap.push(Buffer.from(sse(chunk)));
      return tap.started;
    };
    assert.ok(!begins({ id: '', choices: [], prompt_filter_results: [] }));
    assert.ok(!begins(delta({ role: 'assistant', content: '' })));
    assert.ok(!begins(delta({ role: 'assistant', content: null, refusal: null })));
    for (const part of [
      { content: 'a' },
      { refusal: 'a' },
      { reasoning: 'a' },
      { reasoning_content: 'a' },
      { tool_calls: [{ index: 0 }] },
    ]) {
      assert.ok(begins(delta(part)), JSON.stringify(part));
    }
    assert.ok(begins(delta({}, 'stop')));
  });

  test('copies nothing when a piece is whole events', () => {
    const bytes = Buffer.from(text + done);
    const out = openaiChat.tap({ hideUsage: true }).push(bytes);
    assert.equal(out.buffer, bytes.buffer);
    assert.equal(out.length, bytes.length);
  });
});
