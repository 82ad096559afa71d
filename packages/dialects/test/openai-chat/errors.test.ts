// Proves that failures are understood whatever shape a host gives them, and told in the shape that
// openai's own SDK reads: recorded errors, a table, and the SDK as the reader.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import OpenAI from 'openai';
import { recordings, recordingsMissing } from '../shared/recordings.ts';

function decode(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): CanonicalError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return openaiChat.decodeError(status, headers, Buffer.from(text));
}

const table: readonly (readonly [number, unknown, ErrorClass])[] = [
  [
    400,
    { error: { message: 'm', type: 'invalid_request_error', param: 'messages', code: null } },
    'invalid_request',
  ],
  [
    400,
    {
      error: {
        message: "This model's maximum context length is 8192 tokens.",
        code: 'context_length_exceeded',
      },
    },
    'context_length',
  ],
  [
    400,
    { object: 'error', message: "This model's maximum context length is 10 tokens", code: 400 },
    'context_length',
  ],
  [
    400,
    {
      error: {
        message: 'm',
        code: 'content_filter',
        innererror: { code: 'ResponsibleAIPolicyViolation' },
      },
    },
    'content_filter',
  ],
  [
    400,
    {
      error: {
        message: 'Unsupported parameter',
        code: 'unsupported_parameter',
        param: 'max_tokens',
      },
    },
    'unsupported',
  ],
  [400, { error: { message: 'saw token 429 here' } }, 'invalid_request'],
  [401, { error: { message: 'Incorrect API key', code: 'invalid_api_key' } }, 'auth'],
  [403, { error: { message: 'm' } }, 'permission'],
  [404, { error: { message: 'm', code: 'DeploymentNotFound' } }, 'not_found'],
  [404, 'Not Found', 'not_found'],
  [413, '<html><body>413</body></html>', 'too_large'],
  [422, { detail: 'm' }, 'invalid_request'],
  [
    429,
    { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } },
    'quota',
  ],
  [429, { error: { message: 'm', code: '429' } }, 'rate_limit'],
  [429, [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }], 'rate_limit'],
  [500, { error: 'out of memory' }, 'upstream'],
  [500, '', 'upstream'],
  [503, { error: { message: 'm', type: 'server_error' } }, 'overloaded'],
  [504, 'upstream request timeout', 'timeout'],
  [400, 'null', 'invalid_request'],
  [400, '[]', 'invalid_request'],
  [400, '{"error":{"code":{"a":1},"message":5,"param":[]}}', 'invalid_request'],
  [418, { code: 'constructor', message: 'm' }, 'upstream'],
];

describe('reading', () => {
  test('each shape has its class, and always a message', () => {
    for (const [status, body, expected] of table) {
      const error = decode(status, body);
      assert.equal(error.class, expected, JSON.stringify(body));
      assert.ok(error.message.length > 0);
      assert.doesNotMatch(error.message, /</);
    }
  });

  test('recorded errors keep message, code and field', { skip: recordingsMissing }, () => {
    let read = 0;
    for (const { status, headers, body } of recordings('chat.completions')) {
      if (status < 400) continue;
      const { error } = JSON.parse(String(body)) as {
        error: { message: string; code: string | null; param?: string | null };
      };
      const ours = openaiChat.decodeError(status, headers, body);
      assert.equal(ours.message, error.message);
      assert.equal(ours.field, error.param ?? undefined);
      if (error.code !== null) assert.equal(ours.code, error.code);
      assert.notEqual(ours.class, 'upstream');
      read++;
    }
    assert.ok(read > 5);
  });

  test('the time to wait is kept, an endless message is cut', () => {
    assert.equal(decode(429, {}, { 'retry-after-ms': '250' }).retryAfterMs, 250);
    assert.equal(decode(500, 'x'.repeat(100_000)).message.length, 2000);
  });
});

async function sdkError(error: CanonicalError): Promise<InstanceType<typeof OpenAI.APIError>> {
  const { status, headers, body } = openaiChat.encodeError(error, 'req_1');
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async () => new Response(Buffer.from(body), { status, headers }),
  });
  try {
    await client.chat.completions.create({ model: 'm', messages: [] });
  } catch (cause) {
    assert.ok(cause instanceof OpenAI.APIError);
    return cause;
  }
  return assert.fail('the SDK saw no error');
}

describe('writing', () => {
  test("is what openai's SDK throws as its own errors", async () => {
    const limited = await sdkError({
      class: 'rate_limit',
      message: 'slow down',
      retryAfterMs: 1500,
    });
    assert.ok(limited instanceof OpenAI.RateLimitError);
    assert.equal(limited.code, 'rate_limit_exceeded');
    assert.equal(limited.headers!.get('retry-after-ms'), '1500');
    assert.equal(limited.headers!.get('retry-after'), '2');
    const bad = await sdkError({
      class: 'invalid_request',
      message: 'no',
      field: 'messages[0].role',
    });
    assert.ok(bad instanceof OpenAI.BadRequestError);
    assert.equal(bad.param, 'messages[0].role');
    assert.equal(bad.code, null);
    const budget = await sdkError({ class: 'budget', message: 'spent' });
    assert.equal(budget.status, 429);
    assert.equal(budget.headers!.get('x-should-retry'), 'false');
  });

  test('keeps class and field when it is read again', () => {
    const classes: readonly ErrorClass[] = [
      'invalid_request',
      'context_length',
      'content_filter',
      'unsupported',
      'auth',
      'permission',
      'not_found',
      'quota',
      'rate_limit',
      'overloaded',
      'timeout',
      'upstream',
      'too_large',
    ];
    for (const name of classes) {
      const error: CanonicalError = { class: name, message: 'm', field: 'f' };
      const { status, headers, body } = openaiChat.encodeError(error, 'req_1');
      const again = openaiChat.decodeError(status, headers, body);
      assert.equal(again.class, name);
      assert.equal(again.field, 'f');
      assert.deepEqual(Object.keys((JSON.parse(String(body)) as { error: object }).error), [
        'message',
        'type',
        'param',
        'code',
      ]);
    }
  });
});
