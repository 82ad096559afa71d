// Proves that failures are understood whatever shape they have, and told in the shape that
// Anthropic's own SDK reads: recorded errors, a table, and the SDK as the reader.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { answerContext } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream, wire } from './message-streams.ts';
import { sdk, sdkStreamed } from './sdk-reader.ts';

function decode(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): CanonicalError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return anthropicMessages.decodeError(status, headers, Buffer.from(text));
}

function anthropicError(type: string, message = 'm'): object {
  return { type: 'error', error: { type, message }, request_id: 'req_1' };
}

const table: readonly (readonly [number, unknown, ErrorClass])[] = [
  [400, anthropicError('invalid_request_error'), 'invalid_request'],
  [
    400,
    anthropicError('invalid_request_error', 'prompt is too long: 209 tokens > 200 maximum'),
    'context_length',
  ],
  [
    400,
    anthropicError(
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 1 + 2 > 3',
    ),
    'context_length',
  ],
  [400, anthropicError('invalid_request_error', 'Your credit balance is too low to'), 'quota'],
  [
    400,
    anthropicError('invalid_request_error', 'Output blocked by content filtering policy'),
    'content_filter',
  ],
  [401, anthropicError('authentication_error'), 'auth'],
  [402, anthropicError('billing_error'), 'quota'],
  [403, anthropicError('permission_error'), 'permission'],
  [404, anthropicError('not_found_error'), 'not_found'],
  [413, anthropicError('request_too_large'), 'too_large'],
  [413, '<html><body>413</body></html>', 'too_large'],
  [429, anthropicError('rate_limit_error'), 'rate_limit'],
  [500, anthropicError('api_error'), 'upstream'],
  [504, anthropicError('timeout_error'), 'timeout'],
  [529, anthropicError('overloaded_error'), 'overloaded'],
  [529, '', 'overloaded'],
  [503, 'upstream connect error', 'overloaded'],
  [418, anthropicError('constructor'), 'upstream'],
  [400, 'null', 'invalid_request'],
  [400, '[]', 'invalid_request'],
  [400, '{"error":{"type":5,"message":[]}}', 'invalid_request'],
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

  test('recorded errors keep message and type', { skip: recordingsMissing }, () => {
    let read = 0;
    for (const endpoint of ['messages', 'messages.count_tokens']) {
      for (const { status, headers, body, provider } of recordings(endpoint)) {
        if (status < 400 || provider !== 'anthropic') continue;
        const { error } = JSON.parse(String(body)) as { error: { type: string; message: string } };
        const ours = anthropicMessages.decodeError(status, headers, body);
        assert.equal(ours.message, error.message);
        assert.equal(ours.code, error.type);
        assert.notEqual(ours.class, 'upstream');
        read++;
      }
    }
    assert.ok(read >= 3);
  });

  test('the time to wait is kept, an endless message is cut', () => {
    assert.equal(decode(429, {}, { 'retry-after': '2' }).retryAfterMs, 2000);
    assert.equal(decode(500, 'x'.repeat(100_000)).message.length, 2000);
  });

  test('an error with status 200 is an error', () => {
    const body = Buffer.from(JSON.stringify(anthropicError('overloaded_error', 'Overloaded')));
    const read = (): unknown => anthropicMessages.decodeResponse(body, {}, answerContext);
    assert.deepEqual(thrown(read), {
      class: 'overloaded',
      message: 'Overloaded',
      code: 'overloaded_error',
    });
    assert.equal(thrown(() => anthropicMessages.readUsage(body)).class, 'overloaded');
    const nothing = Buffer.from('{"id":"x"}');
    assert.equal(thrown(() => anthropicMessages.readUsage(nothing)).class, 'upstream');
  });
});

async function sdkError(error: CanonicalError): Promise<InstanceType<typeof Anthropic.APIError>> {
  const { status, headers, body } = anthropicMessages.encodeError(error, 'req_1');
  try {
    const question = { model: 'm', max_tokens: 1, messages: [] };
    await sdk(body, { status, headers }).messages.create(question);
  } catch (cause) {
    assert.ok(cause instanceof Anthropic.APIError);
    return cause;
  }
  return assert.fail('the SDK saw no error');
}

describe('writing', () => {
  test("is what Anthropic's SDK throws as its own errors", async () => {
    const limited = await sdkError({
      class: 'rate_limit',
      message: 'slow down',
      retryAfterMs: 1500,
    });
    assert.ok(limited instanceof Anthropic.RateLimitError);
    assert.equal(limited.headers!.get('retry-after-ms'), '1500');
    assert.equal(limited.headers!.get('retry-after'), '2');
    assert.equal(limited.requestID, 'req_1');
    assert.deepEqual(limited.error, {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'slow down' },
      request_id: 'req_1',
    });
    const bad = await sdkError({ class: 'invalid_request', message: 'no' });
    assert.ok(bad instanceof Anthropic.BadRequestError);
    const overloaded = await sdkError({ class: 'overloaded', message: 'full' });
    assert.equal(overloaded.status, 529);
    const budget = await sdkError({ class: 'budget', message: 'spent' });
    assert.equal(budget.status, 429);
    assert.equal(budget.headers!.get('x-should-retry'), 'false');
  });

  test('keeps its class when it is read again', () => {
    const classes: readonly ErrorClass[] = [
      'invalid_request',
      'context_length',
      'auth',
      'permission',
      'not_found',
      'rate_limit',
      'overloaded',
      'timeout',
      'upstream',
      'too_large',
    ];
    for (const name of classes) {
      const { status, headers, body } = anthropicMessages.encodeError(
        { class: name, message: 'm' },
        'req_1',
      );
      assert.equal(anthropicMessages.decodeError(status, headers, body).class, name);
    }
  });
});

describe('inside a stream', () => {
  const start = wire({
    type: 'message_start',
    message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
  } as { type: string });
  const failure = { class: 'overloaded', message: 'Overloaded' } as const;

  test('is read as the end of everything, and not passed on', () => {
    const error = Buffer.from(anthropicMessages.encodeStreamError(failure));
    const bytes = Buffer.concat([start, error, wire({ type: 'message_stop' })]);
    const events = decodeStream([bytes]);
    assert.deepEqual(events.at(-1), {
      type: 'error',
      error: { ...failure, code: 'overloaded_error' },
    });
    const tap = anthropicMessages.tap({ hideUsage: false });
    assert.deepEqual(Buffer.from(tap.push(bytes)), start);
    assert.equal(tap.error?.class, 'overloaded');
    assert.ok(!tap.started && !tap.complete);
  });

  test("is what Anthropic's SDK throws", async () => {
    const encoder = anthropicMessages.encoder(answerContext);
    const at = { candidate: 0, index: 0 };
    const bytes = Buffer.concat([
      encoder.push({ type: 'start', id: 'msg_1', model: 'm' }),
      encoder.push({ type: 'block_start', ...at, block: { type: 'text' } }),
      encoder.push({ type: 'block_delta', ...at, text: 'Hello' }),
      encoder.push({ type: 'error', error: failure }),
      encoder.push({ type: 'end' }),
    ]);
    assert.doesNotMatch(String(bytes), /message_stop/);
    await assert.rejects(sdkStreamed(bytes), (cause: unknown) => {
      assert.ok(cause instanceof Anthropic.APIError);
      assert.match(cause.message, /overloaded_error/);
      return true;
    });
  });

  test('broken JSON is refused, by decoder and tap alike', () => {
    const bytes = Buffer.from('event: message_start\ndata: {"type":"message_st\n\n');
    assert.equal(thrown(() => decodeStream([bytes])).class, 'upstream');
    const tap = anthropicMessages.tap({ hideUsage: false });
    assert.equal(thrown(() => tap.push(bytes)).class, 'upstream');
    const untyped = Buffer.from('data: {"a":1}\n\n');
    assert.equal(thrown(() => decodeStream([untyped])).class, 'upstream');
  });
});
