// Requests and answers that the properties found to be changed in silence, as small as they were
// made: each once went wrong, or was called lost where nothing was.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import { type Target, targets } from '@entrepot/dialects/capabilities/targets';
import { dialects } from '../capabilities/dialects.ts';
import { answerContext } from '../shared/answer-context.ts';

const hello: Message = { role: 'user', content: [{ type: 'text', text: 'hello' }] };
const more: Message = { role: 'user', content: [{ type: 'text', text: 'go on' }] };

function called(...ids: readonly string[]): Message {
  const content = ids.map(
    (id): Block => ({ type: 'tool_call', id, name: 'tides', argumentsJson: '{}' }),
  );
  return { role: 'assistant', content };
}

function answered(content: readonly Block[], ...ids: readonly string[]): Message {
  const results = ids.map(
    (callId): Block => ({ type: 'tool_result', callId, content, isError: false }),
  );
  return { role: 'user', content: results };
}

function asked(messages: readonly Message[], fields: Partial<CanonicalRequest> = {}) {
  return { model: 'm', messages, stream: false, includeUsage: false, ...fields };
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of five dialects, taken apart
type Body = any;

function written(id: string, request: CanonicalRequest): { body: Body; lost: string[] } {
  const { dialect, model } = targets.find(target => target.id === id) as Target;
  const { body, losses } = dialects[dialect].encodeRequest(request, model);
  return { body: JSON.parse(String(Buffer.from(body))), lost: losses.map(({ field }) => field) };
}

describe('calls of tools', () => {
  for (const [id, chars] of [
    ['openai-chat', 41],
    ['openai-responses', 65],
  ] as const) {
    test(`a long id is not written as one that another call has: ${id}`, () => {
      const long = 'i'.repeat(chars);
      const taken = 'call_entrepot_1';
      const history = [hello, called(long, taken), answered([], long, taken)];
      const { body } = written(id, asked(history));
      const ids: string[] =
        id === 'openai-chat'
          ? body.messages[1].tool_calls.map((call: Body) => call.id)
          : body.input.filter((item: Body) => item.type === 'function_call').map(callId);
      assert.deepEqual(ids, ['call_entrepot_2', taken]);
    });
  }
  const callId = ({ call_id }: Body): string => call_id;

  for (const id of ['anthropic-messages/older', 'bedrock-converse']) {
    const reasoning = { mode: 'enabled', budgetTokens: 1024 } as const;
    const foreign: Block = { type: 'native', native: { dialect: 'openai-chat', value: {} } };
    const thinks = (messages: readonly Message[]): boolean => {
      const { body, lost } = written(id, asked(messages, { reasoning }));
      const thinking = body.thinking ?? body.additionalModelRequestFields?.thinking;
      assert.equal(lost.includes('reasoning'), thinking === undefined);
      return thinking !== undefined;
    };
    test(`after calls without their thinking none is asked for: ${id}`, () => {
      const call = called('c1');
      assert.ok(thinks([hello, called('c1'), more]));
      // The user went on in a message of its own: the turn is the same.
      assert.ok(!thinks([hello, call, answered([], 'c1'), more]));
      // What is left out before the call was not the model's thinking.
      const mixed: Message = { ...call, content: [foreign, ...call.content] };
      assert.ok(!thinks([hello, mixed, answered([], 'c1')]));
      // An answer that says nothing does not stand between.
      const empty: Message = { role: 'assistant', content: [] };
      assert.ok(!thinks([hello, call, answered([], 'c1'), empty]));
    });
  }
});

describe('answers of tools to gemini', () => {
  const responseOf = (...content: readonly Block[]): Body =>
    written('gemini', asked([hello, called('c1'), answered(content, 'c1')])).body.contents[2]
      .parts[0].functionResponse;

  test('a text that looks like an answer of a function is one text', () => {
    for (const text of ['{"output":"x"}', '{"error":"x"}']) {
      assert.deepEqual(responseOf({ type: 'text', text }).response, { output: text });
    }
    const object = { error: 'x', code: 7 };
    const text = JSON.stringify(object);
    assert.deepEqual(responseOf({ type: 'text', text }).response, object);
  });

  test('a document of plain text is a text: parts of an answer are bytes', () => {
    const source = { kind: 'text', mediaType: 'text/plain', text: 'once' } as const;
    const response = responseOf({ type: 'text', text: '' }, { type: 'document', source });
    assert.deepEqual(response.response, { output: 'once' });
    assert.equal(response.parts, undefined);
  });
});

describe('what says nothing', () => {
  test('an empty document is no part to gemini', () => {
    const source = { kind: 'text', mediaType: 'text/plain', text: '' } as const;
    const message: Message = { role: 'user', content: [{ type: 'document', source }] };
    assert.deepEqual(written('gemini', asked([hello, message])).body.contents, [
      { role: 'user', parts: [{ text: 'hello' }] },
    ]);
  });

  test('a blank refusal is none to anthropic', () => {
    const blank: Message = { role: 'assistant', content: [{ type: 'refusal', text: ' ' }] };
    assert.equal(
      written('anthropic-messages', asked([hello, blank, more])).body.messages.length,
      1,
    );
  });

  test('fields without a value are not lost', () => {
    for (const { id } of targets) {
      const { lost } = written(id, asked([hello], { metadata: {}, logitBias: {} }));
      assert.deepEqual(lost, [], id);
    }
  });
});

describe('what was lost in silence', () => {
  test('a second answer that says nothing but why it stopped, in a stream of responses', () => {
    const encoder = dialects['openai-responses'].encoder(answerContext);
    encoder.push({ type: 'start', id: 'a', model: 'm' });
    encoder.push({ type: 'stop', candidate: 0, stop: { reason: 'end', raw: '' } });
    encoder.push({ type: 'stop', candidate: 1, stop: { reason: 'content_filter', raw: '' } });
    assert.deepEqual(
      encoder.losses.map(({ field }) => field),
      ['candidates[1]'],
    );
  });

  test('the name of a document that is told as text or by its id', () => {
    const sources = [
      { kind: 'text', mediaType: 'text/plain', text: 'once' },
      { kind: 'file-id', fileId: 'file_1' },
    ] as const;
    for (const id of ['openai-chat', 'openai-responses']) {
      for (const source of sources) {
        const content: Block[] = [{ type: 'document', source, name: 'tale' }];
        const { lost } = written(id, asked([{ role: 'user', content }]));
        assert.deepEqual(lost, ['messages[0].content[0].name'], id);
      }
    }
  });

  test('metadata that was to go with an answer that nobody stores', () => {
    const request = asked([hello], { store: true, metadata: { a: 'b' } });
    const { body, lost } = written('openai-chat/open-weights', request);
    assert.equal(body.metadata, undefined);
    assert.deepEqual(lost, ['metadata', 'store']);
  });

  test('a thought that nobody signed, beside signed ones', () => {
    const signed = { signature: 's', issuer: 'qwen' };
    const content: Block[] = [
      { type: 'thinking', text: 'a' },
      { type: 'thinking', text: 'b', ...signed },
      { type: 'text', text: 'c' },
    ];
    const request = asked([hello, { role: 'assistant', content }, more]);
    assert.deepEqual(written('openai-chat/open-weights', request).lost, ['messages[1].content[0]']);
  });
});
