// Proves that a request that is read, written and read again is the same request: those recorded
// of real clients, and random ones.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';

function decode(body: object): CanonicalRequest {
  return openaiResponses.decodeRequest(Buffer.from(JSON.stringify({ model: 'm', ...body })));
}

/** What a request that does not say it means when it is written: keep nothing, be not strict. */
function withDefaults(request: CanonicalRequest): CanonicalRequest {
  const fields = request.extensions?.fields ?? {};
  const keeps = ['previous_response_id', 'conversation', 'background', 'store'].some(
    key => key in fields,
  );
  const { tools } = request;
  return {
    ...request,
    ...(request.store !== undefined || keeps ? {} : { store: false }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(tool =>
            tool.native === undefined ? { ...tool, strict: tool.strict ?? false } : tool,
          ),
        }),
  };
}

function again(request: CanonicalRequest, vendor: string, reasoning: boolean): CanonicalRequest {
  const target = { ...plainTarget, name: request.model, vendor, reasoning };
  const { body, losses } = openaiResponses.encodeRequest(request, target);
  assert.deepEqual(losses, []);
  return openaiResponses.decodeRequest(body);
}

describe('round trips', () => {
  test('recorded requests are read, written and read again without loss', {
    skip: recordingsMissing,
  }, () => {
    let read = 0;
    for (const { file, requestBody, status } of recordings('responses')) {
      if (status !== 200) continue;
      const request = openaiResponses.decodeRequest(Buffer.from(requestBody));
      const reasons = request.reasoning !== undefined;
      assert.deepEqual(again(request, 'openai', reasons), withDefaults(request), file);
      read++;
    }
    assert.ok(read > 30);
  });

  test('random requests', () => {
    fc.assert(
      fc.property(requests, ({ tool_choice, parallel_tool_calls, ...body }) => {
        // Without tools there is no choice among them.
        const choice = body.tools === undefined ? {} : { tool_choice, parallel_tool_calls };
        const request = decode({ ...body, ...choice });
        assert.deepEqual(again(request, 'openai', false), withDefaults(request));
      }),
      { numRuns: 1000 },
    );
  });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const part = fc.oneof(
  fc.record({ type: fc.constant('input_text'), text }),
  fc.constant({ type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'high' }),
  fc.constant({ type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' }),
  fc.constant({ type: 'input_image', file_id: 'file_1', detail: 'auto' }),
  fc.constant({ type: 'input_file', filename: 'a', file_data: 'data:text/csv;base64,AAAA' }),
  fc.constant({ type: 'input_file', file_url: 'https://example.com/a.pdf' }),
  fc.constant({ type: 'input_hologram', data: 'x' }),
);
const content = fc.oneof(fc.string(), fc.array(part, { maxLength: 3 }));
const userMessage = fc.record({ role: fc.constantFrom('user', 'system', 'developer'), content });
const outputPart = fc.oneof(
  fc.record({
    type: fc.constant('output_text'),
    text,
    annotations: fc.array(fc.constant({ type: 'url_citation', url: 'https://example.com' }), {
      maxLength: 1,
    }),
  }),
  fc.record({ type: fc.constant('refusal'), refusal: text }),
);
const assistantMessage = fc.oneof(
  fc.record({ role: fc.constant('assistant'), content: text }),
  fc.record(
    {
      type: fc.constant('message'),
      role: fc.constant('assistant'),
      id: fc.constantFrom('msg_1', 'msg_2'),
      phase: fc.constant('commentary'),
      status: fc.constant('completed'),
      content: fc.array(outputPart, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['type', 'role', 'id', 'content'] },
  ),
);
const call = fc.record(
  {
    type: fc.constant('function_call'),
    id: fc.constant('fc_1'),
    call_id: text,
    name: text,
    arguments: fc.json(),
    status: fc.constant('completed'),
    namespace: fc.constant('n'),
  },
  { requiredKeys: ['type', 'call_id', 'name', 'arguments'] },
);
const output = fc.record({
  type: fc.constant('function_call_output'),
  call_id: text,
  output: content,
});
const summaries = fc.array(fc.record({ type: fc.constant('summary_text'), text }), {
  maxLength: 3,
});
const thoughts = fc.array(fc.record({ type: fc.constant('reasoning_text'), text }), {
  maxLength: 2,
});
const reasoningItem = fc.record(
  {
    type: fc.constant('reasoning'),
    id: fc.constant('rs_1'),
    encrypted_content: fc.constantFrom('gAAAA', null),
    summary: summaries,
    content: thoughts,
  },
  { requiredKeys: ['type', 'id', 'summary'] },
);
const nativeItem = fc.constantFrom(
  { type: 'item_reference', id: 'rs_9' },
  { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: 'SELECT 1' },
  { type: 'custom_tool_call_output', call_id: 'c', output: '1' },
);
const tool = fc.oneof(
  fc.record(
    {
      type: fc.constant('function'),
      name: text,
      description: fc.string(),
      parameters: fc.constant({ type: 'object', properties: { a: { type: 'string' } } }),
      strict: fc.boolean(),
    },
    { requiredKeys: ['type', 'name'] },
  ),
  fc.constant({ type: 'custom', name: 'sql', format: { type: 'text' } }),
  fc.constant({ type: 'web_search' }),
);
const requests = fc.record(
  {
    input: fc.oneof(
      text,
      fc.array(fc.oneof(userMessage, assistantMessage, call, output, reasoningItem, nativeItem), {
        minLength: 1,
        maxLength: 6,
      }),
    ),
    instructions: text,
    stream: fc.boolean(),
    max_output_tokens: fc.integer({ min: 16, max: 9999 }),
    temperature: fc.integer({ min: 0, max: 2 }),
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    tool_choice: fc.constantFrom('auto', 'required'),
    parallel_tool_calls: fc.boolean(),
    text: fc.constantFrom(
      { format: { type: 'json_object' }, verbosity: 'low' },
      { format: { type: 'json_schema', name: 'r', schema: { type: 'object' } } },
      { verbosity: 'high' },
    ),
    include: fc.subarray([
      'message.output_text.logprobs',
      'reasoning.encrypted_content',
      'file_search_call.results',
    ]),
    top_logprobs: fc.integer({ min: 0, max: 20 }),
    user: fc.constant('u'),
    metadata: fc.constant({ a: 'b' }),
    store: fc.boolean(),
    previous_response_id: fc.constant('resp_0'),
    truncation: fc.constantFrom('auto', 'disabled'),
    service_tier: fc.constant('flex'),
    prompt_cache_key: fc.constant('k'),
  },
  { requiredKeys: ['input'] },
);
