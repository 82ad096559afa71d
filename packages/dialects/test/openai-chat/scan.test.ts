// Proves that a request that passes through changes in its model and its wish for usage alone, byte
// for byte, and that what routing needs is seen without decoding.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Scan } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import fc from 'fast-check';
import { joinBytes } from '../../src/utf8.ts';
import { thrown } from '../shared/thrown.ts';

function scan(text: string): Scan | null {
  return openaiChat.scan(Buffer.from(text));
}

function spliced(text: string, model = 'M'): string {
  const body = Buffer.from(text);
  return String(Buffer.concat(openaiChat.splice(body, openaiChat.scan(body)!, model)));
}

const usage = '"stream_options":{"include_usage":true}';

describe('the splice', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{"model":"a","messages":[]}', '{"model":"M","messages":[]}'],
    ['{ "messages" : [ ] , "model" : "a" }', '{ "messages" : [ ] , "model" : "M" }'],
    ['{"x":1.0e2,"model":"a\\u002d\\"b","é":"\\/"}', '{"x":1.0e2,"model":"M","é":"\\/"}'],
    [
      '{"model":"a","stream":false,"stream_options":{}}',
      '{"model":"M","stream":false,"stream_options":{}}',
    ],
    ['{"model":"a","stream":true}', `{"model":"M",${usage},"stream":true}`],
    ['{"stream":true,"model":"a"}', `{"stream":true,"model":"M",${usage}}`],
    ['{"model":"a","stream":true,"stream_options":{}}', `{"model":"M","stream":true,${usage}}`],
    [
      '{"stream_options":{ "include_obfuscation":false },"model":"a","stream":true}',
      '{"stream_options":{"include_usage":true, "include_obfuscation":false },"model":"M","stream":true}',
    ],
    [
      '{"model":"a","stream":true,"stream_options":{"include_usage":false}}',
      `{"model":"M","stream":true,${usage}}`,
    ],
    [`{"model":"a","stream":true,${usage}}`, `{"model":"M","stream":true,${usage}}`],
  ];
  test('changes the model and the wish for usage, nothing else', () => {
    for (const [given, expected] of table) assert.equal(spliced(given), expected);
  });

  test('gives the same bytes back when nothing is to change', () => {
    const body = Buffer.from(`{"model":"a","stream":true,${usage}}`);
    assert.equal(joinBytes(openaiChat.splice(body, openaiChat.scan(body)!, 'a')), body);
  });

  test('a model name cannot break out of its string', () => {
    assert.equal(spliced('{"model":"a"}', '","x":"'), '{"model":"\\",\\"x\\":\\""}');
  });

  test('is valid JSON with all other fields as they were', () => {
    const bodies = fc.record({
      fields: fc.object({ maxDepth: 2 }),
      stream: fc.boolean(),
      space: fc.constantFrom(undefined, 1),
    });
    fc.assert(
      fc.property(bodies, ({ fields, stream, space }) => {
        const given = { ...fields, model: 'a', stream };
        const text = JSON.stringify(given, null, space);
        if (scan(text) === null) return;
        const expected = {
          ...(JSON.parse(text) as object),
          model: 'M',
          ...(stream ? { stream_options: { include_usage: true } } : {}),
        };
        assert.deepEqual(JSON.parse(spliced(text)), expected);
      }),
    );
  });
});

describe('the scan', () => {
  test('leaves what readers may see differently to the decoder', () => {
    for (const text of [
      '{"model":"a","model":"b"}',
      '{"mod\\u0065l":"a","model":"b"}',
      '{"model":"a","stream_options":null}',
      '{"model":"a","stream_options":[]}',
      '{"model":"a","stream_options":{"include_usage":null}}',
      '{"model":"a","stream_options":{"include_usage":true,"include_usage":false}}',
    ]) {
      assert.equal(scan(text), null, text);
    }
  });

  test('refuses what is no request', () => {
    const field = (text: string): string | undefined => {
      const error = thrown(() => scan(text));
      assert.equal(error.class, 'invalid_request');
      return error.field;
    };
    assert.equal(field('{}'), 'model');
    assert.equal(field('{"model":null}'), 'model');
    assert.equal(field('{"model":{"a":1}}'), 'model');
    assert.equal(field('{"model":"a","stream":1}'), 'stream');
    assert.equal(field('{"model":"a","max_tokens":"1"}'), 'max_tokens');
    assert.equal(field('{"model":"a"'), undefined);
  });

  test('sees what is asked for', () => {
    const features = (fields: object): readonly string[] =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.features;
    const content = (part: object): object => ({ messages: [{ role: 'user', content: [part] }] });
    assert.deepEqual(features({}), []);
    assert.deepEqual(features({ stream: true }), ['streaming']);
    assert.deepEqual(features({ tools: [{}] }), ['tools']);
    assert.deepEqual(features({ tools: [], functions: [{}] }), ['tools']);
    assert.deepEqual(features({ tools: [] }), []);
    assert.deepEqual(features(content({ type: 'image_url', image_url: { url: 'x' } })), ['vision']);
    assert.deepEqual(features(content({ type: 'file', file: {} })), ['documents']);
    assert.deepEqual(features(content({ type: 'input_audio', input_audio: {} })), ['audio']);
    assert.deepEqual(features({ response_format: { type: 'json_schema', json_schema: {} } }), [
      'json-schema',
    ]);
    assert.deepEqual(features({ response_format: { type: 'json_object' } }), []);
    assert.deepEqual(features({ reasoning_effort: 'low' }), ['reasoning']);
    assert.deepEqual(features({ reasoning_effort: 'none', n: 1, logprobs: false }), []);
    assert.deepEqual(features({ n: 2, logprobs: true }), ['candidates', 'logprobs']);
    const schema = { properties: { image_url: { type: 'string' }, file: { type: 'string' } } };
    const named = { tools: [{ type: 'function', function: { name: 'f', parameters: schema } }] };
    assert.deepEqual(features(named), ['tools'], 'a tool whose argument is named image_url');
  });

  test('limits, and tokens from the bytes of text, pictures at a flat figure', () => {
    const limit = (fields: object): number | null =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.maxOutputTokens;
    assert.equal(limit({ max_tokens: 5, max_completion_tokens: 7 }), 7);
    assert.equal(limit({ max_tokens: 5 }), 5);
    assert.equal(limit({ max_tokens: null }), null);
    const tokens = (content: unknown): number =>
      scan(JSON.stringify({ model: 'a', messages: [{ role: 'user', content }] }))!.inputTokens;
    assert.equal(tokens('x'.repeat(4000)) - tokens(''), 1000);
    const picture = (bytes: number): number =>
      tokens([
        { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(bytes)}` } },
      ]);
    assert.equal(picture(1_000_000), picture(10));
  });
});
