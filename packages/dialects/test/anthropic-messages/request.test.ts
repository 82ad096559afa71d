// Proves how a canonical request is written for an upstream, and that what cannot be carried is
// named or refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Block, CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { thrown } from '../shared/thrown.ts';
import { assistant, call, encode, hello, result, said, user } from './encoded.ts';

const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
const foreign = { dialect: 'openai-chat', value: {} };

describe('messages', () => {
  test('what the system says stands first and apart; in the middle that is reported', () => {
    const developer: Message = { role: 'developer', content: [said('b')] };
    const first = encode({ messages: [{ role: 'system', content: [said('a')] }, ...hello] });
    assert.equal(first.body.system, 'a');
    assert.deepEqual(first.body.messages, [{ role: 'user', content: 'hello' }]);
    assert.deepEqual(first.lost, []);
    const middle = encode({
      messages: [
        { role: 'system', content: [said('a')] },
        developer,
        user(said('q')),
        { role: 'system', content: [{ ...said('c'), cache: { ttl: '1h' } }] },
        user(said('r')),
      ],
    });
    assert.deepEqual(middle.body.system, [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'text', text: 'c', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
    assert.deepEqual(middle.body.messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'q' },
          { type: 'text', text: 'r' },
        ],
      },
    ]);
    assert.deepEqual(middle.lost, ['messages[3]']);
  });

  test('turns are merged, answers of tools come first, empty texts are left out', () => {
    const { body, lost } = encode({
      messages: [
        user(said('q'), said('')),
        assistant(said('\n\n'), call('a'), call('b', '{"x":1}')),
        user(result('a', said('1')), said('and')),
        user({ ...result('b'), isError: true } as Block),
      ],
    });
    assert.deepEqual(body.messages, [
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'f', input: {} },
          { type: 'tool_use', id: 'b', name: 'f', input: { x: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { type: 'tool_result', tool_use_id: 'b', is_error: true },
          { type: 'text', text: 'and' },
        ],
      },
    ]);
    assert.deepEqual(lost, []);
  });

  test('a request without a word of the user makes one of what the system says', () => {
    const system: Message = { role: 'system', content: [said('a')] };
    const { body, lost } = encode({ messages: [system, user(said(''))] });
    assert.deepEqual(body.messages, [{ role: 'user', content: 'a' }]);
    assert.ok(!('system' in body));
    assert.deepEqual(lost, ['messages']);
    const error = thrown(() => encode({ messages: [user(said(''))] }));
    assert.equal(error.class, 'unsupported');
    assert.equal(error.field, 'messages');
  });

  test('ids that the API would refuse become others, one for one', () => {
    const { body } = encode({
      messages: [
        user(said('q')),
        assistant(call('a.b'), call('a:b'), call('call_entrepot_1'), call('')),
        user(result('a:b'), result('a.b'), result(''), result('call_entrepot_1')),
      ],
    });
    const ids = (message: number, key: string): unknown[] =>
      (body.messages[message]!.content as Record<string, unknown>[]).map(block => block[key]);
    const [first, second, third, fourth] = ids(1, 'id');
    assert.deepEqual(ids(2, 'tool_use_id'), [second, first, fourth, third]);
    assert.equal(new Set([first, second, third, fourth]).size, 4);
    assert.equal(third, 'call_entrepot_1');
    for (const id of ids(1, 'id')) assert.match(String(id), /^[a-zA-Z0-9_-]+$/);
  });

  test('arguments that are no object are reported', () => {
    const inputOf = (argumentsJson: string): unknown[] => {
      const { body, lost } = encode({
        messages: [user(said('q')), assistant(call('a', argumentsJson)), user(result('a'))],
      });
      return [(body.messages[1]!.content as { input: unknown }[])[0]!.input, lost];
    };
    assert.deepEqual(inputOf(' '), [{}, []]);
    assert.deepEqual(inputOf('{"a":[1]}'), [{ a: [1] }, []]);
    for (const text of ['{"a":', '[1]', 'null', '['.repeat(500)]) {
      assert.deepEqual(inputOf(text), [{}, ['messages[1].content[0].argumentsJson']]);
    }
  });

  test('thinking goes back to who signed it; anthropic takes none without signature', () => {
    const history = assistant(
      { type: 'thinking', text: 'a', signature: 's', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
      { type: 'thinking', text: 'b' },
      { type: 'thinking', text: 'c', signature: 's', issuer: 'deepseek' },
      said('e'),
    );
    const to = (vendor: string): unknown => {
      const { body, lost } = encode({ messages: [user(said('q')), history] }, { vendor });
      return [body.messages[1]!.content, lost];
    };
    assert.deepEqual(to('anthropic'), [
      [
        { type: 'thinking', thinking: 'a', signature: 's' },
        { type: 'redacted_thinking', data: 'd' },
        { type: 'text', text: 'e' },
      ],
      [2, 3].map(at => `messages[1].content[${at}] minor`),
    ]);
    assert.deepEqual(to('example'), [
      [
        { type: 'thinking', thinking: 'b', signature: '' },
        { type: 'text', text: 'e' },
      ],
      [0, 1, 3].map(at => `messages[1].content[${at}] minor`),
    ]);
  });

  test('pictures and documents are written as the API takes them, others reported', () => {
    const text = Buffer.from('# Title').toString('base64');
    const docx = { kind: 'base64', mediaType: 'application/msword', data: 'AAAA' } as const;
    const { body, lost } = encode({
      messages: [
        user(
          { type: 'image', source: png, detail: 'low', cache: { ttl: '5m' } },
          { type: 'image', source: { kind: 'url', url: 'https://x/a.png' } },
          { type: 'image', source: { ...png, mediaType: 'image/tiff' } },
          { type: 'document', source: { ...png, mediaType: 'application/pdf' }, name: 'a.pdf' },
          { type: 'document', source: { ...png, mediaType: 'text/markdown', data: text } },
          { type: 'document', source: { kind: 'file-id', fileId: 'file_1' } },
          { type: 'document', source: docx },
          { type: 'audio', source: { ...png, mediaType: 'audio/wav' } },
          { type: 'native', native: foreign },
          { ...said('t'), citations: foreign },
        ),
        assistant({ type: 'image', source: png }, { type: 'refusal', text: 'no' }),
      ],
    });
    assert.deepEqual(body.messages[0]!.content, [
      {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: 'AAAA' },
        cache_control: { type: 'ephemeral' },
      },
      { type: 'image', source: { type: 'url', url: 'https://x/a.png' } },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
        title: 'a.pdf',
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# Title' } },
      { type: 'document', source: { type: 'file', file_id: 'file_1' } },
      { type: 'text', text: 't' },
    ]);
    assert.equal(body.messages[1]!.content, 'no');
    assert.deepEqual(lost, [
      'messages[0].content[0].detail minor',
      'messages[0].content[2]',
      'messages[0].content[6]',
      'messages[0].content[7]',
      'messages[0].content[8]',
      'messages[0].content[9].citations',
      'messages[1].content[0]',
    ]);
  });
});

describe('fields', () => {
  test('each that has no place is reported, hints as minor, defaults not at all', () => {
    const { body, lost } = encode({
      messages: [{ ...user(said('q')), name: 'ann' }],
      candidates: 2,
      logprobs: { top: 1 },
      seed: 1,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      logitBias: { 1: 1 },
      temperature: 1.5,
      stop: ['###', ' \n'],
      metadata: { a: 'b' },
      serviceTier: 'flex',
      store: true,
      promptCacheKey: 'k',
      responseFormat: { type: 'json_object' },
      extensions: { dialect: 'openai-chat', fields: { verbosity: 'low', stream_options: {} } },
    });
    assert.deepEqual([...lost].sort(), [
      'candidates',
      'extensions.verbosity',
      'frequencyPenalty',
      'logitBias',
      'logprobs',
      'messages[0].name',
      'metadata',
      'presencePenalty',
      'promptCacheKey minor',
      'responseFormat',
      'seed',
      'serviceTier',
      'stop[1]',
      'store',
      'temperature',
    ]);
    assert.deepEqual(body, {
      model: 'claude',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: 'q' }],
      temperature: 1,
      stop_sequences: ['###'],
    });
    const plain = {
      candidates: 1,
      frequencyPenalty: 0,
      presencePenalty: 0,
      logitBias: {},
      metadata: {},
      store: false,
      parallelToolCalls: true,
      toolChoice: { type: 'auto' },
      responseFormat: { type: 'text' },
    } as const;
    assert.deepEqual(encode(plain).lost, []);
  });

  test('all that has a place is written', () => {
    const { body, lost } = encode({
      stream: true,
      maxOutputTokens: 50_000,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      stop: ['x'],
      user: 'u1',
      serviceTier: 'default',
      extensions: {
        dialect: 'anthropic-messages',
        fields: { container: 'c', metadata: { more: 1 }, output_config: { x: 2 } },
      },
      reasoning: { mode: 'disabled', effort: 'low' },
    });
    assert.deepEqual(lost, []);
    assert.deepEqual(body, {
      container: 'c',
      metadata: { more: 1, user_id: 'u1' },
      output_config: { x: 2, effort: 'low' },
      model: 'claude',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      stop_sequences: ['x'],
      thinking: { type: 'disabled' },
      service_tier: 'standard_only',
    });
  });

  test('the limit is required: that of the model, or a known least one that is reported', () => {
    assert.equal(encode({ maxOutputTokens: 7 }).body.max_tokens, 7);
    assert.equal(encode({}).body.max_tokens, 32_000);
    const unknown = encode({}, { maxOutputTokens: null });
    assert.equal(unknown.body.max_tokens, 4096);
    assert.deepEqual(unknown.lost, ['maxOutputTokens']);
  });

  test('models that refuse sampling get none, and are not told what they do anyway', () => {
    const strict = { rejectsSampling: true };
    const { body, lost } = encode({ temperature: 0.5, topP: 0.9, topK: 3 }, strict);
    assert.deepEqual(lost, ['temperature', 'topP', 'topK']);
    assert.ok(!('temperature' in body) && !('top_p' in body) && !('top_k' in body));
    assert.deepEqual(encode({ temperature: 1, topP: 1 }, strict).lost, []);
  });
});

describe('tools', () => {
  const tools = ['a', 'b', 'c'].map(name => ({ name, parameters: { type: 'object' } }));

  test('are written with what they say, native ones as they are', () => {
    const search = { type: 'web_search_20250305', name: 'web_search' };
    const own = { dialect: 'anthropic-messages', value: search };
    const { body, lost } = encode({
      tools: [
        { ...tools[0]!, description: 'd', strict: true, cache: { ttl: '1h' } },
        { name: 'web_search', parameters: {}, native: own },
        { name: 'grammar', parameters: {}, native: foreign },
      ],
    });
    assert.deepEqual(body.tools, [
      {
        name: 'a',
        description: 'd',
        input_schema: { type: 'object' },
        strict: true,
        cache_control: { type: 'ephemeral', ttl: '1h' },
      },
      search,
    ]);
    assert.deepEqual(lost, ['tools[2]']);
  });

  test('are chosen among in every way', () => {
    const choice = (
      toolChoice: CanonicalRequest['toolChoice'],
      parallelToolCalls?: boolean,
    ): unknown => {
      const parallel = parallelToolCalls === undefined ? {} : { parallelToolCalls };
      return encode({ tools, ...(toolChoice === undefined ? {} : { toolChoice }), ...parallel })
        .body.tool_choice;
    };
    assert.equal(choice(undefined), undefined);
    assert.deepEqual(choice({ type: 'auto' }), { type: 'auto' });
    assert.deepEqual(choice({ type: 'none' }, false), { type: 'none' });
    assert.deepEqual(choice({ type: 'required' }, true), { type: 'any' });
    assert.deepEqual(choice({ type: 'named', name: 'b' }), { type: 'tool', name: 'b' });
    assert.deepEqual(choice(undefined, false), { type: 'auto', disable_parallel_tool_use: true });
    assert.deepEqual(choice({ type: 'required' }, false), {
      type: 'any',
      disable_parallel_tool_use: true,
    });
    const some = encode({
      tools,
      toolChoice: { type: 'allowed', mode: 'required', names: ['a', 'c'] },
    });
    assert.deepEqual(
      (some.body.tools as { name: string }[]).map(tool => tool.name),
      ['a', 'c'],
    );
    assert.deepEqual(some.body.tool_choice, { type: 'any' });
    assert.deepEqual(some.lost, []);
    assert.deepEqual(encode({ toolChoice: { type: 'required' } }).lost, ['toolChoice']);
  });

  test('with names that cannot come back are refused', () => {
    const named = (name: string): Partial<CanonicalRequest> => ({
      tools: [{ name, parameters: { type: 'object' } }],
    });
    for (const name of ['mcp.search', '', 'x'.repeat(129), 'a b']) {
      const error = thrown(() => encode(named(name)));
      assert.equal(error.class, 'unsupported');
      assert.equal(error.field, 'tools[0].name');
    }
    assert.deepEqual(encode(named('x'.repeat(128))).lost, []);
    const made = { type: 'tool_call', id: 'a', name: 'a.b', argumentsJson: '' } as const;
    const messages = [user(said('q')), assistant(made), user(result('a'))];
    assert.equal(thrown(() => encode({ messages })).field, 'messages[1].content[0].name');
  });
});

test('a request of an openai-chat caller is carried whole', () => {
  const body = {
    model: 'm',
    stream: true,
    max_completion_tokens: 500,
    parallel_tool_calls: false,
    messages: [
      { role: 'developer', content: 'be brief' },
      { role: 'user', content: [{ type: 'text', text: 'weather?' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
      { role: 'user', content: 'and?' },
    ],
    tools: [{ type: 'function', function: { name: 'f' } }],
    tool_choice: 'auto',
    stop: '\n\nHuman:',
  };
  const request = openaiChat.decodeRequest(Buffer.from(JSON.stringify(body)));
  const { body: written, lost } = encode(request);
  assert.deepEqual(lost, []);
  assert.deepEqual(written, {
    model: 'claude',
    max_tokens: 500,
    system: 'be brief',
    messages: [
      { role: 'user', content: 'weather?' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: {} }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: 'sun' },
          { type: 'text', text: 'and?' },
        ],
      },
    ],
    stream: true,
    tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    stop_sequences: ['\n\nHuman:'],
  });
});

test('fields are named in the words of the caller', () => {
  const { fieldName } = anthropicMessages;
  assert.equal(fieldName('maxOutputTokens'), 'max_tokens');
  assert.equal(fieldName('reasoning.budgetTokens'), 'thinking.budget_tokens');
  assert.equal(fieldName('stop[1]'), 'stop_sequences');
  assert.equal(fieldName('messages[3].content[0].citations'), 'messages');
  assert.equal(fieldName('extensions.container'), 'container');
  assert.equal(fieldName('toolChoice'), 'tool_choice');
  assert.equal(fieldName('constructor'), 'constructor');
});
