// Proves what is read of a body and an answer of a model's own form on their way through: whose
// they can be, limits, features, usage and stops, wherever a stream is cut. How: against recorded
// answers of real models where they are there, and hand-written frames.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeStreamError } from '../../src/bedrock-error.ts';
import { eventFrame } from '../../src/bedrock-frames.ts';
import { bedrockNative } from '../../src/bedrock-native/dialect.ts';
import { DialectError, type TargetModel } from '../../src/dialect.ts';
import { byteByByte, everyCut } from '../shared/cuts.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';

const path = { model: 'any', stream: false };
const bytes = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
const scan = (body: unknown) => bedrockNative.scan(bytes(body), path)!;

function takers(body: object): string[] {
  const vendors = ['meta', 'mistral', 'amazon', 'cohere', 'ai21', 'deepseek', 'openai', 'qwen'];
  return [...vendors, 'anthropic'].filter(vendor =>
    bedrockNative.takes!(bytes(body), scan(body), { vendor } as TargetModel),
  );
}

test('a body can be for the vendors whose members it has', () => {
  assert.deepEqual(takers({ prompt: 'Q', max_gen_len: 5 }), ['meta']);
  assert.deepEqual(takers({ inputText: 'Q', textGenerationConfig: {} }), ['amazon']);
  assert.deepEqual(takers({ message: 'Q', chat_history: [] }), ['cohere']);
  assert.deepEqual(takers({ prompt: 'Q', maxTokens: 5 }), ['ai21']);
  const alike = takers({ messages: [], max_tokens: 5 });
  assert.deepEqual(alike, ['mistral', 'cohere', 'ai21', 'deepseek', 'openai', 'qwen']);
});

test('a scan says what routing and price need', () => {
  assert.equal(scan({ prompt: 'Q', max_gen_len: 5 }).maxOutputTokens, 5);
  assert.equal(scan({ messages: [], max_completion_tokens: 7 }).maxOutputTokens, 7);
  const titan = { inputText: 'Q', textGenerationConfig: { maxTokenCount: 9 } };
  assert.equal(scan(titan).maxOutputTokens, 9);
  assert.equal(scan({ prompt: 'Q' }).maxOutputTokens, null);
  assert.equal(scan({ prompt: 'x'.repeat(400) }).inputTokens, 100);
  const { features } = scan({ prompt: 'Q', images: ['abc'], tools: [{}] });
  assert.deepEqual(features, ['tools', 'vision']);
});

test('a body that says a thing twice is refused: it is not written anew', () => {
  const twice = Buffer.from('{"prompt":"Q","max_gen_len":1,"max_gen_len":900}');
  assert.throws(() => bedrockNative.scan(twice, path), DialectError);
});

test('nothing is translated', () => {
  assert.throws(() => bedrockNative.decodeRequest(bytes({ prompt: 'Q' }), path), /converse/);
});

const chunk = (event: object): Uint8Array =>
  eventFrame('chunk', { bytes: bytes(event).toString('base64') });
const counted = {
  'amazon-bedrock-invocationMetrics': {
    inputTokenCount: 20,
    outputTokenCount: 5,
    cacheReadInputTokenCount: 3,
  },
};
const words = [chunk({ generation: 'A ' }), chunk({ generation: 'ship.' })];
const last = chunk({ generation: '', stop_reason: 'stop', ...counted });

describe('a stream', () => {
  test('is counted and whole wherever it is cut', () => {
    const stream = Buffer.concat([...words, last]);
    for (const pieces of [...everyCut(stream), byteByByte(stream)]) {
      const tap = bedrockNative.tap({ hideUsage: false });
      const out = Buffer.concat([...pieces].map(piece => tap.push(piece)));
      assert.ok(out.equals(stream));
      assert.deepEqual([tap.started, tap.complete, tap.error], [true, true, null]);
      const { inputTokens, cachedReadTokens, outputTokens } = tap.usage!;
      assert.deepEqual([inputTokens, cachedReadTokens, outputTokens], [23, 3, 5]);
      assert.equal(tap.stopRaw, 'stop');
    }
  });

  test('that ends without its last event is not whole', () => {
    const tap = bedrockNative.tap({ hideUsage: false });
    tap.push(Buffer.concat(words));
    assert.deepEqual([tap.started, tap.complete], [true, false]);
  });

  test('that says an exception has that error, and does not pass it on', () => {
    const exception = encodeStreamError({ class: 'rate_limit', message: 'Slow down.' });
    const tap = bedrockNative.tap({ hideUsage: false });
    const out = tap.push(Buffer.concat([...words, exception]));
    assert.ok(Buffer.concat(words).equals(Buffer.from(out)));
    assert.deepEqual([tap.error?.class, tap.complete], ['rate_limit', false]);
  });

  test('that is whole stays whole', () => {
    const exception = encodeStreamError({ class: 'upstream', message: 'Oh.' });
    const tap = bedrockNative.tap({ hideUsage: false });
    const out = tap.push(Buffer.concat([...words, last, exception]));
    assert.ok(Buffer.concat([...words, last]).equals(Buffer.from(out)));
    assert.deepEqual([tap.error, tap.complete], [null, true]);
  });
});

describe('recorded answers', { skip: recordingsMissing }, () => {
  const isNative = ({ requestBody, status }: { requestBody: string; status: number }): boolean =>
    status === 200 && /"(prompt|message|inputText)":/.test(requestBody);
  const text = (body: string): boolean => !/max_tokens_to_sample|anthropic/.test(body);
  const wholes = recordings('invoke').filter(r => isNative(r) && text(r.requestBody));
  const streams = recordings('invoke-stream').filter(r => isNative(r) && text(r.requestBody));

  test('there are some', () => {
    assert.ok(wholes.length >= 8, String(wholes.length));
    assert.ok(streams.length >= 3, String(streams.length));
  });

  for (const { file, headers, body, requestBody } of wholes) {
    test(`${file} is counted as its headers say`, () => {
      bedrockNative.scan(Buffer.from(requestBody), path);
      const { usage } = bedrockNative.readUsage(body, headers);
      assert.equal(usage!.inputTokens, Number(headers['x-amzn-bedrock-input-token-count']));
      assert.equal(usage!.outputTokens, Number(headers['x-amzn-bedrock-output-token-count']));
    });
  }

  for (const { file, body } of streams) {
    test(`${file} is whole and counted`, () => {
      const tap = bedrockNative.tap({ hideUsage: false });
      assert.ok(Buffer.from(tap.push(body)).equals(body));
      assert.equal(tap.complete, true);
      if (tap.stopRaw === 'guardrail_intervened') assert.equal(tap.usage, null);
      else assert.ok(tap.usage!.outputTokens > 0);
    });
  }
});
