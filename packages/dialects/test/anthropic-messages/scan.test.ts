// Proves that a request that passes through changes in its model alone, byte for byte, and that
// what routing needs is seen without decoding.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Scan } from '@entrepot/dialects/dialect';
import fc from 'fast-check';
import { joinBytes } from '../../src/utf8.ts';
import { thrown } from '../shared/thrown.ts';

function scan(text: string): Scan | null {
  return anthropicMessages.scan(Buffer.from(text));
}

function spliced(text: string, model = 'M'): string {
  const body = Buffer.from(text);
  return String(Buffer.concat(anthropicMessages.splice(body, scan(text)!, model)));
}

describe('the splice', () => {
  test('changes the model, nothing else', () => {
    const table: readonly (readonly [string, string])[] = [
      ['{"model":"a","messages":[]}', '{"model":"M","messages":[]}'],
      ['{ "messages" : [ ] , "model" : "a" }', '{ "messages" : [ ] , "model" : "M" }'],
      ['{"x":1.0e2,"model":"a\\u002d\\"b","é":"\\/"}', '{"x":1.0e2,"model":"M","é":"\\/"}'],
      ['{"model":"a","stream":true}', '{"model":"M","stream":true}'],
      ['{"metadata":{"model":"a"},"model":"a"}', '{"metadata":{"model":"a"},"model":"M"}'],
    ];
    for (const [given, expected] of table) assert.equal(spliced(given), expected);
  });

  test('gives the same bytes back when nothing is to change', () => {
    const body = Buffer.from('{"model":"a","stream":true}');
    assert.equal(
      joinBytes(anthropicMessages.splice(body, anthropicMessages.scan(body)!, 'a')),
      body,
    );
  });

  test('a model name cannot break out of its string', () => {
    assert.equal(spliced('{"model":"a"}', '","x":"'), '{"model":"\\",\\"x\\":\\""}');
  });

  test('is valid JSON with all other fields as they were', () => {
    const bodies = fc.record({
      fields: fc.object({ maxDepth: 2 }),
      space: fc.constantFrom(undefined, 1),
    });
    fc.assert(
      fc.property(bodies, ({ fields, space }) => {
        const text = JSON.stringify({ ...fields, model: 'a', stream: true }, null, space);
        if (scan(text) === null) return;
        const expected = { ...(JSON.parse(text) as object), model: 'M' };
        assert.deepEqual(JSON.parse(spliced(text)), expected);
      }),
    );
  });
});

describe('the scan', () => {
  test('leaves what readers may see differently to the decoder', () => {
    assert.equal(scan('{"model":"a","model":"b"}'), null);
    assert.equal(scan('{"mod\\u0065l":"a"}'), null);
  });

  test('refuses what is no request', () => {
    const field = (text: string): string | undefined => {
      const error = thrown(() => scan(text));
      assert.equal(error.class, 'invalid_request');
      return error.field;
    };
    assert.equal(field('{}'), 'model');
    assert.equal(field('{"model":""}'), 'model');
    assert.equal(field('{"model":{"a":1}}'), 'model');
    assert.equal(field('{"model":"a","stream":1}'), 'stream');
    assert.equal(field('{"model":"a","max_tokens":"1"}'), 'max_tokens');
    assert.equal(field('{"model":"a","max_tokens":1.5}'), 'max_tokens');
    assert.equal(field('{"model":"a"'), undefined);
  });

  test('usage is always in the stream; the limit is seen', () => {
    const found = scan('{"model":"a","stream":true,"max_tokens":7}')!;
    assert.equal(found.includeUsage, true);
    assert.equal(found.stream, true);
    assert.equal(found.streamOptionsRange, null);
    assert.equal(found.maxOutputTokens, 7);
    assert.equal(scan('{"model":"a","max_tokens":null,"stream":null}')!.maxOutputTokens, null);
  });

  test('sees what is asked for', () => {
    const features = (fields: object): readonly string[] =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.features;
    const content = (...blocks: readonly object[]): object => ({
      messages: [{ role: 'user', content: blocks }],
    });
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A' } };
    const document = { type: 'document', source: { type: 'url', url: 'https://x/a.pdf' } };
    assert.deepEqual(features({}), []);
    assert.deepEqual(features({ stream: true }), ['streaming']);
    assert.deepEqual(features({ tools: [{}] }), ['tools']);
    assert.deepEqual(features({ tools: [] }), []);
    assert.deepEqual(features(content(image)), ['vision']);
    assert.deepEqual(features(content(document)), ['documents']);
    const result = { type: 'tool_result', tool_use_id: 'a', content: [image, document] };
    assert.deepEqual(features(content(result)), ['vision', 'documents']);
    const schema = { type: 'object', properties: { kind: { type: 'image' } } };
    assert.deepEqual(features({ tools: [{ name: 'f', input_schema: schema }] }), ['tools']);
    const format = { type: 'json_schema', schema: { type: 'object' } };
    assert.deepEqual(features({ output_config: { format } }), ['json-schema']);
    assert.deepEqual(features({ output_config: { effort: 'low' } }), ['reasoning']);
    const thinking = (type: string): object => ({ thinking: { type } });
    assert.deepEqual(features(thinking('enabled')), ['reasoning']);
    assert.deepEqual(features(thinking('adaptive')), ['reasoning']);
    assert.deepEqual(features(thinking('disabled')), []);
    assert.deepEqual(features({ ...thinking('disabled'), output_config: { effort: 'low' } }), []);
  });

  test('tokens from the bytes of text, attachments at a flat figure', () => {
    const tokens = (fields: object): number =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.inputTokens;
    const asked = (content: unknown): number => tokens({ messages: [{ role: 'user', content }] });
    assert.equal(asked('x'.repeat(4000)) - asked(''), 1000);
    assert.equal(tokens({ system: 'x'.repeat(4000) }), 1000);
    assert.ok(tokens({ tools: [{ name: 'f', description: 'x'.repeat(4000) }] }) > 1000);
    const source = (type: string, bytes: number): number =>
      asked([{ type: 'document', source: { type, data: 'A'.repeat(bytes) } }]);
    assert.equal(source('base64', 1_000_000), source('base64', 10));
    assert.ok(source('text', 1_000_000) > 250_000, 'a document of plain text is text');
  });
});
