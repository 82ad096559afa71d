// Proves how a canonical answer of any dialect is written for a caller, and that what the caller
// sends back of it is again what it was.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, Candidate, CanonicalResponse } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { everyBlock, sampleUsage } from './samples.ts';

interface Written {
  readonly body: Record<string, unknown> & { readonly output: Record<string, unknown>[] };
  readonly lost: readonly string[];
}

function encode(response: Partial<CanonicalResponse>): Written {
  const whole = { id: 'resp_1', model: 'm', candidates: [], usage: null, ...response };
  const { body, losses } = openaiResponses.encodeResponse(whole, answerContext);
  return {
    body: JSON.parse(String(Buffer.from(body))) as Written['body'],
    lost: losses.map(loss => loss.field),
  };
}

function candidate(content: readonly Block[], more: Partial<Candidate> = {}): Candidate {
  return { index: 0, content, stop: { reason: 'end', raw: '' }, ...more };
}

const foreign = { dialect: 'anthropic-messages', value: {} };

describe('an answer', () => {
  test('is read again as it was', () => {
    const stop = { reason: 'length', raw: 'max_output_tokens' } as const;
    const { body, lost } = encode({
      candidates: [candidate(everyBlock, { stop })],
      usage: sampleUsage,
    });
    assert.deepEqual(lost, []);
    const bytes = Buffer.from(JSON.stringify(body));
    const again = openaiResponses.decodeResponse(bytes, {}, answerContext);
    const plain = (block: Block): Block => {
      // Items that had no id have one now; a call without arguments has `{}`.
      const { item: _item, ...rest } = block as Block & { item?: unknown };
      return rest.type === 'tool_call'
        ? { ...rest, argumentsJson: rest.argumentsJson || '{}' }
        : (rest as Block);
    };
    assert.deepEqual(again.candidates[0]!.content.map(plain), everyBlock.map(plain));
    assert.deepEqual(again.candidates[0]!.stop, stop);
    assert.deepEqual(again.usage, sampleUsage);
    assert.equal(again.createdSeconds, answerContext.createdSeconds);
  });

  test('comes back in the next request with its thinking, its ids and its phases', () => {
    const { body } = encode({ candidates: [candidate(everyBlock)] });
    const input = [...body.output, { role: 'user', content: 'Go on.' }];
    const request = openaiResponses.decodeRequest(
      Buffer.from(JSON.stringify({ model: 'm', input })),
    );
    const said = request.messages.filter(message => message.role === 'assistant');
    const blocks = said.flatMap(message => message.content);
    const thoughts = (list: readonly Block[]): Block[] =>
      list.filter(block => block.type === 'thinking' || block.type === 'redacted_thinking');
    assert.deepEqual(thoughts(blocks), thoughts(everyBlock));
    const last = blocks.findLast(block => block.type === 'refusal');
    assert.deepEqual(last, everyBlock.at(-1));
    const calls = blocks.filter(block => block.type === 'tool_call');
    assert.deepEqual(
      calls.map(call => call.id),
      ['call_1', 'call_2'],
    );
  });

  test('has the same ids each time, of a length that openai takes back', () => {
    const id = `chatcmpl-${'x'.repeat(80)}:0/1`;
    const ids = (): unknown[] =>
      encode({ id, candidates: [candidate(everyBlock)] }).body.output.map(item => item.id);
    const [first, ...rest] = ids() as string[];
    assert.deepEqual(ids(), [first, ...rest]);
    assert.equal(new Set([first, ...rest]).size, rest.length + 1);
    for (const own of rest) assert.match(own, /^(msg|fc|rs)_[A-Za-z0-9_-]{1,60}$/);
  });

  test('without candidates, id or model is still one', () => {
    const { body, lost } = encode({ id: '', model: '' });
    assert.deepEqual(lost, []);
    assert.deepEqual(
      [body.id, body.model, body.status, body.output, body.usage],
      ['req_1', 'model-of-context', 'completed', [], null],
    );
  });

  test('that is made in the background says so', () => {
    const stop = { reason: 'pause', raw: 'queued' } as const;
    assert.equal(encode({ candidates: [candidate([], { stop })] }).body.status, 'queued');
    const paused = { reason: 'pause', raw: 'pause_turn' } as const;
    const other = encode({ candidates: [candidate([], { stop: paused })] });
    assert.equal(other.body.status, 'completed');
  });

  test('is not whole, but no failure, where it says an error beside what it cut off', () => {
    const bytes = Buffer.from(
      JSON.stringify({
        status: 'incomplete',
        created_at: 1_700_000_000.9,
        incomplete_details: { reason: 'content_filter' },
        error: { code: 'content_filter', message: 'm' },
        output: [],
      }),
    );
    const read = openaiResponses.decodeResponse(bytes, {}, answerContext);
    assert.equal(read.candidates[0]!.stop.reason, 'content_filter');
    assert.equal(read.createdSeconds, 1_700_000_000);
  });

  test('counts the searches that are charged', () => {
    const searches = (output: object[], more: object = {}): unknown => {
      const usage = { input_tokens: 1, output_tokens: 1 };
      const bytes = Buffer.from(JSON.stringify({ status: 'completed', output, usage, ...more }));
      return openaiResponses.decodeResponse(bytes, {}, answerContext).usage?.webSearches;
    };
    const call = (type: string): object => ({ type: 'web_search_call', action: { type } });
    const calls = [call('search'), call('open_page'), { type: 'web_search_call' }];
    assert.equal(searches(calls), 2);
    assert.equal(searches(calls, { tool_usage: { web_search: { num_requests: 5 } } }), 5);
  });

  test('probabilities stand in the parts of their texts', () => {
    const logprobs = [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }];
    const part = (text: string, list: object[]): object => ({
      type: 'output_text',
      text,
      annotations: [],
      logprobs: list,
    });
    const output = [
      { type: 'message', id: 'msg_1', role: 'assistant', content: [part('a', logprobs)] },
      { type: 'message', id: 'msg_2', role: 'assistant', content: [part('b', [])] },
    ];
    const bytes = Buffer.from(JSON.stringify({ status: 'completed', output }));
    const read = openaiResponses.decodeResponse(bytes, {}, answerContext);
    assert.deepEqual(read.candidates[0]!.logprobs?.value, [logprobs, []]);
    const { body, lost } = encode(read);
    assert.deepEqual(lost, []);
    assert.deepEqual(
      body.output.map(item => (item.content as { logprobs: unknown }[])[0]!.logprobs),
      [logprobs, []],
    );
  });
});

test('what a response cannot say is named', () => {
  const content: readonly Block[] = [
    { type: 'text', text: 'cited', citations: foreign },
    { type: 'native', native: foreign },
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
  ];
  const { lost } = encode({
    candidates: [candidate(content, { logprobs: foreign }), candidate([], { index: 1 })],
  });
  assert.deepEqual(lost, [
    'candidates[1]',
    'candidates[0].logprobs',
    'candidates[0].content[0].citations',
    'candidates[0].content[1]',
    'candidates[0].content[2]',
  ]);
});
