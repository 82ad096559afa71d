// Proves that answers are read as hosts of openai's dialect really write them: thinking in parts,
// usage in corners, ids that are numbers, errors in shapes of their own. Each stream is cut at
// every byte, and the tap beside a stream that passes through must agree with the decoder.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { everyCut } from '../shared/cuts.ts';
import { checkEvents, gather } from '../shared/event-grammar.ts';
import { decodeStream } from './chat-streams.ts';

const done = 'data: [DONE]\n\n';

function sse(...chunks: readonly object[]): string {
  return chunks.map(chunk => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}

function delta(part: object, finish: string | null = null, more: object = {}): object {
  return {
    id: 'c1',
    model: 'm',
    choices: [{ index: 0, delta: part, finish_reason: finish }],
    ...more,
  };
}

function read(text: string) {
  const bytes = Buffer.from(text);
  const events = decodeStream([bytes]);
  checkEvents(events, { interleaved: true });
  for (const cut of everyCut(bytes)) assert.deepEqual(decodeStream(cut), events);
  const tap = openaiChat.tap({ hideUsage: false });
  tap.push(bytes);
  tap.end();
  const { candidates, stops, last } = gather(events);
  const usage = events.findLast(event => event.type === 'usage')?.usage;
  assert.deepEqual(tap.usage ?? undefined, usage);
  assert.equal(tap.complete, last === 'end');
  const failed = events.find(event => event.type === 'error')?.error;
  assert.deepEqual(tap.error, failed?.class === 'truncated' ? null : (failed ?? null));
  return { events, tap, usage, blocks: candidates.get(0) ?? [], stop: stops.get(0), last };
}

function whole(message: object, more: object = {}) {
  const choice = { index: 0, message, finish_reason: 'stop' };
  const body = { id: 'c1', model: 'm', choices: [choice], ...more };
  return openaiChat.decodeResponse(Buffer.from(JSON.stringify(body)), {}, answerContext);
}

describe('thinking', () => {
  const parts = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
    { type: 'text', text: 'Yes.' },
  ];
  const blocks = [
    { type: 'thinking', text: 'Hm.' },
    { type: 'text', text: 'Yes.' },
  ];

  test('in parts of the content (Mistral)', () => {
    assert.deepEqual(whole({ content: parts }).candidates[0]!.content, blocks);
    const streamed = read(sse(delta({ content: [parts[0]] }), delta({ content: 'Yes.' }, 'stop')));
    assert.deepEqual(
      streamed.blocks.map(({ type, text }) => ({ type, text })),
      blocks,
    );
    assert.ok(streamed.tap.started);
  });

  for (const field of ['reasoning', 'reasoning_content']) {
    test(`in ${field}, beside an empty or absent content`, () => {
      const message = { content: 'Yes.', [field]: 'Hm.' };
      assert.deepEqual(whole(message).candidates[0]!.content, blocks);
      const first = delta({ role: 'assistant', content: '', [field]: 'Hm.' });
      const last = delta({ content: 'Yes.', [field]: null }, 'stop');
      const streamed = read(sse(first, last) + done);
      assert.deepEqual(
        streamed.blocks.map(({ type, text }) => ({ type, text })),
        blocks,
      );
    });
  }
});

describe('usage (G40: in every place that hosts put it, the cache counted)', () => {
  const counts = { prompt_tokens: 40, completion_tokens: 2, total_tokens: 42 };
  const places: readonly (readonly [string, object])[] = [
    ['details', { ...counts, prompt_tokens_details: { cached_tokens: 30 } }],
    ['prompt_cache_hit_tokens (DeepSeek)', { ...counts, prompt_cache_hit_tokens: 30 }],
    ['cached_tokens (Moonshot)', { ...counts, cached_tokens: 30 }],
    ['details that are null', { ...counts, prompt_tokens_details: null, cached_tokens: 30 }],
  ];
  for (const [name, usage] of places) {
    test(name, () => {
      const text = delta({ content: 'Yes.' }, 'stop');
      const seen = [
        whole({ content: 'Yes.' }, { usage }).usage,
        read(sse(text, { id: 'c1', choices: [], usage }) + done).usage,
        read(sse(delta({ content: 'Yes.' }, 'stop', { usage })) + done).usage,
        read(sse(text, delta({}, null, { x_groq: { id: 'r', usage } })) + done).usage,
        read(sse({ ...text, usage }, { id: 'c1', choices: [], usage }) + done).usage,
      ];
      for (const read of seen) {
        assert.deepEqual(
          [read?.inputTokens, read?.cachedReadTokens, read?.outputTokens],
          [40, 30, 2],
        );
      }
    });
  }

  test('as a running total in every chunk', () => {
    const at = (n: number) => ({ usage: { prompt_tokens: 5, completion_tokens: n } });
    const chunks = [1, 2, 3].map(n => delta({ content: 'a' }, n === 3 ? 'stop' : null, at(n)));
    assert.equal(read(sse(...chunks) + done).usage?.outputTokens, 3);
  });
});

describe('shapes', () => {
  test('ids that are numbers, a null role, null lists', () => {
    const call = { index: 0, id: 17, type: 'function', function: { name: 'f', arguments: '{}' } };
    const first = { ...delta({ role: null, content: null, tool_calls: null }), id: 12 };
    const { blocks, stop } = read(sse(first, delta({ tool_calls: [call] }, 'tool_calls')) + done);
    assert.deepEqual(
      blocks.map(block => [block.type, block.text]),
      [['tool_call', '{}']],
    );
    assert.equal(stop, 'tool_call');
    const answer = whole({ content: null, tool_calls: [{ ...call, function: { name: 'f' } }] });
    assert.equal(answer.candidates[0]!.content.length, 1);
  });

  test('a call whole in the chunk that finishes, with `stop` for a reason (Ollama)', () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } };
    const { blocks, stop } = read(sse(delta({ content: '', tool_calls: [call] }, 'stop')) + done);
    assert.deepEqual([blocks[0]!.text, stop], ['{"x":1}', 'tool_call']);
  });

  test('comments that keep the connection (OpenRouter), no space behind the colon (TGI)', () => {
    const chunk = JSON.stringify(delta({ content: 'Yes.' }, 'stop'));
    const { blocks, last } = read(`: OPENROUTER PROCESSING\n\ndata:${chunk}\n\ndata:[DONE]\n\n`);
    assert.deepEqual([blocks[0]!.text, last], ['Yes.', 'end']);
  });

  test('a stream without [DONE] is whole when it has finished, and cut when it has not', () => {
    assert.equal(read(sse(delta({ content: 'a' }, 'eos_token'))).last, 'end');
    assert.equal(read(sse(delta({ content: 'a' }))).last, 'error');
  });
});

describe('errors', () => {
  const error = (status: number, body: unknown) =>
    openaiChat.decodeError(status, {}, Buffer.from(JSON.stringify(body)));

  test('of validation, as FastAPI and Mistral list them', () => {
    const detail = [{ loc: ['body', 'messages', 0, 'role'], msg: 'Input should be user' }];
    const said = 'messages.0.role: Input should be user';
    assert.equal(error(422, { detail }).message, said);
    assert.equal(error(422, { object: 'error', message: { detail } }).message, said);
    assert.equal(error(422, { detail }).class, 'invalid_request');
  });

  test('flat (vLLM), as a string (Ollama), with a number for a code (OpenRouter)', () => {
    const flat = error(400, {
      object: 'error',
      message: 'Bad.',
      type: 'BadRequestError',
      code: 400,
    });
    assert.deepEqual([flat.class, flat.message], ['invalid_request', 'Bad.']);
    assert.equal(error(404, { error: 'model "x" not found' }).class, 'not_found');
    const paid = error(402, { error: { code: 402, message: 'No credit.', metadata: {} } });
    assert.deepEqual([paid.class, paid.message], ['quota', 'No credit.']);
  });

  test("inside a stream: Groq's corner, OpenRouter's finish", () => {
    const groq = read(
      sse(delta({ content: 'a' }), delta({}, null, { x_groq: { error: 'Over.' } })),
    );
    assert.deepEqual([groq.last, groq.tap.error?.message], ['error', 'Over.']);
    const failed = {
      error: { code: 502, message: 'Host gone.' },
      choices: [{ finish_reason: 'error' }],
    };
    assert.equal(read(sse(delta({ content: 'a' }), failed)).last, 'error');
  });
});
