// Proves how a caller's request is read: every field to its canonical form, and every wrong one
// refused with its path.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message, TextBlock } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { thrown } from '../shared/thrown.ts';

const hello = [{ role: 'user', content: 'hello' }];

function decode(body: object): CanonicalRequest {
  return openaiChat.decodeRequest(
    Buffer.from(JSON.stringify({ model: 'm', messages: hello, ...body })),
  );
}

function messages(...given: readonly object[]): readonly Message[] {
  return decode({ messages: given }).messages;
}

const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const said = (text: string): TextBlock => ({ type: 'text', text });

describe('reading', () => {
  test('a wrong field is refused with its path', () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ model: 1 }, 'model'],
      [{ model: '' }, 'model'],
      [{ messages: [] }, 'messages'],
      [{ messages: 'hi' }, 'messages'],
      [{ messages: [null] }, 'messages[0]'],
      [{ messages: [{ content: 'x' }] }, 'messages[0].role'],
      [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
      [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
      [{ messages: [{ role: 'user', content: 1 }] }, 'messages[0].content'],
      [
        { messages: [...hello, { role: 'user', content: [{ type: 'text' }] }] },
        'messages[1].content[0].text',
      ],
      [{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages[0].content[0].type'],
      [
        { messages: [{ role: 'system', content: [{ type: 'image_url' }] }] },
        'messages[0].content[0].type',
      ],
      [
        {
          messages: [
            {
              role: 'user',
              content: [{ type: 'image_url', image_url: { url: 'data:image/png,x' } }],
            },
          ],
        },
        'messages[0].content[0].image_url.url',
      ],
      [
        {
          messages: [
            {
              role: 'user',
              content: [{ type: 'input_audio', input_audio: { data: 'A', format: 'ogg' } }],
            },
          ],
        },
        'messages[0].content[0].input_audio.format',
      ],
      [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
      [
        {
          messages: [
            {
              role: 'assistant',
              tool_calls: [{ id: 'a', function: { name: 'f', arguments: {} } }],
            },
          ],
        },
        'messages[0].tool_calls[0].function.arguments',
      ],
      [{ temperature: '1' }, 'temperature'],
      [{ max_tokens: 0 }, 'max_tokens'],
      [{ max_completion_tokens: 1.5 }, 'max_completion_tokens'],
      [{ stop: [1] }, 'stop[0]'],
      [{ n: 0 }, 'n'],
      [{ stream: 'yes' }, 'stream'],
      [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
      [{ top_logprobs: 2 }, 'top_logprobs'],
      [{ logit_bias: { 1: 'x' } }, 'logit_bias.1'],
      [{ metadata: { a: 1 } }, 'metadata.a'],
      [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
      [
        { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'array' } } }] },
        'tools[0].function.parameters.type',
      ],
      [{ tool_choice: 'maybe' }, 'tool_choice'],
      [{ tool_choice: { type: 'function', function: {} } }, 'tool_choice.function.name'],
      [{ response_format: { type: 'yaml' } }, 'response_format.type'],
      [{ reasoning_effort: 'huge' }, 'reasoning_effort'],
    ];
    for (const [body, field] of wrong) {
      const error = thrown(() => assert.fail(`${field}: ${JSON.stringify(decode(body))}`));
      assert.equal(error.class, 'invalid_request', field);
      assert.equal(error.field, field);
    }
  });

  test('old function calls are refused by name, for their callers wait for old answers', () => {
    const old = [
      { functions: [{ name: 'f' }] },
      { function_call: 'auto' },
      { messages: [{ role: 'function', name: 'f', content: '1' }] },
      {
        messages: [
          { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
        ],
      },
    ];
    for (const body of old) assert.equal(thrown(() => decode(body)).class, 'unsupported');
    assert.equal(messages({ role: 'assistant', content: 'a', function_call: null }).length, 1);
  });

  test('answers of tools become one message, and what the user says next stands behind them', () => {
    const call = (id: string, args: string): object => ({
      id,
      type: 'function',
      function: { name: 'wx', arguments: args },
    });
    const read = messages(
      { role: 'developer', content: 'Be brief' },
      { role: 'user', content: 'weather in Paris and Oslo?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [call('call_1', '{"c":"Paris"}'), call('call_2', '')],
      },
      { role: 'tool', tool_call_id: 'call_2', content: '12' },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: '20' }] },
      { role: 'user', content: 'thanks', name: 'ann' },
      { role: 'user', content: 'bye' },
    );
    const result = (callId: string, text: string): Block => ({
      type: 'tool_result',
      callId,
      content: [said(text)],
      isError: false,
    });
    assert.deepEqual(read, [
      { role: 'developer', content: [said('Be brief')] },
      user(said('weather in Paris and Oslo?')),
      {
        role: 'assistant',
        content: [
          { type: 'tool_call', id: 'call_1', name: 'wx', argumentsJson: '{"c":"Paris"}' },
          { type: 'tool_call', id: 'call_2', name: 'wx', argumentsJson: '' },
        ],
      },
      {
        role: 'user',
        name: 'ann',
        content: [result('call_2', '12'), result('call_1', '20'), said('thanks')],
      },
      user(said('bye')),
    ]);
  });

  test('system in the middle, empty answers and arguments that are no JSON stay what they are', () => {
    const read = messages(
      { role: 'user', content: 'a' },
      {
        role: 'system',
        content: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
      },
      { role: 'assistant', content: '' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'x'.repeat(80), function: { name: 'a.b/c', arguments: '{oops' } }],
      },
      { role: 'tool', tool_call_id: 'x'.repeat(80), content: '' },
    );
    assert.deepEqual(
      read.map(message => message.role),
      ['user', 'system', 'assistant', 'assistant', 'user'],
    );
    assert.deepEqual(read[1]!.content, [said('b'), said('c')]);
    assert.deepEqual(read[2]!.content, []);
    assert.deepEqual(read[3]!.content, [
      { type: 'tool_call', id: 'x'.repeat(80), name: 'a.b/c', argumentsJson: '{oops' },
    ]);
    assert.deepEqual(read[4]!.content, [
      { type: 'tool_result', callId: 'x'.repeat(80), content: [], isError: false },
    ]);
  });

  test('images, files and sounds', () => {
    const [message] = messages({
      role: 'user',
      content: [
        {
          type: 'image_url',
          image_url: { url: 'data:image/jpg;x=y;base64,AA\nAA', detail: 'low' },
        },
        { type: 'image_url', image_url: 'https://example.com/a.png' },
        {
          type: 'file',
          file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' },
        },
        { type: 'file', file: { file_id: 'file-1' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
        { type: 'text', text: 'what?', cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'video_url', video_url: { url: 'x' } },
      ],
    });
    assert.deepEqual(message!.content, [
      {
        type: 'image',
        source: { kind: 'base64', mediaType: 'image/jpeg', data: 'AAAA' },
        detail: 'low',
      },
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
        name: 'a.pdf',
      },
      { type: 'document', source: { kind: 'file-id', fileId: 'file-1' } },
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'AAAA' } },
      { ...said('what?'), cache: { ttl: '1h' } },
      {
        type: 'native',
        native: { dialect: 'openai-chat', value: { type: 'video_url', video_url: { url: 'x' } } },
      },
    ]);
  });

  test('thinking that a client sends back, with and without signatures', () => {
    const [unsigned, signed] = messages(
      { role: 'assistant', content: 'a', reasoning_content: 'hm' },
      {
        role: 'assistant',
        content: 'b',
        refusal: 'no',
        reasoning_content: 'hm',
        thinking_blocks: [
          { type: 'thinking', thinking: '', signature: 's' },
          { type: 'redacted_thinking', data: 'd' },
        ],
      },
    );
    assert.deepEqual(unsigned!.content, [{ type: 'thinking', text: 'hm' }, said('a')]);
    assert.deepEqual(signed!.content, [
      { type: 'thinking', text: '', signature: 's', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
      said('b'),
      { type: 'refusal', text: 'no' },
    ]);
  });

  test('each field has its place, null is absent, and unknown fields are kept', () => {
    const { messages: _messages, ...fields } = decode({
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      max_tokens: 5,
      max_completion_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      stop: 'END',
      seed: 1,
      frequency_penalty: 0.1,
      presence_penalty: -0.1,
      n: 2,
      logprobs: true,
      top_logprobs: 3,
      logit_bias: { 50256: -100 },
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'custom', custom: { name: 'g' } },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      parallel_tool_calls: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'r', schema: { type: 'object' }, strict: true },
      },
      reasoning_effort: 'low',
      safety_identifier: 'u',
      metadata: { a: 'b' },
      service_tier: 'flex',
      prompt_cache_key: 'k',
      store: null,
      verbosity: 'low',
      modalities: ['text'],
    });
    const empty = { type: 'object', properties: {} };
    assert.deepEqual(fields, {
      model: 'm',
      stream: true,
      includeUsage: true,
      maxOutputTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ['END'],
      seed: 1,
      frequencyPenalty: 0.1,
      presencePenalty: -0.1,
      candidates: 2,
      logprobs: { top: 3 },
      logitBias: { 50256: -100 },
      tools: [
        { name: 'f', parameters: empty },
        {
          name: 'g',
          parameters: empty,
          native: { dialect: 'openai-chat', value: { type: 'custom', custom: { name: 'g' } } },
        },
      ],
      toolChoice: { type: 'allowed', mode: 'auto', names: ['f'] },
      parallelToolCalls: false,
      responseFormat: { type: 'json_schema', name: 'r', schema: { type: 'object' }, strict: true },
      reasoning: { mode: 'enabled', effort: 'low' },
      user: 'u',
      metadata: { a: 'b' },
      serviceTier: 'flex',
      promptCacheKey: 'k',
      extensions: {
        dialect: 'openai-chat',
        fields: {
          verbosity: 'low',
          modalities: ['text'],
          stream_options: { include_obfuscation: false },
        },
      },
    });
    assert.deepEqual(decode({ reasoning_effort: 'none' }).reasoning, {
      mode: 'disabled',
      effort: 'none',
    });
  });

  test('choices of tools', () => {
    const choice = (value: unknown): unknown => decode({ tool_choice: value }).toolChoice;
    assert.deepEqual(choice('none'), { type: 'none' });
    assert.deepEqual(choice('required'), { type: 'required' });
    assert.deepEqual(choice({ type: 'function', function: { name: 'f' } }), {
      type: 'named',
      name: 'f',
    });
    assert.equal(choice(null), undefined);
  });
});
