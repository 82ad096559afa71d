// Proves that failures are understood whatever shape they come in, and told in the shape that
// Amazon's own client reads: recorded errors, a table, and the client as the reader.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { writeMessage } from '@entrepot/dialects/event-stream';
import { answerContext } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream } from './converse-streams.ts';
import { sdk, sdkStreamed } from './sdk-reader.ts';

function decode(status: number, type: string | null, body: unknown): CanonicalError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = type === null ? {} : { 'x-amzn-errortype': type };
  return bedrockConverse.decodeError(status, headers, Buffer.from(text));
}

const m = { message: 'm' };
const link = ':http://internal.amazon.com/coral/com.amazon.bedrock/';
const table: readonly (readonly [number, string | null, unknown, ErrorClass])[] = [
  [400, `ValidationException${link}`, m, 'invalid_request'],
  [
    400,
    'ValidationException',
    { message: 'Input is too long for requested model.' },
    'context_length',
  ],
  [400, 'ValidationException', { message: 'prompt is too long: 9 tokens > 8' }, 'context_length'],
  [
    400,
    'ValidationException',
    { message: 'The provided model identifier is invalid.' },
    'not_found',
  ],
  [
    400,
    'ValidationException',
    { message: 'Invocation of model ID x with on-demand throughput isn’t supported.' },
    'not_found',
  ],
  [
    400,
    'ValidationException',
    { message: 'Output blocked by content filtering policy' },
    'content_filter',
  ],
  [403, 'AccessDeniedException', { Message: 'not authorized to perform' }, 'permission'],
  [
    403,
    'AccessDeniedException',
    { Message: 'Authentication failed: Please make sure your API Key is valid.' },
    'auth',
  ],
  [403, 'UnrecognizedClientException', m, 'auth'],
  [403, 'ExpiredTokenException', m, 'auth'],
  [403, 'InvalidSignatureException', m, 'auth'],
  [404, 'ResourceNotFoundException', m, 'not_found'],
  [408, 'ModelTimeoutException', m, 'timeout'],
  [424, 'ModelErrorException', m, 'upstream'],
  [429, 'ThrottlingException', { message: 'Too many requests' }, 'rate_limit'],
  [429, 'ThrottlingException', { message: 'Too many tokens per day' }, 'quota'],
  [429, 'ModelNotReadyException', m, 'rate_limit'],
  [400, 'ServiceQuotaExceededException', m, 'quota'],
  [500, 'InternalServerException', m, 'upstream'],
  [503, 'ServiceUnavailableException', m, 'overloaded'],
  // Without the header: by the body, else by the status.
  [400, null, { __type: 'com.amazon.coral.service#ThrottlingException', ...m }, 'rate_limit'],
  [400, null, m, 'invalid_request'],
  [403, null, '<html>403</html>', 'permission'],
  [413, null, 'Request body is too large', 'too_large'],
  [429, null, '', 'rate_limit'],
  [502, null, '<html>', 'upstream'],
  [503, 'SomethingNewException', m, 'overloaded'],
  [400, 'constructor', 'null', 'invalid_request'],
  [500, null, '[]', 'upstream'],
];

describe('reading', () => {
  test('each shape has its class, and always a message', () => {
    for (const [status, type, body, expected] of table) {
      const error = decode(status, type, body);
      assert.equal(error.class, expected, JSON.stringify([status, type, body]));
      assert.ok(error.message.length > 0);
      assert.doesNotMatch(error.message, /[<[]/);
    }
    assert.equal(decode(400, `ValidationException${link}`, m).code, 'ValidationException');
  });

  test('recorded errors keep their message', { skip: recordingsMissing }, () => {
    let read = 0;
    for (const { status, headers, body } of recordings('converse')) {
      if (status < 400) continue;
      const { message } = JSON.parse(String(body)) as { message: string };
      const error = bedrockConverse.decodeError(status, headers, body);
      assert.equal(error.message, message);
      const isUnknown = /model identifier/.test(message);
      assert.equal(error.class, isUnknown ? 'not_found' : 'invalid_request');
      assert.doesNotMatch(JSON.stringify(error), /7fdbc480/);
      read++;
    }
    assert.ok(read > 5);
  });

  test('the time to wait is kept, an endless message is cut', () => {
    const headers = { 'retry-after': '2', 'x-amzn-errortype': 'ThrottlingException' };
    const error = bedrockConverse.decodeError(429, headers, Buffer.from('{}'));
    assert.equal(error.retryAfterMs, 2000);
    assert.equal(decode(500, null, 'x'.repeat(100_000)).message.length, 2000);
  });

  test('an answer without output is an error, whatever its status says', () => {
    const of = (body: object): CanonicalError => {
      const bytes = Buffer.from(JSON.stringify(body));
      const error = thrown(() => bedrockConverse.decodeResponse(bytes, {}, answerContext));
      assert.deepEqual(
        thrown(() => bedrockConverse.readUsage(bytes)),
        error,
      );
      return error;
    };
    const type = 'com.amazon.coral.service#UnknownOperationException';
    assert.equal(of({ Output: { __type: type }, Version: '1.0' }).class, 'not_found');
    assert.equal(of({}).class, 'upstream');
    assert.equal(of({ output: {}, stopReason: 'end_turn' }).class, 'upstream');
    const junk = Buffer.from('not json');
    const error = thrown(() => bedrockConverse.decodeResponse(junk, {}, answerContext));
    assert.equal(error.class, 'upstream');
  });

  test('exceptions and errors inside a stream', () => {
    const told = (headers: Record<string, string>, body: string): CanonicalError => {
      const last = decodeStream([writeMessage(headers, Buffer.from(body))]).at(-1)!;
      assert.ok(last.type === 'error');
      return last.error;
    };
    const exception = (name: string, message = 'm'): ErrorClass =>
      told({ ':message-type': 'exception', ':exception-type': name }, JSON.stringify({ message }))
        .class;
    assert.equal(exception('throttlingException'), 'rate_limit');
    assert.equal(exception('serviceUnavailableException'), 'overloaded');
    assert.equal(exception('modelTimeoutException'), 'timeout');
    assert.equal(exception('modelStreamErrorException'), 'upstream');
    assert.equal(exception('internalServerException'), 'upstream');
    assert.equal(exception('validationException'), 'invalid_request');
    assert.equal(exception('validationException', 'Input is too long'), 'context_length');
    const error = told(
      { ':message-type': 'error', ':error-code': 'ThrottlingException', ':error-message': 'slow' },
      '',
    );
    assert.deepEqual(error, { class: 'rate_limit', message: 'slow', code: 'ThrottlingException' });
    assert.ok(told({ ':message-type': 'exception' }, '<html>').message.length > 0);
  });
});

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

async function sdkError(error: CanonicalError): Promise<SdkError> {
  const { status, headers, body } = bedrockConverse.encodeError(error, 'req_1');
  const messages = [{ role: 'user' as const, content: [{ text: 'q' }] }];
  try {
    await sdk(body, status, headers).send(new ConverseCommand({ modelId: 'm', messages }));
  } catch (cause) {
    return cause as SdkError;
  }
  return assert.fail('the client saw no error');
}

/** Class, status, exception, and the exception inside a stream. */
const written: readonly (readonly [ErrorClass, number, string, string])[] = [
  ['invalid_request', 400, 'ValidationException', 'ValidationException'],
  ['context_length', 400, 'ValidationException', 'ValidationException'],
  ['unsupported', 400, 'ValidationException', 'ValidationException'],
  ['content_filter', 400, 'ValidationException', 'ValidationException'],
  ['auth', 403, 'UnrecognizedClientException', 'ValidationException'],
  ['permission', 403, 'AccessDeniedException', 'ValidationException'],
  ['not_found', 404, 'ResourceNotFoundException', 'ValidationException'],
  ['quota', 400, 'ServiceQuotaExceededException', 'ThrottlingException'],
  ['budget', 400, 'ServiceQuotaExceededException', 'ThrottlingException'],
  ['rate_limit', 429, 'ThrottlingException', 'ThrottlingException'],
  ['overloaded', 503, 'ServiceUnavailableException', 'ServiceUnavailableException'],
  ['unavailable', 503, 'ServiceUnavailableException', 'ServiceUnavailableException'],
  ['timeout', 408, 'ModelTimeoutException', 'ModelStreamErrorException'],
  ['truncated', 500, 'InternalServerException', 'ModelStreamErrorException'],
  ['upstream', 500, 'InternalServerException', 'InternalServerException'],
  ['too_large', 413, 'RequestEntityTooLargeException', 'ValidationException'],
];

describe('writing', () => {
  test("is what Amazon's own client throws as its own errors", async () => {
    for (const [kind, status, name, inStream] of written) {
      const error: CanonicalError = { class: kind, message: 'what happened' };
      const seen = await sdkError(error);
      assert.equal(seen.name, name);
      assert.equal(seen.$metadata.httpStatusCode, status);
      assert.equal(seen.$metadata.requestId, 'req_1');
      assert.match(seen.message, /what happened$/);
      const stream = bedrockConverse.encodeStreamError(error);
      await assert.rejects(sdkStreamed(stream), { name: inStream });
    }
  });

  test('keeps the class when it is read again', () => {
    const lossy = new Set<ErrorClass>([
      'unsupported',
      'content_filter',
      'budget',
      'unavailable',
      'truncated',
    ]);
    for (const [kind] of written.filter(([name]) => !lossy.has(name))) {
      const error: CanonicalError = { class: kind, message: 'm', retryAfterMs: 1500 };
      const { status, headers, body } = bedrockConverse.encodeError(error, 'req_1');
      const again = bedrockConverse.decodeError(status, headers, body);
      assert.equal(again.class, kind);
      assert.equal(again.retryAfterMs, 2000);
      assert.deepEqual(Object.keys(JSON.parse(String(body)) as object), ['message']);
    }
  });
});
