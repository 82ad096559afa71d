// Proves what each field of a caller's request means, and that a wrong one is refused by its path.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { thrown } from '../shared/thrown.ts';

function decode(body: object): CanonicalRequest {
  const whole = { model: 'm', input: 'hello', ...body };
  return openaiResponses.decodeRequest(Buffer.from(JSON.stringify(whole)));
}

function messages(...input: readonly unknown[]): readonly Message[] {
  return decode({ input }).messages;
}

function fieldOf(body: object): string | undefined {
  const error = thrown(() => decode(body));
  assert.equal(error.class, 'invalid_request');
  return error.field;
}

const own = (value: unknown): object => ({ dialect: 'openai-responses', value });
const text = (value: string): object => ({ type: 'text', text: value });
const user = (...content: object[]): object => ({ role: 'user', content });

describe('the input', () => {
  test('is a text or items; instructions stand before it', () => {
    const { messages: said, stream, includeUsage } = decode({ instructions: 'Be brief.' });
    assert.deepEqual(said, [{ role: 'system', content: [text('Be brief.')] }, user(text('hello'))]);
    assert.equal(stream, false);
    assert.equal(includeUsage, true, 'usage is always told');
    assert.deepEqual(decode({ instructions: '' }).messages, [user(text('hello'))]);
    assert.deepEqual(decode({ instructions: null, stream: true }).stream, true);
  });

  test('may be absent only where a conversation stands for it', () => {
    assert.equal(fieldOf({ input: undefined }), 'input');
    assert.equal(fieldOf({ input: [] }), 'input');
    for (const key of ['previous_response_id', 'conversation', 'prompt']) {
      const value = key === 'prompt' ? { id: 'p' } : 'x';
      const request = decode({ input: undefined, [key]: value });
      assert.deepEqual(request.messages, []);
      assert.deepEqual(request.extensions, {
        dialect: 'openai-responses',
        fields: { [key]: value },
      });
    }
  });

  test('messages, easy and whole, of every role', () => {
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
    const content = [
      { type: 'output_text', text: 'Hi', annotations: [], logprobs: [] },
      { type: 'refusal', refusal: 'No' },
    ];
    const of = { item: own({ id: 'msg_1', phase: 'commentary' }) };
    assert.deepEqual(
      messages(
        { role: 'developer', content: 'a' },
        { role: 'system', content: [{ type: 'input_text', text: 'b' }] },
        { type: 'message', role: 'user', content: 'c' },
        { role: 'assistant', content: 'd' },
        { ...item, phase: 'commentary', content },
        { role: 'assistant', content: '' },
        { role: 'user', content: '' },
      ),
      [
        { role: 'developer', content: [text('a')] },
        { role: 'system', content: [text('b')] },
        user(text('c')),
        { role: 'assistant', content: [text('d')] },
        {
          role: 'assistant',
          content: [
            { ...text('Hi'), ...of },
            { type: 'refusal', text: 'No', ...of },
          ],
        },
        user(),
      ],
    );
  });

  test('what the model said in one answer is one message', () => {
    const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
    assert.deepEqual(
      messages(
        { role: 'user', content: 'q' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
        { role: 'assistant', content: 'Let me see.' },
        { ...call, id: 'fc_1', status: 'completed', namespace: 'n' },
        { type: 'web_search_call', id: 'ws_1' },
        { type: 'function_call', call_id: 'c2', name: 'g', arguments: '' },
      )[1],
      {
        role: 'assistant',
        content: [
          {
            type: 'thinking',
            text: '',
            signature: '{"id":"rs_1","encrypted_content":"gAAAA"}',
            issuer: 'openai',
          },
          text('Let me see.'),
          {
            type: 'tool_call',
            id: 'c1',
            name: 'f',
            argumentsJson: '{}',
            item: own({ id: 'fc_1', namespace: 'n' }),
          },
          { type: 'native', native: own({ item: { type: 'web_search_call', id: 'ws_1' } }) },
          { type: 'tool_call', id: 'c2', name: 'g', argumentsJson: '' },
        ],
      },
    );
  });

  test('answers of tools are one message, with what the user says next', () => {
    const output = (call_id: string, value: unknown): object => ({
      type: 'function_call_output',
      call_id,
      output: value,
    });
    const result = (callId: string, ...content: object[]): object => ({
      type: 'tool_result',
      callId,
      content,
      isError: false,
    });
    const image = { type: 'input_image', image_url: 'data:image/jpg;base64,AA AA', detail: 'low' };
    assert.deepEqual(
      messages(
        output('c1', '12'),
        output('c2', [{ type: 'input_text', text: 'x' }, image]),
        { role: 'user', content: 'thanks' },
        { role: 'user', content: 'bye' },
        output('c3', ''),
      ),
      [
        user(
          result('c1', text('12')),
          result('c2', text('x'), {
            type: 'image',
            source: { kind: 'base64', mediaType: 'image/jpeg', data: 'AAAA' },
            detail: 'low',
          }),
          text('thanks'),
        ),
        user(text('bye')),
        user(result('c3')),
      ],
    );
  });

  test('a user who says nothing does not end them', () => {
    const output = { type: 'function_call_output', call_id: 'c', output: '1' };
    const silent = { role: 'user', content: '' };
    const [first, ...more] = messages(output, silent, { role: 'user', content: 'x' });
    assert.deepEqual(
      first!.content.map(block => block.type),
      ['tool_result', 'text'],
    );
    assert.deepEqual(more, []);
  });

  test('parts of every kind', () => {
    const parts = [
      { type: 'input_image', image_url: 'https://example.com/a.png' },
      { type: 'input_image', file_id: 'file_1', detail: 'auto' },
      { type: 'input_file', file_id: 'file_2' },
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
      { type: 'input_file', filename: 'a.csv', file_data: 'data:text/csv;base64,AAAA' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'AAAA' },
      { type: 'input_text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'input_text', text: '' },
    ];
    const hologram = { type: 'input_hologram', data: 'x' };
    const close = { type: 'input_file', file_id: 'file_3', detail: 'high' };
    const [message] = messages({ role: 'user', content: [...parts, hologram, close] });
    const base64 = (mediaType: string): object => ({ kind: 'base64', mediaType, data: 'AAAA' });
    assert.deepEqual(message!.content, [
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
      { type: 'image', source: { kind: 'file-id', fileId: 'file_1' }, detail: 'auto' },
      { type: 'document', source: { kind: 'file-id', fileId: 'file_2' } },
      { type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'document', source: base64('text/csv'), name: 'a.csv' },
      { type: 'document', source: base64('application/pdf'), name: 'a.pdf' },
      { ...text('x'), cache: { ttl: '5m' } },
      { type: 'native', native: own({ part: hologram }) },
      { type: 'native', native: own({ part: close }) },
    ]);
  });

  test('items that only this dialect knows are kept whole, on the side that made them', () => {
    const items = [
      { id: 'msg_9' },
      { type: 'item_reference', id: 'fc_9' },
      { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: 'SELECT 1' },
      { type: 'custom_tool_call_output', call_id: 'c', output: '1' },
      { type: 'mcp_approval_response', approval_request_id: 'a', approve: true },
    ];
    assert.deepEqual(
      messages(...items).map(message => [message.role, message.content]),
      [
        ['assistant', items.slice(0, 3).map(item => ({ type: 'native', native: own({ item }) }))],
        ['user', [{ type: 'native', native: own({ item: items[3] }) }]],
        ['user', [{ type: 'native', native: own({ item: items[4] }) }]],
      ],
    );
  });

  test('a reference to reasoning is reasoning that only its maker knows', () => {
    const items = [
      { type: 'item_reference', id: 'rs_9' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ];
    const [{ role, content }] = messages(...items) as [Message];
    assert.equal(role, 'assistant');
    const signature = '{"id":"rs_9"}';
    assert.deepEqual(content[0], { type: 'thinking', text: '', signature, issuer: 'openai' });
    assert.equal(content[1]!.type, 'tool_call');
  });
});

describe('fields', () => {
  test('that every dialect knows', () => {
    const request = decode({
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      user: 'u',
      metadata: { a: 'b' },
      service_tier: 'flex',
      prompt_cache_key: 'k',
      store: false,
      include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
      top_logprobs: 3,
    });
    const { model: _model, messages: _messages, stream: _stream, ...fields } = request;
    assert.deepEqual(fields, {
      includeUsage: true,
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      logprobs: { top: 3 },
      parallelToolCalls: false,
      user: 'u',
      metadata: { a: 'b' },
      serviceTier: 'flex',
      promptCacheKey: 'k',
      store: false,
    });
    assert.equal(decode({ safety_identifier: 's' }).user, 's');
  });

  test('what needs a store is for this dialect alone, and vital', () => {
    const fields = {
      previous_response_id: 'r',
      background: true,
      store: true,
      prompt: { id: 'p' },
    };
    const request = decode(fields);
    assert.equal(request.store, undefined);
    assert.deepEqual(request.extensions, { dialect: 'openai-responses', fields });
    for (const name of Object.keys(fields)) {
      assert.ok(openaiResponses.vital.has(`extensions.${name}`));
    }
  });

  test('that say what happens anyway are none', () => {
    const request = decode({
      background: false,
      truncation: 'disabled',
      stream_options: { include_obfuscation: false },
      previous_response_id: null,
      max_tool_calls: null,
      top_logprobs: 0,
      include: [],
      text: { verbosity: 'medium' },
      reasoning: {},
      tools: null,
      store: null,
    });
    assert.deepEqual(Object.keys(request).sort(), ['includeUsage', 'messages', 'model', 'stream']);
  });

  test('that only this dialect knows are kept', () => {
    const fields = {
      previous_response_id: 'resp_0',
      conversation: { id: 'conv_1' },
      background: true,
      truncation: 'auto',
      max_tool_calls: 2,
      stream_options: { include_obfuscation: true },
      context_management: [{ type: 'compaction' }],
      top_logprobs: 2,
      tool_choice: { type: 'web_search_preview' },
    };
    const include = ['file_search_call.results', 'reasoning.encrypted_content'];
    const identifiers = { user: 'u', safety_identifier: 's' };
    const text = { verbosity: 'low', format: { type: 'text' } };
    const reasoning = { effort: 'low', context: 'auto', generate_summary: null };
    const request = decode({ ...fields, ...identifiers, include, text, reasoning });
    assert.deepEqual(request.extensions, {
      dialect: 'openai-responses',
      fields: {
        ...fields,
        safety_identifier: 's',
        include: ['file_search_call.results'],
        text: { verbosity: 'low' },
        reasoning: { context: 'auto' },
      },
    });
    assert.equal(request.toolChoice, undefined);
  });

  test('reasoning: an effort, a summary, or neither', () => {
    const of = (reasoning: object): unknown[] => {
      const request = decode({ reasoning });
      return [request.reasoning, request.extensions?.fields.reasoning];
    };
    assert.deepEqual(of({ effort: 'low' }), [{ mode: 'enabled', effort: 'low' }, undefined]);
    assert.deepEqual(of({ effort: 'none' }), [{ mode: 'disabled', effort: 'none' }, undefined]);
    const shown = { mode: 'enabled', display: 'summarized' };
    assert.deepEqual(of({ summary: 'auto' }), [shown, undefined]);
    assert.deepEqual(of({ summary: 'detailed' }), [shown, { summary: 'detailed' }]);
    assert.deepEqual(of({ mode: 'pro' }), [undefined, { mode: 'pro' }]);
  });

  test('tools are flat, hosted ones kept whole', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const empty = { type: 'object', properties: {} };
    const plain = { type: 'function', name: 'f', description: 'd', parameters, strict: true };
    const late = {
      type: 'function',
      name: 'h',
      parameters: null,
      strict: null,
      defer_loading: true,
    };
    const custom = { type: 'custom', name: 'sql', format: { type: 'text' } };
    const mcp = { type: 'mcp', server_label: 'wiki', server_url: 'https://example.com' };
    const search = { type: 'web_search' };
    const { tools } = decode({
      tools: [plain, { type: 'function', name: 'g', description: null }, late, custom, mcp, search],
    });
    assert.deepEqual(tools, [
      { name: 'f', description: 'd', parameters, strict: true },
      { name: 'g', parameters: empty },
      { name: 'h', parameters: empty, native: own(late) },
      { name: 'sql', parameters: empty, native: own(custom) },
      { name: 'wiki', parameters: empty, native: own(mcp) },
      { name: 'web_search', parameters: empty, native: own(search) },
    ]);
  });

  test('the choice of tools', () => {
    const of = (tool_choice: unknown): unknown => decode({ tool_choice }).toolChoice;
    for (const type of ['auto', 'none', 'required']) assert.deepEqual(of(type), { type });
    assert.deepEqual(of({ type: 'function', name: 'f' }), { type: 'named', name: 'f' });
    assert.deepEqual(of({ type: 'custom', name: 'f' }), { type: 'named', name: 'f' });
    const allowed = { type: 'allowed_tools', mode: 'required' };
    const f = { type: 'function', name: 'f' };
    const only = { type: 'allowed', mode: 'required', names: ['f'] };
    assert.deepEqual(of({ ...allowed, tools: [f] }), only);
    const hosted = { ...allowed, tools: [f, { type: 'image_generation' }] };
    assert.equal(of(hosted), undefined);
    const request = decode({ tool_choice: hosted });
    assert.deepEqual(request.extensions?.fields, { tool_choice: hosted });
  });

  test('the format of the answer is flat', () => {
    const of = (format: object): unknown => decode({ text: { format } }).responseFormat;
    assert.deepEqual(of({ type: 'json_object' }), { type: 'json_object' });
    const schema = { type: 'object' };
    const whole = { type: 'json_schema', name: 'r', description: 'd', schema, strict: true };
    assert.deepEqual(of(whole), whole);
    const { strict: _strict, description: _description, ...plain } = whole;
    assert.deepEqual(of({ ...plain, strict: null }), plain);
  });
});

test('what is wrong is refused by its path', () => {
  const table: readonly (readonly [object, string | undefined])[] = [
    [{ model: undefined }, 'model'],
    [{ model: '' }, 'model'],
    [{ model: 1 }, 'model'],
    [{ input: 1 }, 'input'],
    [{ input: ['x'] }, 'input[0]'],
    [{ input: [{}] }, 'input[0].type'],
    [{ input: [{ type: 1 }] }, 'input[0].type'],
    [{ input: [{ role: 'tool', content: '' }] }, 'input[0].role'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [{ input: [{ role: 'user', content: 1 }] }, 'input[0].content'],
    [{ input: [{ role: 'user', content: [{}] }] }, 'input[0].content[0].type'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image' }] }] },
      'input[0].content[0].image_url',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:x,y' }] }] },
      'input[0].content[0].image_url',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'AAAA' }] }] },
      'input[0].content[0].image_url',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file' }] }] },
      'input[0].content[0].file_data',
    ],
    [{ input: [{ type: 'function_call', name: 'f' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call', call_id: 'c' }] }, 'input[0].name'],
    [{ input: [{ type: 'function_call_output', output: '' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call_output', call_id: 'c' }] }, 'input[0].output'],
    [{ input: [{ type: 'reasoning', summary: [{}] }] }, 'input[0].summary[0].text'],
    [{ input: [{ type: 'reasoning', encrypted_content: 1 }] }, 'input[0].encrypted_content'],
    [{ instructions: [] }, 'instructions'],
    [{ stream: 'yes' }, 'stream'],
    [{ max_output_tokens: 15 }, 'max_output_tokens'],
    [{ max_output_tokens: 16.5 }, 'max_output_tokens'],
    [{ temperature: -1 }, 'temperature'],
    [{ top_p: 2 }, 'top_p'],
    [{ top_logprobs: 21 }, 'top_logprobs'],
    [{ include: [1] }, 'include[0]'],
    [{ metadata: { a: 1 } }, 'metadata.a'],
    [{ tools: [{}] }, 'tools[0].type'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].name'],
    [
      { tools: [{ type: 'function', name: 'f', parameters: { type: 'array' } }] },
      'tools[0].parameters.type',
    ],
    [{ tool_choice: 'maybe' }, 'tool_choice'],
    [{ tool_choice: {} }, 'tool_choice.type'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.name'],
    [{ tool_choice: { type: 'allowed_tools' } }, 'tool_choice.mode'],
    [{ text: { format: {} } }, 'text.format.type'],
    [{ text: { verbosity: 'loud' } }, 'text.verbosity'],
    [{ text: { format: { type: 'json_schema', name: 'r' } } }, 'text.format.schema'],
    [{ reasoning: { effort: 'heroic' } }, 'reasoning.effort'],
    [{ reasoning: { summary: 'long' } }, 'reasoning.summary'],
    [{ background: 'yes' }, 'background'],
    [{ truncation: 'never' }, 'truncation'],
    [{ previous_response_id: 1 }, 'previous_response_id'],
    [{ store: 1 }, 'store'],
  ];
  for (const [body, field] of table) assert.equal(fieldOf(body), field, JSON.stringify(body));
});
