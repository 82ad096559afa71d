// Proves that a request that is read, written and read again is the same request: those recorded of
// real clients, and random ones; and that what the official client sends is read as it was meant.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { joinBytes } from '../../src/utf8.ts';
import { plainTarget } from '../shared/answer-context.ts';
import { type Recording, recordings, recordingsMissing } from '../shared/recordings.ts';
import { type Sent, sdk } from './sdk-reader.ts';

const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

function decode(body: object, model: string = claude, stream = false): CanonicalRequest {
  const bytes = Buffer.from(JSON.stringify(body));
  return bedrockConverse.decodeRequest(bytes, { model, stream });
}

function again(request: CanonicalRequest, vendor: string): CanonicalRequest {
  const { model, stream } = request;
  const target = { ...plainTarget, name: model, vendor };
  const { body, losses } = bedrockConverse.encodeRequest(request, target);
  assert.deepEqual(losses, []);
  return bedrockConverse.decodeRequest(body, { model, stream });
}

function vendorOf(model: string): string {
  return /(?:^|\.)(anthropic|amazon|openai|meta|mistral|qwen)\./.exec(model)?.[1] ?? 'amazon';
}

function readable(): readonly Recording[] {
  return [...recordings('converse'), ...recordings('converse-stream')];
}

describe('round trips', () => {
  test('recorded requests are read, written and read again without loss', {
    skip: recordingsMissing,
  }, () => {
    let read = 0;
    for (const { file, requestBody, streaming } of readable()) {
      const model = modelOf(requestBody, file);
      const body = Buffer.from(requestBody);
      const request = bedrockConverse.decodeRequest(body, { model, stream: streaming });
      assert.deepEqual(again(request, vendorOf(model)), request, file);
      const scan = bedrockConverse.scan(body, { model, stream: streaming })!;
      assert.equal(scan.model, model);
      assert.equal(scan.stream, streaming);
      assert.equal(scan.maxOutputTokens, request.maxOutputTokens ?? null);
      assert.equal(scan.features.includes('tools'), (request.tools?.length ?? 0) > 0);
      assert.equal(scan.features.includes('json-schema'), request.responseFormat !== undefined);
      assert.equal(scan.features.includes('reasoning'), request.reasoning !== undefined, file);
      assert.equal(joinBytes(bedrockConverse.splice(body, scan, 'other')), body);
      read++;
    }
    assert.ok(read > 40);
  });

  test('random requests', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), (body, stream) => {
        const request = decode(body, claude, stream);
        assert.deepEqual(again(request, 'anthropic'), request);
      }),
      { numRuns: 500 },
    );
  });
});

/** Thinking and signatures of the recordings are Claude's where they say so. */
function modelOf(requestBody: string, file: string): string {
  if (/"thinking"|"signature"/.test(requestBody)) return claude;
  return /"reasoning_effort"/.test(requestBody) ? 'openai.gpt-oss-120b-1:0' : `amazon.${file}`;
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(s => `a${s}`);
const callId = fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,64}$/);
const toolName = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
const point = fc.constantFrom(
  { cachePoint: { type: 'default' } },
  { cachePoint: { type: 'default', ttl: '1h' } },
);
const png = { image: { format: 'png', source: { bytes: 'AAAA' } } };
const inS3 = { video: { format: 'mp4', source: { s3Location: { uri: 's3://b/k' } } } };
const input = fc.dictionary(text, fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const textBlock = text.map(t => ({ text: t }));
const toolResult = fc
  .record({
    toolUseId: callId,
    content: fc.array(fc.oneof(textBlock, fc.constant(png)), { maxLength: 3 }),
    status: fc.constantFrom('error', undefined),
  })
  .map(result => ({ toolResult: result }));
const document = fc.nat(999).map(n => ({
  document: { format: 'pdf', name: `Report (${n})`, source: { bytes: 'AAAA' } },
}));
const userBlock = fc.oneof(textBlock, fc.constant(png), fc.constant(inS3), toolResult);
const assistantBlock = fc.oneof(
  textBlock,
  fc.record({ toolUseId: callId, name: toolName, input }).map(toolUse => ({ toolUse })),
  fc
    .record({ text: fc.string(), signature: fc.base64String({ minLength: 4 }) })
    .map(reasoningText => ({ reasoningContent: { reasoningText } })),
  fc.constant({ reasoningContent: { redactedContent: 'AAAA' } }),
  fc.constant({
    citationsContent: { content: [{ text: 'cited' }], citations: [{ title: 'a' }] },
  }),
);
/** Each block may have a cache point behind it, where it can. */
function marked<T extends object>(block: fc.Arbitrary<T>): fc.Arbitrary<object[]> {
  return fc
    .array(fc.tuple(block, fc.option(point)), { minLength: 1, maxLength: 4 })
    .map(pairs =>
      pairs.flatMap(([one, mark]) =>
        mark === null || 'reasoningContent' in one || 'video' in one ? [one] : [one, mark],
      ),
    );
}
const turns = fc
  .array(fc.tuple(marked(userBlock), marked(assistantBlock)), { minLength: 1, maxLength: 3 })
  .map(pairs =>
    pairs.flatMap(([user, assistant]) => [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ]),
  );
const withDocument = fc.tuple(turns, fc.option(document)).map(([messages, attached]) => {
  if (attached === null) return messages;
  return [...messages, { role: 'user', content: [attached, { text: 'read it' }] }];
});
const tools = fc.uniqueArray(toolName, { minLength: 1, maxLength: 3 }).map(names =>
  names.map((name, n) => ({
    toolSpec: {
      name,
      ...(n === 0 ? { description: 'what it does', strict: true } : {}),
      inputSchema: { json: { type: 'object', properties: { a: { type: 'string' } } } },
    },
  })),
);
const requests = fc.record(
  {
    messages: withDocument,
    system: fc.array(textBlock, { minLength: 1, maxLength: 2 }),
    inferenceConfig: fc.record({
      maxTokens: fc.integer({ min: 5000, max: 9999 }),
      stopSequences: fc.array(text, { minLength: 1, maxLength: 3 }),
    }),
    toolConfig: fc.record(
      {
        tools: tools.map(list => [...list, { cachePoint: { type: 'default' } }]),
        toolChoice: fc.constantFrom({ auto: {} }, { any: {} }, { tool: { name: 'a' } }),
      },
      { requiredKeys: ['tools', 'toolChoice'] },
    ),
    additionalModelRequestFields: fc.constantFrom(
      { top_k: 5, anthropic_beta: ['x'] },
      { output_config: { task: 'y' } },
      { thinking: { type: 'disabled' } },
    ),
    outputConfig: fc.constant({
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema: '{"type":"object"}', name: 'n' } },
      },
    }),
    serviceTier: fc.constantFrom({ type: 'flex' }, { type: 'priority' }),
    requestMetadata: fc.constantFrom({ user: 'u-1' }, { team: 'a b', user: 'x' }, { k: 'v' }),
    guardrailConfig: fc.constant({ guardrailIdentifier: 'g', guardrailVersion: '1' }),
    performanceConfig: fc.constant({ latency: 'optimized' }),
  },
  // A conversation with calls needs tools.
  { requiredKeys: ['messages', 'toolConfig'] },
);

test("a request of Amazon's own client is read as it was meant", async () => {
  const sent: Sent = { path: '', body: '' };
  const answer = { output: { message: { role: 'assistant', content: [{ text: 'x' }] } } };
  const client = sdk(Buffer.from(JSON.stringify(answer)), 200, {}, sent);
  await client.send(
    new ConverseCommand({
      modelId: claude,
      system: [{ text: 'be brief' }, { cachePoint: { type: 'default', ttl: '1h' } }],
      messages: [
        {
          role: 'user',
          content: [{ image: { format: 'png', source: { bytes: Uint8Array.of(1, 2, 3) } } }],
        },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { redactedContent: Uint8Array.of(4, 5) } },
            { toolUse: { toolUseId: 't1', name: 'f', input: { a: [1, 'x'] } } },
          ],
        },
        {
          role: 'user',
          content: [
            { text: 'and now' },
            { toolResult: { toolUseId: 't1', content: [{ json: { ok: true } }], status: 'error' } },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 7, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      toolConfig: {
        tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }],
        toolChoice: { any: {} },
      },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
      requestMetadata: { user: 'u', team: 't' },
    }),
  );
  assert.equal(sent.path, `/model/${encodeURIComponent(claude)}/converse`);
  const request = decode(JSON.parse(sent.body) as object);
  assert.deepEqual(request, {
    model: claude,
    stream: false,
    includeUsage: true,
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'be brief', cache: { ttl: '1h' } }] },
      {
        role: 'user',
        content: [
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AQID' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data: 'BAU=', issuer: 'anthropic' },
          { type: 'tool_call', id: 't1', name: 'f', argumentsJson: '{"a":[1,"x"]}' },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            callId: 't1',
            content: [{ type: 'text', text: '{"ok":true}' }],
            isError: true,
          },
          { type: 'text', text: 'and now' },
        ],
      },
    ],
    maxOutputTokens: 7,
    temperature: 0.5,
    topP: 0.9,
    stop: ['END'],
    tools: [{ name: 'f', parameters: { type: 'object' } }],
    toolChoice: { type: 'required' },
    reasoning: { mode: 'enabled', budgetTokens: 1024 },
    user: 'u',
    metadata: { team: 't' },
  });
});
