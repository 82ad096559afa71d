// Proves what is read of a caller's request and its bytes, and that what the service would refuse
// is refused with the path of the field.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Feature } from '@entrepot/dialects/dialect';
import { joinBytes } from '../../src/utf8.ts';
import { thrown } from '../shared/thrown.ts';

const hello = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };

function decode(body: object, model = 'anthropic.claude-x'): CanonicalRequest {
  const bytes = Buffer.from(JSON.stringify({ ...hello, ...body }));
  return bedrockConverse.decodeRequest(bytes, { model, stream: true });
}

describe('reading', () => {
  test('what a vendor says in fields of its own', () => {
    const of = (fields: object): unknown => {
      const { reasoning, topK, extensions } = decode({ additionalModelRequestFields: fields });
      return [reasoning, topK, extensions?.fields.additionalModelRequestFields];
    };
    const thinking = { type: 'adaptive', display: 'summarized' };
    assert.deepEqual(of({ thinking, output_config: { effort: 'xhigh' }, top_k: 3 }), [
      { mode: 'adaptive', effort: 'xhigh', display: 'summarized' },
      3,
      undefined,
    ]);
    assert.deepEqual(of({ reasoning_effort: 'low', x: 1 }), [
      { mode: 'enabled', effort: 'low' },
      undefined,
      { x: 1 },
    ]);
    assert.deepEqual(
      of({
        reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' },
        inferenceConfig: { topK: 9, y: 2 },
      }),
      [{ mode: 'enabled', effort: 'high' }, 9, { inferenceConfig: { y: 2 } }],
    );
    assert.deepEqual(decode({ outputConfig: { effort: 'max' } }).reasoning, {
      mode: 'enabled',
      effort: 'max',
    });
  });

  test('a cache point marks what stands before it; one with nothing before it is kept', () => {
    const point = { cachePoint: { type: 'default' } };
    const content = [point, { text: 'a' }, point, point, { text: 'b' }];
    const blocks = decode({ messages: [{ role: 'user', content }] }).messages[0]!.content;
    assert.deepEqual(blocks, [
      { type: 'native', native: { dialect: 'bedrock-converse', value: point } },
      { type: 'text', text: 'a', cache: { ttl: '5m' } },
      { type: 'native', native: { dialect: 'bedrock-converse', value: point } },
      { type: 'text', text: 'b' },
    ]);
    const toolSpec = { name: 'f', inputSchema: { json: { type: 'object' } } };
    const tools = decode({ toolConfig: { tools: [{ toolSpec }, point] } }).tools!;
    assert.deepEqual(tools[0]!.cache, { ttl: '5m' });
  });

  test('signatures are of the vendor that the model names', () => {
    const reasoningText = { text: 't', signature: 's' };
    const content = [{ reasoningContent: { reasoningText } }];
    const issuer = (model: string): unknown =>
      decode({ messages: [{ role: 'assistant', content }] }, model).messages[0]!.content[0];
    const block = { type: 'thinking', text: 't', signature: 's' };
    assert.deepEqual(issuer('us.amazon.nova-2-lite-v1:0'), { ...block, issuer: 'amazon' });
    assert.deepEqual(issuer('arn:aws:bedrock:us-east-1:1:application-inference-profile/x'), {
      ...block,
      issuer: 'anthropic',
    });
  });

  test('what the service would refuse', () => {
    const user = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });
    const spec = { name: 'f', inputSchema: { json: { type: 'object' } } };
    const tool = (toolSpec: object): object => ({
      toolConfig: { tools: [{ toolSpec: { ...spec, ...toolSpec } }] },
    });
    const table: readonly (readonly [object, string])[] = [
      [{ messages: [] }, 'messages'],
      [user(), 'messages[0].content'],
      [user({ text: '' }), 'messages[0].content[0].text'],
      [user({ text: ' \n' }), 'messages[0].content[0].text'],
      [user({ text: 'a', image: {} }), 'messages[0].content[0]'],
      [user({}), 'messages[0].content[0]'],
      [user({ toolUse: { toolUseId: 'a', name: 'f', input: {} } }), 'messages[0].content[0]'],
      [
        {
          messages: [
            { role: 'assistant', content: [{ toolResult: { toolUseId: 'a', content: [] } }] },
          ],
        },
        'messages[0].content[0]',
      ],
      [{ messages: [{ role: 'tool', content: [] }] }, 'messages[0].role'],
      [
        {
          messages: [
            {
              role: 'assistant',
              content: [{ toolUse: { toolUseId: 'a', name: 'f', input: 'x' } }],
            },
          ],
        },
        'messages[0].content[0].toolUse.input',
      ],
      [
        user({ toolResult: { toolUseId: 'a b', content: [] } }),
        'messages[0].content[0].toolResult.toolUseId',
      ],
      [
        user({ document: { name: 'a.pdf', format: 'pdf', source: { bytes: '' } } }),
        'messages[0].content[0].document.name',
      ],
      [tool({ name: 'a.b' }), 'toolConfig.tools[0].toolSpec.name'],
      [tool({ name: 'x'.repeat(65) }), 'toolConfig.tools[0].toolSpec.name'],
      [tool({ description: '' }), 'toolConfig.tools[0].toolSpec.description'],
      [tool({ inputSchema: { json: {} } }), 'toolConfig.tools[0].toolSpec.inputSchema.json.type'],
      [{ toolConfig: { tools: [] } }, 'toolConfig.tools'],
      [{ inferenceConfig: { maxTokens: 0 } }, 'inferenceConfig.maxTokens'],
      [{ inferenceConfig: { temperature: 1.5 } }, 'inferenceConfig.temperature'],
      [
        {
          outputConfig: {
            textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '[' } } },
          },
        },
        'outputConfig.textFormat.structure.jsonSchema.schema',
      ],
      [
        { additionalModelRequestFields: { thinking: { type: 'enabled' } } },
        'additionalModelRequestFields.thinking.budget_tokens',
      ],
      [{ requestMetadata: { a: 1 } }, 'requestMetadata.a'],
    ];
    for (const [body, field] of table) {
      const error = thrown(() => decode(body));
      assert.equal(error.class, 'invalid_request');
      assert.equal(error.field, field, JSON.stringify(body));
    }
    assert.equal(thrown(() => bedrockConverse.decodeRequest(Buffer.from('{}'))).field, 'modelId');
  });
});

describe('scanning', () => {
  const path = { model: 'm', stream: true };
  const scan = (body: object): ReturnType<typeof bedrockConverse.scan> =>
    bedrockConverse.scan(Buffer.from(JSON.stringify({ ...hello, ...body })), path);

  test('features are seen where they stand', () => {
    const features = (body: object): readonly Feature[] => scan(body)!.features;
    const user = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });
    const image = { image: { format: 'png', source: { bytes: 'AAAA' } } };
    assert.deepEqual(features({}), ['streaming']);
    assert.deepEqual(features(user(image)), ['streaming', 'vision']);
    assert.deepEqual(features(user({ toolResult: { toolUseId: 'a', content: [image] } })), [
      'streaming',
      'vision',
    ]);
    // In the arguments of a call it is no picture.
    assert.deepEqual(features(user({ toolUse: { input: { image: 1 } } })), ['streaming']);
    const toolConfig = { tools: [{ toolSpec: { name: 'f' } }] };
    const thinking = { type: 'enabled', budget_tokens: 1 };
    assert.deepEqual(
      features({
        ...user({ document: {} }, { audio: {} }),
        toolConfig,
        outputConfig: { textFormat: {} },
        additionalModelRequestFields: { thinking },
      }),
      ['streaming', 'tools', 'documents', 'audio', 'json-schema', 'reasoning'],
    );
    const off = { additionalModelRequestFields: { thinking: { type: 'disabled' } } };
    assert.deepEqual(features(off), ['streaming']);
    assert.deepEqual(features({ outputConfig: { effort: 'low' } }), ['streaming', 'reasoning']);
  });

  test('model and stream are of the path, the body is never changed', () => {
    const body = Buffer.from(JSON.stringify({ ...hello, inferenceConfig: { maxTokens: 9 } }));
    const found = bedrockConverse.scan(body, path)!;
    assert.equal(found.model, 'm');
    assert.equal(found.modelRange, null);
    assert.equal(found.includeUsage, true);
    assert.equal(found.maxOutputTokens, 9);
    assert.equal(found.inputTokens, 3);
    assert.equal(joinBytes(bedrockConverse.splice(body, found, 'n')), body);
    assert.equal(bedrockConverse.scan(Buffer.from('{"messages":1,"messages":2}'), path), null);
    assert.equal(thrown(() => bedrockConverse.scan(body)).field, 'modelId');
    assert.equal(
      thrown(() => scan({ inferenceConfig: { maxTokens: 'x' } })).field,
      'inferenceConfig.maxTokens',
    );
  });

  test('pictures weigh a flat figure, not their bytes', () => {
    const image = { image: { format: 'png', source: { bytes: 'A'.repeat(1_000_000) } } };
    const { inputTokens } = scan({ messages: [{ role: 'user', content: [image] }] })!;
    assert.ok(inputTokens >= 1000 && inputTokens < 1100);
  });
});
