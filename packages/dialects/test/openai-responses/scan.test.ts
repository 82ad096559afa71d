// Proves that a request that passes through changes in its model alone, byte for byte, and that
// what routing needs is seen without decoding.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Scan } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import fc from 'fast-check';
import { joinBytes } from '../../src/utf8.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';

function scan(text: string): Scan | null {
  return openaiResponses.scan(Buffer.from(text));
}

function spliced(text: string, model = 'M'): string {
  const body = Buffer.from(text);
  return String(Buffer.concat(openaiResponses.splice(body, openaiResponses.scan(body)!, model)));
}

describe('the splice', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{"model":"a","input":"x"}', '{"model":"M","input":"x"}'],
    ['{ "input" : [ ] , "model" : "a" }', '{ "input" : [ ] , "model" : "M" }'],
    ['{"x":1.0e2,"model":"a\\u002d\\"b","é":"\\/"}', '{"x":1.0e2,"model":"M","é":"\\/"}'],
    ['{"stream":true,"model":"a"}', '{"stream":true,"model":"M"}'],
  ];
  test('changes the model, nothing else', () => {
    for (const [given, expected] of table) assert.equal(spliced(given), expected);
  });

  test('gives the same bytes back when nothing is to change', () => {
    const body = Buffer.from('{"model":"a","stream":true}');
    assert.equal(joinBytes(openaiResponses.splice(body, openaiResponses.scan(body)!, 'a')), body);
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
        const text = JSON.stringify({ ...fields, model: 'a', stream }, null, space);
        if (scan(text) === null) return;
        assert.deepEqual(JSON.parse(spliced(text)), {
          ...(JSON.parse(text) as object),
          model: 'M',
        });
      }),
    );
  });
});

describe('the scan', () => {
  test('leaves what readers may see differently to the decoder', () => {
    for (const text of ['{"model":"a","model":"b"}', '{"mod\\u0065l":"a","model":"b"}']) {
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
    assert.equal(field('{"model":"a","max_output_tokens":"1"}'), 'max_output_tokens');
    assert.equal(field('{"model":"a"'), undefined);
  });

  test('usage is always there without being asked for', () => {
    assert.equal(scan('{"model":"a","stream":true}')!.includeUsage, true);
    assert.equal(scan('{"model":"a","stream":true}')!.streamOptionsRange, null);
  });

  test('sees what is asked for', () => {
    const features = (fields: object): readonly string[] =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.features;
    const content = (part: object): object => ({ input: [{ role: 'user', content: [part] }] });
    const output = (part: object): object => ({
      input: [{ type: 'function_call_output', call_id: 'c', output: [part] }],
    });
    assert.deepEqual(features({}), []);
    assert.deepEqual(features({ input: 'input_image' }), []);
    assert.deepEqual(features({ stream: true }), ['streaming']);
    assert.deepEqual(features({ tools: [{}] }), ['tools']);
    assert.deepEqual(features({ tools: [] }), []);
    assert.deepEqual(features(content({ type: 'input_image', image_url: 'x' })), ['vision']);
    assert.deepEqual(features(output({ type: 'input_image', file_id: 'x' })), ['vision']);
    assert.deepEqual(features(content({ type: 'input_file', file_id: 'f' })), ['documents']);
    assert.deepEqual(features(content({ type: 'input_audio' })), ['audio']);
    const format = (type: string): object => ({ text: { format: { type } } });
    assert.deepEqual(features(format('json_schema')), ['json-schema']);
    assert.deepEqual(features(format('json_object')), []);
    assert.deepEqual(features({ reasoning: { effort: 'low' } }), ['reasoning']);
    assert.deepEqual(features({ reasoning: { summary: 'auto' } }), ['reasoning']);
    assert.deepEqual(features({ reasoning: { effort: 'none', summary: 'auto' } }), []);
    assert.deepEqual(features({ reasoning: { context: 'auto' } }), []);
    assert.deepEqual(features({ include: ['message.output_text.logprobs'] }), ['logprobs']);
    assert.deepEqual(features({ include: ['reasoning.encrypted_content'] }), []);
    const schema = { properties: { input_image: { type: 'string' }, image_url: {} } };
    const tools = [{ type: 'function', name: 'input_file', parameters: schema }];
    assert.deepEqual(features({ tools }), ['tools'], 'a tool whose argument is named input_image');
  });

  test('limits, and tokens from the bytes of text, pictures at a flat figure', () => {
    const limit = (fields: object): number | null =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.maxOutputTokens;
    assert.equal(limit({ max_output_tokens: 50 }), 50);
    assert.equal(limit({ max_output_tokens: null }), null);
    assert.equal(limit({}), null);
    const tokens = (fields: object): number =>
      scan(JSON.stringify({ model: 'a', ...fields }))!.inputTokens;
    const text = 'x'.repeat(4000);
    assert.equal(tokens({ input: text }), 1000);
    assert.equal(tokens({ input: 'x', instructions: text }) - tokens({ input: 'x' }), 1000);
    const said = (content: unknown): number => tokens({ input: [{ role: 'user', content }] });
    assert.equal(said(text) - said(''), 1000);
    const picture = (bytes: number): number =>
      said([{ type: 'input_image', image_url: `data:image/png;base64,${'A'.repeat(bytes)}` }]);
    assert.equal(picture(1_000_000), picture(10));
    assert.ok(picture(10) >= 1000);
  });

  test('sees in recorded requests what the decoder reads', { skip: recordingsMissing }, () => {
    let read = 0;
    for (const { file, requestBody, status } of recordings('responses')) {
      if (status !== 200) continue;
      const found = scan(requestBody)!;
      const request = openaiResponses.decodeRequest(Buffer.from(requestBody));
      assert.equal(found.model, request.model, file);
      assert.equal(found.stream, request.stream);
      assert.equal(found.maxOutputTokens, request.maxOutputTokens ?? null);
      assert.equal(found.features.includes('tools'), (request.tools?.length ?? 0) > 0);
      assert.equal(
        found.features.includes('json-schema'),
        request.responseFormat?.type === 'json_schema',
      );
      read++;
    }
    assert.ok(read > 30);
  });
});
