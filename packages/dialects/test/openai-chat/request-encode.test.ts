// Proves how a canonical request is written for an upstream, and that what cannot be carried is
// named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message, TextBlock } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { plainTarget } from '../shared/answer-context.ts';

interface Written {
  readonly body: Record<string, unknown> & { readonly messages: Record<string, unknown>[] };
  readonly lost: readonly string[];
}

function encode(request: Partial<CanonicalRequest>, target: Partial<TargetModel> = {}): Written {
  const whole: CanonicalRequest = {
    model: 'm',
    messages: [],
    stream: false,
    includeUsage: false,
    ...request,
  };
  const { body, losses } = openaiChat.encodeRequest(whole, { ...plainTarget, ...target });
  return {
    body: JSON.parse(String(body)) as Written['body'],
    lost: losses.map(({ field, isMinor }) => (isMinor === true ? `${field} minor` : field)),
  };
}

const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const said = (text: string): TextBlock => ({ type: 'text', text });
const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;

describe('writing', () => {
  test("openai's reasoning models get their own fields, and sampling is reported", () => {
    const request = {
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 1,
      presencePenalty: 0,
      logitBias: { 1: 1 },
      logprobs: { top: 1 },
    };
    const strict = encode(request, { vendor: 'openai', maxOutputTokens: 50 });
    assert.equal(strict.body.max_completion_tokens, 50);
    assert.deepEqual(strict.lost, ['temperature', 'logitBias', 'logprobs']);
    assert.ok(!('temperature' in strict.body) && !('max_tokens' in strict.body));
    const none = encode(
      { ...request, reasoning: { mode: 'disabled', effort: 'none' } },
      { vendor: 'openai' },
    );
    assert.deepEqual(none.lost, []);
    assert.equal(none.body.temperature, 0.5);
    assert.equal(encode(request, { vendor: 'openai', reasoning: false }).body.max_tokens, 100);
  });

  test('effort is written, a budget becomes one and is reported', () => {
    const of = (
      reasoning: CanonicalRequest['reasoning'],
      target: Partial<TargetModel> = {},
    ): unknown[] => {
      const { body, lost } = encode(reasoning === undefined ? {} : { reasoning }, target);
      return [body.reasoning_effort, lost];
    };
    assert.deepEqual(of({ mode: 'enabled', effort: 'xhigh' }), ['xhigh', []]);
    assert.deepEqual(of({ mode: 'enabled', budgetTokens: 2048 }), [
      'medium',
      ['reasoning.budgetTokens'],
    ]);
    assert.deepEqual(of({ mode: 'adaptive' }), [undefined, []]);
    assert.deepEqual(of({ mode: 'disabled' }), [undefined, ['reasoning.mode']]);
    assert.deepEqual(of({ mode: 'disabled' }, { reasoning: false }), [undefined, []]);
    assert.deepEqual(of({ mode: 'enabled', effort: 'low' }, { reasoning: false }), [
      undefined,
      ['reasoning'],
    ]);
  });

  test('answers of tools come first, failures are told in words, pictures are reported', () => {
    const { body, lost } = encode({
      messages: [
        user(
          { type: 'tool_result', callId: 'a', isError: true, content: [said('no such city')] },
          {
            type: 'tool_result',
            callId: 'b',
            isError: false,
            content: [{ type: 'image', source: png }, said('1'), said('2')],
          },
          { type: 'tool_result', callId: 'c', isError: true, content: [] },
          said('and?'),
        ),
      ],
    });
    assert.deepEqual(body.messages, [
      { role: 'tool', tool_call_id: 'a', content: 'Error: no such city' },
      {
        role: 'tool',
        tool_call_id: 'b',
        content: [
          { type: 'text', text: '1' },
          { type: 'text', text: '2' },
        ],
      },
      { role: 'tool', tool_call_id: 'c', content: 'Error: ' },
      { role: 'user', content: 'and?' },
    ]);
    assert.deepEqual(lost, ['messages[0].content[1].content[0]']);
  });

  test('ids that hosts would refuse are shortened alike in calls and answers', () => {
    const long = 'toolu_'.padEnd(70, 'x');
    const { body } = encode({
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'tool_call', id: long, name: 'f', argumentsJson: '' },
            { type: 'tool_call', id: 'b', name: 'f', argumentsJson: '{oops' },
          ],
        },
        user({ type: 'tool_result', callId: long, content: [said('1')], isError: false }),
      ],
    });
    const calls = body.messages[0]!.tool_calls as { id: string; function: object }[];
    assert.ok(calls[0]!.id.length <= 40);
    assert.equal(body.messages[1]!.tool_call_id, calls[0]!.id);
    assert.deepEqual(
      calls.map(call => call.function),
      [
        { name: 'f', arguments: '{}' },
        { name: 'f', arguments: '{oops' },
      ],
    );
    assert.equal(body.messages[0]!.content, null);
  });

  test('thinking goes back to who signed it; left out elsewhere, and told as a minor loss', () => {
    const history: Message = {
      role: 'assistant',
      content: [
        { type: 'thinking', text: 'a', signature: 's', issuer: 'anthropic' },
        { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
        { type: 'thinking', text: 'b' },
        said('c'),
      ],
    };
    const to = (vendor: string): unknown => {
      const { body, lost } = encode({ messages: [history] }, { vendor });
      return [body.messages[0], lost];
    };
    assert.deepEqual(to('openai'), [
      { role: 'assistant', content: 'c' },
      [0, 1, 2].map(at => `messages[0].content[${at}] minor`),
    ]);
    assert.deepEqual(to('deepseek'), [
      { role: 'assistant', content: 'c', reasoning_content: 'b' },
      [0, 1].map(at => `messages[0].content[${at}] minor`),
    ]);
    const blocks = [
      { type: 'thinking', thinking: 'a', signature: 's', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
    ];
    assert.deepEqual(to('anthropic'), [
      { role: 'assistant', content: 'c', reasoning_content: 'b', thinking_blocks: blocks },
      ['messages[0].content[2] minor'],
    ]);
  });

  test('each thing that has no place is reported, hints as minor', () => {
    const native = { dialect: 'anthropic-messages', value: {} };
    const { body, lost } = encode(
      {
        messages: [
          user(
            { type: 'document', source: { kind: 'url', url: 'https://x/a.pdf' } },
            { type: 'native', native },
            { ...said('a'), cache: { ttl: '5m' }, citations: native },
          ),
          user({
            type: 'document',
            source: { kind: 'text', mediaType: 'text/plain', text: 'doc' },
          }),
          { role: 'assistant', content: [{ type: 'image', source: png }] },
        ],
        topK: 5,
        metadata: { a: 'b' },
        serviceTier: 'reserved',
        promptCacheKey: 'k',
        tools: [
          { name: 'f', parameters: { type: 'object' }, cache: { ttl: '5m' } },
          { name: 'g', parameters: {}, native },
        ],
        responseFormat: { type: 'json_schema', schema: {} },
        extensions: { dialect: 'anthropic-messages', fields: { container: 'c' } },
      },
      { jsonSchema: false },
    );
    assert.deepEqual(lost, [
      'extensions.container',
      'messages[0].content[0]',
      'messages[0].content[1]',
      'messages[0].content[2].citations',
      'messages[2].content[0]',
      'tools[1]',
      'responseFormat',
      'metadata',
      'serviceTier',
      'promptCacheKey minor',
      'cache minor',
      'topK',
    ]);
    assert.deepEqual(body.tools, [
      { type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
    ]);
    assert.equal(body.messages[1]!.content, 'doc');
    assert.ok(!('prompt_cache_key' in body));
  });

  test('all tools are written (G07), a choice without tools is not', () => {
    const tools = ['a', 'b', 'c'].map(name => ({ name, parameters: { type: 'object' } }));
    const named = encode({ tools, toolChoice: { type: 'named', name: 'b' } });
    assert.equal((named.body.tools as unknown[]).length, 3);
    assert.deepEqual(named.body.tool_choice, { type: 'function', function: { name: 'b' } });
    assert.deepEqual(encode({ toolChoice: { type: 'auto' }, parallelToolCalls: true }).lost, []);
    assert.deepEqual(encode({ toolChoice: { type: 'required' } }).lost, ['toolChoice']);
  });

  test('a stream always asks for usage; developer is system where openai is not', () => {
    const developer: Message = { role: 'developer', content: [said('d')] };
    const { body } = encode({ stream: true, messages: [developer] });
    assert.deepEqual(body.stream_options, { include_usage: true });
    assert.equal(body.messages[0]!.role, 'system');
    assert.equal(
      encode({ messages: [developer] }, { vendor: 'openai' }).body.messages[0]!.role,
      'developer',
    );
  });
});

test('fields are named in the words of the caller', () => {
  const { fieldName } = openaiChat;
  assert.equal(fieldName('candidates'), 'n');
  assert.equal(fieldName('maxOutputTokens'), 'max_completion_tokens');
  assert.equal(fieldName('reasoning.budgetTokens'), 'reasoning_effort');
  assert.equal(fieldName('messages[3].content[0].citations'), 'messages');
  assert.equal(fieldName('extensions.verbosity'), 'verbosity');
  assert.equal(fieldName('extensions.fields.verbosity'), 'verbosity');
  assert.equal(fieldName('seed'), 'seed');
  assert.equal(fieldName('constructor'), 'constructor');
});
