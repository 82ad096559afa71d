// Proves that a caller's request is read strictly and whole, and that what is written for an
// upstream is what was read, with a report of each thing that could not be written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message, TextBlock } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
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
    lost: losses.map(loss => loss.field),
  };
}

const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const said = (text: string): TextBlock => ({ type: 'text', text });
const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;

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

  test('thinking goes back to who signed it; unsigned thinking is refused by openai alone', () => {
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
      ['messages[0].content[2]'],
    ]);
    assert.deepEqual(to('deepseek'), [
      { role: 'assistant', content: 'c', reasoning_content: 'b' },
      [],
    ]);
    const blocks = [
      { type: 'thinking', thinking: 'a', signature: 's', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
    ];
    assert.deepEqual(to('anthropic'), [
      { role: 'assistant', content: 'c', reasoning_content: 'b', thinking_blocks: blocks },
      [],
    ]);
  });

  test('each thing that has no place is reported, hints are not', () => {
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
        user: 'u'.repeat(65),
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
      'user',
      'metadata',
      'serviceTier',
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

function again(request: CanonicalRequest, vendor: string): CanonicalRequest {
  const reasoning = request.reasoning !== undefined;
  const target = { ...plainTarget, name: request.model, vendor, reasoning };
  const { body, losses } = openaiChat.encodeRequest(request, target);
  assert.deepEqual(losses, []);
  return { ...openaiChat.decodeRequest(body), includeUsage: request.includeUsage };
}

describe('round trips', () => {
  test('recorded requests are read, written and read again without loss', {
    skip: recordingsMissing,
  }, () => {
    let read = 0;
    for (const { file, requestBody, status } of recordings('chat.completions')) {
      if (status !== 200 || requestBody.includes('"functions"')) continue;
      const request = openaiChat.decodeRequest(Buffer.from(requestBody));
      assert.deepEqual(again(request, 'openai'), request, file);
      const scan = openaiChat.scan(Buffer.from(requestBody))!;
      assert.equal(scan.model, request.model);
      assert.equal(scan.stream, request.stream);
      assert.equal(scan.includeUsage, request.includeUsage);
      assert.equal(scan.maxOutputTokens, request.maxOutputTokens ?? null);
      assert.equal(scan.features.includes('tools'), (request.tools?.length ?? 0) > 0);
      read++;
    }
    assert.ok(read > 30);
  });

  test('random requests', () => {
    fc.assert(
      fc.property(requests, body => {
        const request = decode(body);
        assert.deepEqual(again(request, 'example'), request);
      }),
      { numRuns: 500 },
    );
  });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.constant({
    type: 'image_url',
    image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' },
  }),
  fc.constant({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
  fc.constant({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }),
  fc.constant({
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
  }),
  fc.constant({ type: 'video_url', video_url: { url: 'x' } }),
);
const userMessage = fc.record(
  {
    role: fc.constant('user'),
    content: fc.oneof(fc.string(), fc.array(part, { maxLength: 4 })),
    name: fc.constant('ann'),
  },
  { requiredKeys: ['role', 'content'] },
);
const systemMessage = fc.record({
  role: fc.constant('system'),
  content: fc.oneof(
    text,
    fc.array(fc.record({ type: fc.constant('text'), text }), { minLength: 2, maxLength: 3 }),
  ),
});
const toolCall = fc.record({
  id: text,
  type: fc.constant('function'),
  function: fc.record({ name: text, arguments: fc.json() }),
});
const assistantMessage = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.oneof(fc.constant(null), fc.string()),
    refusal: fc.oneof(fc.constant(null), text),
    tool_calls: fc.array(toolCall, { maxLength: 3 }),
    reasoning_content: text,
  },
  { requiredKeys: ['role', 'content'] },
);
const toolMessage = fc.record({
  role: fc.constant('tool'),
  tool_call_id: text,
  content: fc.string(),
});
const requests = fc.record(
  {
    messages: fc.array(fc.oneof(userMessage, systemMessage, assistantMessage, toolMessage), {
      minLength: 1,
      maxLength: 6,
    }),
    stream: fc.boolean(),
    max_tokens: fc.integer({ min: 1, max: 9999 }),
    temperature: fc.integer({ min: 0, max: 2 }),
    stop: fc.oneof(text, fc.array(text, { maxLength: 4 })),
    seed: fc.integer(),
    n: fc.integer({ min: 1, max: 8 }),
    tools: fc.array(
      fc.record({
        type: fc.constant('function'),
        function: fc.record(
          {
            name: text,
            description: fc.string(),
            parameters: fc.constant({ type: 'object', properties: { a: { type: 'string' } } }),
            strict: fc.boolean(),
          },
          { requiredKeys: ['name'] },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    response_format: fc.constantFrom(
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' } } },
    ),
    reasoning_effort: fc.constantFrom('none', 'minimal', 'high'),
    user: text,
    verbosity: fc.constant('low'),
  },
  { requiredKeys: ['messages'] },
);
