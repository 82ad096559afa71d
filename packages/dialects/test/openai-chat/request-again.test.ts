// Proves that a request that is read, written and read again is the same request: those recorded of
// real clients, and random ones.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';

const hello = [{ role: 'user', content: 'hello' }];

function decode(body: object): CanonicalRequest {
  return openaiChat.decodeRequest(
    Buffer.from(JSON.stringify({ model: 'm', messages: hello, ...body })),
  );
}

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
