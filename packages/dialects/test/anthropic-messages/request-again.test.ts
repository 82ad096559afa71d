// Proves that a caller's request is read strictly, and that one that is read, written and read
// again is the same request: those recorded of real clients, random ones, and those of openai-chat.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';

const hello = [{ role: 'user', content: 'hello' }];
const claude: TargetModel = {
  name: 'claude',
  vendor: 'anthropic',
  maxOutputTokens: null,
  reasoning: true,
  jsonSchema: true,
};

function decode(body: object): CanonicalRequest {
  return anthropicMessages.decodeRequest(
    Buffer.from(JSON.stringify({ model: 'm', max_tokens: 9, messages: hello, ...body })),
  );
}

function again(request: CanonicalRequest): CanonicalRequest {
  const { body, losses } = anthropicMessages.encodeRequest(request, {
    ...claude,
    name: request.model,
  });
  assert.deepEqual(losses, []);
  return anthropicMessages.decodeRequest(body);
}

describe('reading', () => {
  test('names the field that is wrong', () => {
    const field = (body: object): string | undefined => {
      const error = thrown(() => decode(body));
      assert.equal(error.class, 'invalid_request');
      return error.field;
    };
    const blocks = (role: string, ...content: readonly object[]): object => ({
      messages: [{ role, content }],
    });
    assert.equal(field({ model: '' }), 'model');
    assert.equal(field({ max_tokens: null }), 'max_tokens');
    assert.equal(field({ max_tokens: -1 }), 'max_tokens');
    assert.equal(field({ messages: [] }), 'messages');
    assert.equal(field({ temperature: 2 }), 'temperature');
    assert.equal(field({ thinking: { type: 'enabled' } }), 'thinking.budget_tokens');
    assert.equal(field({ tools: [{ name: 'f' }] }), 'tools[0].input_schema');
    assert.equal(field({ tool_choice: { type: 'tool' } }), 'tool_choice.name');
    assert.equal(field(blocks('tool')), 'messages[0].role');
    assert.equal(field(blocks('user', { type: 'text' })), 'messages[0].content[0].text');
    const use = { type: 'tool_use', id: 'a', name: 'f', input: {} };
    assert.equal(field(blocks('user', use)), 'messages[0].content[0].type');
    assert.equal(
      field(blocks('assistant', { ...use, input: '{}' })),
      'messages[0].content[0].input',
    );
  });

  test('keeps for this dialect alone what no other can say', () => {
    const request = decode({
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
        },
      ],
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }],
      thinking: { type: 'between_tools' },
      container: 'c',
      context_management: null,
    });
    assert.deepEqual(request.messages, [
      { role: 'system', content: [{ type: 'text', text: 's', cache: { ttl: '5m' } }] },
      {
        role: 'assistant',
        content: [
          {
            type: 'native',
            native: {
              dialect: 'anthropic-messages',
              value: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
            },
          },
        ],
      },
    ]);
    assert.equal(request.tools![0]!.native!.dialect, 'anthropic-messages');
    assert.deepEqual(request.extensions, {
      dialect: 'anthropic-messages',
      fields: { container: 'c', thinking: { type: 'between_tools' } },
    });
    assert.equal(request.reasoning, undefined);
    assert.deepEqual(again(request), request);
    const more = decode({ max_tokens: 9000, thinking: { type: 'adaptive', depth: 3 } });
    assert.deepEqual(more.extensions!.fields, { thinking: { depth: 3 } });
    assert.deepEqual(again(more), more);
  });
});

describe('round trips', () => {
  test('recorded requests are read, written and read again without loss', {
    skip: recordingsMissing,
  }, () => {
    let read = 0;
    for (const { file, requestBody, status } of recordings('messages')) {
      if (status !== 200) continue;
      const request = anthropicMessages.decodeRequest(Buffer.from(requestBody));
      // An effort alone is written with thinking: see the random requests below.
      const effortAlone = request.reasoning !== undefined && !requestBody.includes('"thinking"');
      const { reasoning, ...rest } = again(request);
      assert.deepEqual(
        effortAlone ? { ...rest, reasoning: request.reasoning } : again(request),
        request,
        file,
      );
      assert.equal(reasoning === undefined, request.reasoning === undefined);
      const scan = anthropicMessages.scan(Buffer.from(requestBody))!;
      assert.equal(scan.model, request.model);
      assert.equal(scan.stream, request.stream);
      assert.equal(scan.maxOutputTokens, request.maxOutputTokens);
      assert.equal(scan.features.includes('tools'), (request.tools?.length ?? 0) > 0);
      const reasons = request.reasoning !== undefined && request.reasoning.mode !== 'disabled';
      assert.equal(scan.features.includes('reasoning'), reasons, file);
      assert.equal(scan.features.includes('json-schema'), request.responseFormat !== undefined);
      read++;
    }
    assert.ok(read > 20);
  });

  test('random requests', () => {
    fc.assert(
      fc.property(requests, body => {
        const request = decode(body);
        assert.deepEqual(again(request), request);
      }),
      { numRuns: 500 },
    );
  });

  test('recorded requests of openai-chat are written, or said to be impossible', {
    skip: recordingsMissing,
  }, () => {
    let carried = 0;
    for (const { file, requestBody, status } of recordings('chat.completions')) {
      if (status !== 200 || requestBody.includes('"functions"')) continue;
      const request = openaiChat.decodeRequest(Buffer.from(requestBody));
      const target = { ...claude, maxOutputTokens: 8192 };
      const { body, losses } = anthropicMessages.encodeRequest(request, target);
      const written = anthropicMessages.decodeRequest(body);
      if (losses.length > 0) continue;
      carried++;
      const wordsOf = (of: CanonicalRequest): string[] =>
        of.messages.flatMap(({ content }) =>
          content.flatMap(block => (block.type === 'text' ? [block.text] : [])),
        );
      assert.deepEqual(wordsOf(written), wordsOf(request), file);
      assert.equal(written.tools?.length ?? 0, request.tools?.length ?? 0);
    }
    assert.ok(carried > 20);
  });
});

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter(given => given.trim() !== '');
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const cache_control = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
);
const textBlock = fc.record(
  { type: fc.constant('text'), text, cache_control },
  { requiredKeys: ['type', 'text'] },
);
const attachment = fc.constantFrom(
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
  { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
  { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' }, title: 't' },
  { type: 'document', source: { type: 'content', content: 'c' } },
  { type: 'document', source: { type: 'file', file_id: 'f' }, citations: { enabled: true } },
  { type: 'search_result', source: 's', title: 't', content: [] },
);
const toolResult = fc.record(
  {
    type: fc.constant('tool_result'),
    tool_use_id: id,
    content: fc.oneof(text, fc.array(fc.oneof(textBlock, attachment), { maxLength: 3 })),
    is_error: fc.boolean(),
    cache_control,
  },
  { requiredKeys: ['type', 'tool_use_id'] },
);
const userContent = fc.oneof(
  text,
  fc
    .tuple(
      fc.array(toolResult, { maxLength: 2 }),
      fc.array(fc.oneof(textBlock, attachment), { minLength: 1, maxLength: 3 }),
    )
    .map(([results, rest]) => [...results, ...rest]),
);
const assistantBlock = fc.oneof(
  textBlock,
  fc.record({ type: fc.constant('tool_use'), id, name: id, input: fc.object({ maxDepth: 2 }) }),
  fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: id }),
  fc.record({ type: fc.constant('redacted_thinking'), data: id }),
  fc.constant({ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } }),
  fc.constant({ type: 'text', text: 'cited', citations: [{ type: 'char_location' }] }),
);
/** Turns in turn: the API makes one of neighbours, and so does the encoder. */
const messages = fc
  .array(fc.tuple(userContent, fc.array(assistantBlock, { minLength: 1, maxLength: 4 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map(pairs =>
    pairs.flatMap(([asked, answered]) => [
      { role: 'user', content: asked },
      { role: 'assistant', content: answered },
    ]),
  );
const thinking = fc.constantFrom(
  { type: 'disabled' },
  { type: 'adaptive' },
  { type: 'adaptive', display: 'summarized' },
  { type: 'enabled', budget_tokens: 1024 },
  { type: 'between_tools' },
);
const requests = fc
  .record(
    {
      messages,
      system: fc.oneof(text, fc.array(textBlock, { minLength: 1, maxLength: 2 })),
      stream: fc.boolean(),
      max_tokens: fc.integer({ min: 2000, max: 9999 }),
      stop_sequences: fc.array(text, { minLength: 1, maxLength: 3 }),
      tools: fc.array(
        fc.record(
          {
            name: id,
            description: fc.string(),
            input_schema: fc.constant({ type: 'object', properties: { a: { type: 'string' } } }),
            strict: fc.boolean(),
            cache_control,
          },
          { requiredKeys: ['name', 'input_schema'] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      thinking,
      output_config: fc.record(
        {
          effort: fc.constantFrom('low', 'max'),
          format: fc.constant({
            type: 'json_schema',
            schema: { type: 'object', additionalProperties: false },
          }),
        },
        { requiredKeys: ['format'] },
      ),
      metadata: fc.record({ user_id: text }),
      service_tier: fc.constantFrom('auto', 'standard_only'),
      container: text,
    },
    { requiredKeys: ['messages', 'max_tokens'] },
  )
  // An effort alone is written with thinking, for a caller of another dialect means that by it.
  .filter(({ thinking, output_config }) =>
    thinking === undefined || thinking.type === 'between_tools'
      ? output_config?.effort === undefined
      : true,
  );
