// Proves that failures are understood in each place where they come, and told in the shape that
// openai's own SDK reads.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorClass } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import OpenAI from 'openai';
import { answerContext } from '../shared/answer-context.ts';
import { fixture, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';
import { sdk } from './sdk.ts';

const codes: readonly (readonly [string, ErrorClass])[] = [
  ['server_error', 'upstream'],
  ['rate_limit_exceeded', 'rate_limit'],
  ['insufficient_quota', 'quota'],
  ['context_length_exceeded', 'context_length'],
  ['invalid_prompt', 'content_filter'],
  ['bio_policy', 'content_filter'],
  ['image_content_policy_violation', 'content_filter'],
  ['data_residency_mismatch', 'invalid_request'],
  ['invalid_base64_image', 'invalid_request'],
  ['failed_to_download_image', 'invalid_request'],
  ['vector_store_timeout', 'timeout'],
  ['server_is_overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['a_new_one', 'upstream'],
];

function bytesOf(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

describe('reading', () => {
  test('a whole answer that failed, by its code', () => {
    for (const [code, expected] of codes) {
      const error = { code, message: 'm' };
      const body = bytesOf({ id: 'resp_1', status: 'failed', error, output: [] });
      const read = thrown(() => openaiResponses.decodeResponse(body, {}, answerContext));
      assert.deepEqual(read, { class: expected, message: 'm', code }, code);
      assert.deepEqual(
        thrown(() => openaiResponses.readUsage(body)),
        read,
      );
    }
  });

  test('an answer that failed or was cancelled and says nothing of why', () => {
    const read = (status: string): unknown => {
      const body = bytesOf({ status, error: null, output: [] });
      return thrown(() => openaiResponses.decodeResponse(body, {}, answerContext)).class;
    };
    assert.equal(read('failed'), 'upstream');
    assert.equal(read('cancelled'), 'upstream');
  });

  test('a body that is no answer', () => {
    for (const text of ['', '[]', '{}', '{"output":{}}', '<html>']) {
      const read = (): unknown =>
        openaiResponses.decodeResponse(Buffer.from(text), {}, answerContext);
      assert.equal(thrown(read).class, 'upstream', text);
    }
  });

  test('bodies of other hosts and proxies', () => {
    const decode = (status: number, text: string): unknown =>
      openaiResponses.decodeError(status, {}, Buffer.from(text)).class;
    assert.equal(decode(502, '<html>Bad gateway</html>'), 'upstream');
    assert.equal(decode(429, ''), 'rate_limit');
    assert.equal(decode(404, '{"error":{"code":"DeploymentNotFound"}}'), 'not_found');
    const filtered = {
      code: 'content_filter',
      innererror: { code: 'ResponsibleAIPolicyViolation' },
    };
    assert.equal(decode(400, JSON.stringify({ error: filtered })), 'content_filter');
  });

  test('fixtures of failed calls', { skip: recordingsMissing }, () => {
    const read = (name: string, status: number): unknown => {
      const body = fixture(`vercel_ai/openai__responses__${name}.json`)!;
      const { class: kind, field } = openaiResponses.decodeError(status, {}, body);
      return [kind, field];
    };
    assert.deepEqual(read('reasoning-model-temperature-error', 400), [
      'invalid_request',
      'temperature',
    ]);
    assert.deepEqual(read('openai-error.1', 429), ['quota', undefined]);
  });
});

describe('writing', () => {
  const cases: readonly (readonly [ErrorClass, number])[] = [
    ['invalid_request', 400],
    ['auth', 401],
    ['not_found', 404],
    ['rate_limit', 429],
    ['budget', 429],
    ['overloaded', 503],
    ['truncated', 502],
  ];
  test("the SDK throws what was told, with the field in the caller's words", async () => {
    for (const [kind, status] of cases) {
      const error = { class: kind, message: `m ${kind}`, field: 'input' };
      const written = openaiResponses.encodeError(error, 'req_1');
      assert.equal(written.status, status);
      const client = sdk(written.body, 'application/json', status);
      const call = client.responses.create({ model: 'm', input: 'q' });
      await assert.rejects(call, (cause: unknown) => {
        assert.ok(cause instanceof OpenAI.APIError);
        assert.equal(cause.status, status);
        assert.equal(cause.param, 'input');
        assert.match(cause.message, new RegExp(`m ${kind}`));
        return true;
      });
    }
  });

  test('a budget is not asked for again', () => {
    const budget = openaiResponses.encodeError({ class: 'budget', message: 'm' }, 'req_1');
    assert.equal(budget.headers['x-should-retry'], 'false');
    const later = { class: 'rate_limit', message: 'm', retryAfterMs: 1500 } as const;
    const { headers } = openaiResponses.encodeError(later, 'req_1');
    assert.equal(headers['retry-after-ms'], '1500');
    assert.equal(headers['retry-after'], '2');
  });
});
