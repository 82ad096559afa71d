// Proves that failures are understood whatever shape Google gives them, and told in the shape that
// its own SDK reads: a table, and the SDK as the reader. (Recorded ones: recordings.test.ts.)

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { ApiError, GoogleGenAI } from '@google/genai';
import { fixture, recordingsMissing } from '../shared/recordings.ts';
import { decodeStream, streamOf } from './gemini-streams.ts';

function decode(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): CanonicalError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return gemini.decodeError(status, headers, Buffer.from(text));
}

const rpc = (name: string, more: object): object => ({
  '@type': `type.googleapis.com/google.rpc.${name}`,
  ...more,
});
const said = (status: string, message = 'm', details: readonly object[] = []): object => ({
  error: { code: 1, message, status, details },
});
const daily = rpc('QuotaFailure', {
  violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
});
const table: readonly (readonly [number, unknown, ErrorClass])[] = [
  [400, said('INVALID_ARGUMENT'), 'invalid_request'],
  [400, said('FAILED_PRECONDITION'), 'invalid_request'],
  [
    400,
    said(
      'INVALID_ARGUMENT',
      'The input token count (2) exceeds the maximum number of tokens allowed (1).',
    ),
    'context_length',
  ],
  [400, said('INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520'), 'too_large'],
  [
    400,
    said('INVALID_ARGUMENT', 'API key not valid.', [
      rpc('ErrorInfo', { reason: 'API_KEY_INVALID' }),
    ]),
    'auth',
  ],
  [401, said('UNAUTHENTICATED'), 'auth'],
  [403, said('PERMISSION_DENIED'), 'permission'],
  [404, said('NOT_FOUND'), 'not_found'],
  [429, said('RESOURCE_EXHAUSTED'), 'rate_limit'],
  [429, said('RESOURCE_EXHAUSTED', 'm', [daily]), 'quota'],
  [429, [said('RESOURCE_EXHAUSTED')], 'rate_limit'],
  [499, said('CANCELLED'), 'timeout'],
  [500, said('INTERNAL'), 'upstream'],
  [501, said('UNIMPLEMENTED'), 'unsupported'],
  [503, said('UNAVAILABLE'), 'overloaded'],
  [504, said('DEADLINE_EXCEEDED'), 'timeout'],
  [503, '<html>503</html>', 'overloaded'],
  [404, 'Not Found', 'not_found'],
  [413, '', 'too_large'],
  [418, {}, 'upstream'],
  [400, 'null', 'invalid_request'],
  [400, '[]', 'invalid_request'],
  [429, { error: { code: {}, message: 5, status: 7, details: 'x' } }, 'rate_limit'],
  [500, said('constructor'), 'upstream'],
  [200, { error: { code: 503, message: 'm' } }, 'overloaded'],
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

  test('the time to wait comes from the details, else from the headers', () => {
    const retry = rpc('RetryInfo', { retryDelay: '34.4s' });
    const headers = { 'retry-after': '7' };
    assert.equal(
      decode(429, said('RESOURCE_EXHAUSTED', 'm', [retry]), headers).retryAfterMs,
      34_400,
    );
    assert.equal(decode(429, said('RESOURCE_EXHAUSTED'), headers).retryAfterMs, 7000);
    const odd = rpc('RetryInfo', { retryDelay: 'soon' });
    assert.equal(decode(429, said('RESOURCE_EXHAUSTED', 'm', [odd])).retryAfterMs, undefined);
  });

  test('a recorded limit', { skip: recordingsMissing }, () => {
    const body = fixture('vercel_ai/google____fixtures____google-429-retry-info.json')!;
    const error = gemini.decodeError(429, {}, body);
    assert.deepEqual([error.class, error.retryAfterMs], ['rate_limit', 34_400]);
  });

  test('the field is kept, an endless message is cut', () => {
    const violation = rpc('BadRequest', { fieldViolations: [{ field: 'contents[0]' }] });
    assert.equal(decode(400, said('INVALID_ARGUMENT', 'm', [violation])).field, 'contents[0]');
    assert.equal(decode(500, 'x'.repeat(100_000)).message.length, 2000);
  });
});

function sdk(body: Uint8Array, status: number, headers: Record<string, string>): GoogleGenAI {
  const fetch = async (): Promise<Response> => new Response(Buffer.from(body), { status, headers });
  return new GoogleGenAI({ apiKey: 'none', httpOptions: { fetch } });
}

async function sdkError(call: () => Promise<unknown>): Promise<ApiError> {
  try {
    await call();
  } catch (cause) {
    assert.ok(cause instanceof ApiError, String(cause));
    return cause;
  }
  return assert.fail('the SDK saw no error');
}

const question = { model: 'm', contents: 'q' };
const limited: CanonicalError = { class: 'rate_limit', message: 'slow down', retryAfterMs: 1500 };

describe('writing', () => {
  test("is what Google's SDK throws as its own errors", async () => {
    const { status, headers, body } = gemini.encodeError(limited, 'req_1');
    const error = await sdkError(() => sdk(body, status, headers).models.generateContent(question));
    assert.equal(error.status, 429);
    const inner = (JSON.parse(error.message) as { error: Record<string, unknown> }).error;
    assert.deepEqual([inner.code, inner.status], [429, 'RESOURCE_EXHAUSTED']);
    assert.deepEqual(inner.details, [
      rpc('ErrorInfo', {
        reason: 'RATE_LIMIT',
        domain: 'entrepot',
        metadata: { class: 'rate_limit' },
      }),
      rpc('RetryInfo', { retryDelay: '1.5s' }),
      rpc('RequestInfo', { requestId: 'req_1' }),
    ]);
    assert.equal(headers['retry-after'], '2');
  });

  test('a broken stream ends with an error that the SDK throws', async () => {
    const text = { candidates: [{ content: { parts: [{ text: 'a' }] } }] };
    const broken = gemini.encodeStreamError({ class: 'truncated', message: 'cut' });
    const body = Buffer.concat([streamOf(text), broken]);
    const client = sdk(body, 200, { 'content-type': 'text/event-stream' });
    const read: string[] = [];
    const error = await sdkError(async () => {
      for await (const chunk of await client.models.generateContentStream(question)) {
        read.push(chunk.text ?? '');
      }
    });
    assert.match(error.message, /cut/);
    assert.deepEqual(read, ['a']);
    const last = decodeStream([body]).at(-1);
    assert.ok(last?.type === 'error' && last.error.class === 'truncated');
  });

  test('keeps class, field and time when it is read again', () => {
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
      'truncated',
      'too_large',
      'unavailable',
      'budget',
    ];
    for (const name of classes) {
      for (const code of [undefined, 'upstream_word']) {
        const error: CanonicalError = {
          class: name,
          message: 'm',
          field: 'f',
          retryAfterMs: 1500,
          ...(code === undefined ? {} : { code }),
        };
        const { status, headers, body } = gemini.encodeError(error, 'req_1');
        const again = gemini.decodeError(status, headers, body);
        assert.equal(again.class, name);
        assert.equal(again.code, (code ?? name).toUpperCase());
        assert.deepEqual([again.field, again.retryAfterMs, again.message], ['f', 1500, 'm']);
      }
    }
  });
});
