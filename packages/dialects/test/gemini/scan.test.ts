// Proves that a request that passes through is not changed by a byte, and that what routing needs
// is seen without decoding.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Scan } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { joinBytes } from '../../src/utf8.ts';
import { thrown } from '../shared/thrown.ts';

const path = { model: 'gemini-x', stream: false };

function scan(text: string, from: typeof path = path): Scan | null {
  return gemini.scan(Buffer.from(text), from);
}

const part = (given: object): object => ({ contents: [{ parts: [given] }] });
const config = (generationConfig: object): object => ({ generationConfig });

test('the body stays as it is, whatever the model', () => {
  const body = Buffer.from('{ "contents" : [] }');
  const found = gemini.scan(body, path)!;
  assert.equal(found.modelRange, null);
  assert.equal(joinBytes(gemini.splice(body, found, 'another')), body);
});

describe('the scan', () => {
  test('model and stream are of the path; usage is in every stream', () => {
    const found = scan('{}', { model: 'm', stream: true })!;
    assert.deepEqual([found.model, found.stream, found.includeUsage], ['m', true, true]);
    assert.equal(scan('{}')!.includeUsage, false);
    assert.equal(thrown(() => gemini.scan(Buffer.from('{}'))).field, 'model');
  });

  test('leaves what readers may see differently to the decoder', () => {
    for (const text of [
      '{"contents":[],"contents":[]}',
      '{"c\\u006fntents":[]}',
      '{"systemInstruction":{},"system_instruction":{}}',
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
    assert.equal(field('[]'), undefined);
    assert.equal(field('{"contents":['), undefined);
    assert.equal(field('{"generationConfig":1}'), 'generationConfig');
    assert.equal(
      field('{"generationConfig":{"maxOutputTokens":"1"}}'),
      'generationConfig.maxOutputTokens',
    );
  });

  test('sees what is asked for', () => {
    const features = (fields: object, stream = false): readonly string[] =>
      scan(JSON.stringify(fields), { ...path, stream })!.features;
    assert.deepEqual(features({}), []);
    assert.deepEqual(features({}, true), ['streaming']);
    assert.deepEqual(features({ tools: [{ googleSearch: {} }] }), ['tools']);
    assert.deepEqual(features({ tools: [{}] }), []);
    assert.deepEqual(features({ tools: [] }), []);
    const inline = (mimeType: string): object => ({ inlineData: { mimeType, data: 'AAAA' } });
    assert.deepEqual(features(part(inline('image/png'))), ['vision']);
    assert.deepEqual(features(part(inline('audio/wav'))), ['audio']);
    assert.deepEqual(features(part(inline('application/pdf'))), ['documents']);
    assert.deepEqual(
      features({ contents: { parts: { file_data: { mime_type: 'video/mp4', file_uri: 'x' } } } }),
      ['vision'],
    );
    assert.deepEqual(
      features(part({ functionResponse: { name: 'f', parts: [inline('image/png')] } })),
      ['vision'],
    );
    assert.deepEqual(features(part(inline('png'))), [], 'no media type at all');
    const words = '"mimeType": "image/png"';
    assert.deepEqual(features(part({ text: words })), [], 'text about a media type');
    assert.deepEqual(features(part({ ...inline('audio/wav'), text: words })), ['audio']);
    const json = 'application/json';
    assert.deepEqual(features(config({ responseMimeType: json, responseJsonSchema: {} })), [
      'json-schema',
    ]);
    assert.deepEqual(features(config({ response_mime_type: json })), []);
    assert.deepEqual(features(config({ thinkingConfig: { thinkingBudget: 0 } })), []);
    assert.deepEqual(features(config({ thinkingConfig: { thinking_level: 'LOW' } })), [
      'reasoning',
    ]);
    assert.deepEqual(features({ cachedContent: 'cachedContents/1' }), ['prompt-caching']);
    assert.deepEqual(features(config({ candidateCount: 2, responseLogprobs: true })), [
      'candidates',
      'logprobs',
    ]);
  });

  test('limits, and tokens from the bytes of text, media at a flat figure', () => {
    const found = (fields: object): Scan => scan(JSON.stringify(fields))!;
    assert.equal(found(config({ max_output_tokens: 5 })).maxOutputTokens, 5);
    assert.equal(found({}).maxOutputTokens, null);
    const tokens = (fields: object): number => found(fields).inputTokens;
    const text = 'x'.repeat(4000);
    const system = { system_instruction: { parts: [{ text }] } };
    assert.equal(tokens(part({ text })) - tokens(part({ text: '' })), 1000);
    assert.ok(tokens(system) >= 1000);
    const picture = (bytes: number): number =>
      tokens(part({ inlineData: { mimeType: 'image/png', data: 'A'.repeat(bytes) } }));
    assert.equal(picture(1_000_000), picture(10));
    assert.ok(tokens({ tools: [{ functionDeclarations: [{ name: text }] }] }) > 1000);
  });
});
