// Proves what is seen of a legacy completion that passes through: the model and the wish for usage
// are all that changes, usage and the end are read beside the bytes, and the recorded answers of
// openai mean here what they mean to openai's own SDK.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DialectError, type Scan } from '@entrepot/dialects/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import OpenAI from 'openai';
import { plainTarget } from '../shared/answer-context.ts';
import { everyCut } from '../shared/cuts.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';

const scan = (text: string) => openaiCompletions.scan(Buffer.from(text)) as Scan;
const spliced = (text: string) =>
  String(Buffer.concat(openaiCompletions.splice(Buffer.from(text), scan(text), 'M')));

describe('a request', () => {
  test('changes in its model, and in its wish for usage where it is a stream', () => {
    assert.equal(
      spliced('{ "model":"a", "prompt":"\\u00e9" }'),
      '{ "model":"M", "prompt":"\\u00e9" }',
    );
    assert.equal(
      spliced('{"prompt":"a","stream":true,"model":"a"}'),
      '{"prompt":"a","stream":true,"model":"M","stream_options":{"include_usage":true}}',
    );
    assert.ok(
      scan('{"model":"a","stream":true,"stream_options":{"include_usage":true}}').includeUsage,
    );
  });

  const prompts: readonly (readonly [string, number, number])[] = [
    ['"four letters"', 3, 1],
    ['["abcd","efgh"]', 2, 2],
    ['[1,2,3]', 3, 1],
    ['[[1,2],[3],[4]]', 4, 3],
    ['[]', 0, 1],
  ];
  for (const [prompt, tokens, count] of prompts) {
    test(`is priced for all that it can write: ${prompt}`, () => {
      const found = scan(`{"model":"a","prompt":${prompt},"max_tokens":10,"n":2,"best_of":3}`);
      assert.deepEqual(
        [found.inputTokens, found.prompts, found.maxOutputTokens],
        [tokens, count, 30 * count],
      );
    });
  }

  test('has a limit of 16 tokens where it says none', () => {
    assert.equal(scan('{"model":"a","prompt":"b"}').maxOutputTokens, 16);
  });

  test('that readers may take for different things is refused: it can only pass as it is', () => {
    for (const text of [
      '{"model":"a","model":"b"}',
      '{"mod\\u0065l":"a"}',
      '[]',
      '{"prompt":"a"}',
    ]) {
      assert.equal(thrown(() => scan(text)).class, 'invalid_request', text);
    }
    const odd = '{"model":"a","stream":true,"stream_options":{"include_usage":1}}';
    assert.equal(thrown(() => scan(odd)).field, 'stream_options');
  });

  test('has no other form', () => {
    const { decodeRequest, encodeRequest } = openaiCompletions;
    assert.equal(thrown(() => decodeRequest(Buffer.from('{}'))).class, 'unsupported');
    assert.equal(thrown(() => encodeRequest({} as never, plainTarget)).class, 'unsupported');
  });
});

const chunk = (text: string, finish: string | null = null, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, text, finish_reason: finish }], ...more })}\n\n`;
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const lastChunk = `data: ${JSON.stringify({ id: 'c', choices: [], usage })}\n\n`;
const done = 'data: [DONE]\n\n';

function tapped(parts: readonly Uint8Array[], hideUsage = false) {
  const tap = openaiCompletions.tap({ hideUsage });
  const out = parts.map(part => Buffer.from(tap.push(part)));
  out.push(Buffer.from(tap.end()));
  const { started, complete, usage, stopRaw, error } = tap;
  return { text: String(Buffer.concat(out)), started, complete, usage, stopRaw, error };
}

describe('a stream', () => {
  const whole = chunk('') + chunk(' a') + chunk(' b', 'length') + lastChunk + done;

  test('passes as it is, with usage seen, wherever it is cut', () => {
    for (const cut of everyCut(Buffer.from(whole))) {
      const seen = tapped(cut);
      assert.equal(seen.text, whole);
      assert.deepEqual([seen.complete, seen.stopRaw], [true, 'length']);
      assert.deepEqual([seen.usage?.inputTokens, seen.usage?.outputTokens], [3, 2]);
    }
  });

  test('hides the usage that was asked for on our own account', () => {
    assert.equal(tapped([Buffer.from(whole)], true).text, whole.replace(lastChunk, ''));
  });

  test('begins with its first text, and is not whole without an end', () => {
    assert.equal(tapped([Buffer.from(chunk(''))]).started, false);
    const cut = tapped([Buffer.from(chunk('') + chunk('a'))]);
    assert.deepEqual([cut.started, cut.complete], [true, false]);
  });

  test('says its error, which does not pass', () => {
    const failed = `data: ${JSON.stringify({ error: { message: 'No.', type: 'server_error' } })}\n\n`;
    const seen = tapped([Buffer.from(chunk('a') + failed)]);
    assert.deepEqual([seen.text, seen.error?.message], [chunk('a'), 'No.']);
  });
});

describe('recorded answers', { skip: recordingsMissing }, () => {
  const all = recordings('completions');

  test('are there', () => assert.ok(all.length >= 8, String(all.length)));

  for (const { file, status, streaming, body } of all) {
    test(file, async () => {
      const type = streaming && status === 200 ? 'text/event-stream' : 'application/json';
      const sdk = new OpenAI({
        apiKey: 'none',
        baseURL: 'http://127.0.0.1:1',
        maxRetries: 0,
        fetch: async () => new Response(body, { status, headers: { 'content-type': type } }),
      });
      const question = { model: 'm', prompt: 'q' };
      if (status !== 200) {
        const error = openaiCompletions.decodeError(status, {}, body);
        await assert.rejects(sdk.completions.create(question), theirs => {
          assert.ok(theirs instanceof OpenAI.APIError && theirs.message.endsWith(error.message));
          return theirs.code === (error.code ?? null) || theirs.type === error.code;
        });
      } else if (streaming) {
        const chunks = await Array.fromAsync(
          await sdk.completions.create({ ...question, stream: true }),
        );
        const seen = tapped([body]);
        assert.equal(seen.text, String(body));
        assert.ok(seen.complete);
        const theirs = chunks.map(chunk => chunk.usage).findLast(Boolean);
        assert.equal(seen.usage?.outputTokens, theirs?.completion_tokens);
        assert.equal(seen.stopRaw, chunks.map(c => c.choices[0]?.finish_reason).findLast(Boolean));
      } else {
        const theirs = await sdk.completions.create(question);
        const ours = openaiCompletions.readUsage(body);
        assert.equal(ours.usage?.inputTokens, theirs.usage?.prompt_tokens);
        assert.equal(ours.usage?.outputTokens, theirs.usage?.completion_tokens);
        assert.equal(ours.stopRaw, theirs.choices[0]!.finish_reason);
      }
    });
  }

  test('that are none are a failure of the upstream', () => {
    const read = (text: string) => () => openaiCompletions.readUsage(Buffer.from(text));
    assert.throws(read('{}'), DialectError);
    assert.throws(read('<html>'), DialectError);
    assert.equal(
      thrown(read('{"error":{"message":"No.","code":"slow_down"}}')).class,
      'overloaded',
    );
  });
});
