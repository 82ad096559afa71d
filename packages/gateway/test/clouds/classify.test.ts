// Proves what each upstream's errors mean for the next decision: one row for every cell of the
// table of errors that the clouds document. A table over the adapters themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import type { FailureKind } from '@entrepot/engine/outcome';
import { anthropic } from '../../src/clouds/anthropic/cloud.ts';
import { azureOpenai } from '../../src/clouds/azure-openai/cloud.ts';
import { bedrock } from '../../src/clouds/bedrock/cloud.ts';
import type { Cloud } from '../../src/clouds/cloud.ts';
import { geminiApi } from '../../src/clouds/gemini-api/cloud.ts';
import { openai } from '../../src/clouds/openai/cloud.ts';
import { makeError } from './targets.ts';

type Row = readonly [status: number, error: ErrorClass, more: Partial<CanonicalError>, FailureKind];

const common: readonly Row[] = [
  [400, 'invalid_request', {}, 'invalid-request'],
  [422, 'invalid_request', {}, 'invalid-request'],
  [413, 'too_large', {}, 'invalid-request'],
  [415, 'invalid_request', {}, 'invalid-request'],
  [400, 'context_length', {}, 'context-length'],
  [400, 'content_filter', { code: 'content_filter' }, 'content-filter'],
  [401, 'auth', {}, 'auth'],
  [403, 'permission', {}, 'auth'],
  [403, 'quota', {}, 'quota'],
  [404, 'not_found', {}, 'not-found'],
  [402, 'quota', {}, 'quota'],
  [402, 'invalid_request', {}, 'quota'],
  [429, 'quota', { code: 'insufficient_quota' }, 'quota'],
  [429, 'rate_limit', {}, 'rate-limit'],
  [408, 'timeout', {}, 'server-error'],
  [409, 'invalid_request', {}, 'server-error'],
  [425, 'invalid_request', {}, 'server-error'],
  [424, 'invalid_request', {}, 'server-error'],
  [500, 'upstream', {}, 'server-error'],
  [502, 'upstream', {}, 'server-error'],
  [503, 'overloaded', {}, 'overloaded'],
  [503, 'upstream', {}, 'overloaded'],
  [504, 'timeout', {}, 'server-error'],
  [529, 'overloaded', {}, 'overloaded'],
  [302, 'upstream', {}, 'protocol'],
  // A body may echo anything: the status says what it is.
  [400, 'rate_limit', { message: 'token 429 is bad' }, 'invalid-request'],
  // Inside a stream that began with 200.
  [200, 'overloaded', {}, 'overloaded'],
  [200, 'rate_limit', {}, 'rate-limit'],
  [200, 'upstream', {}, 'server-error'],
  [200, 'timeout', {}, 'server-error'],
  [200, 'truncated', {}, 'truncated'],
  [200, 'invalid_request', {}, 'invalid-request'],
];

const clouds: readonly Cloud[] = [openai, azureOpenai, anthropic, bedrock, geminiApi];

for (const cloud of clouds) {
  for (const [status, errorClass, more, kind] of common) {
    test(`${cloud.name}: ${status} ${errorClass} is ${kind}`, () => {
      const failure = cloud.classify(status, {}, makeError(errorClass, more), 0);
      assert.deepEqual(failure, { kind, retryAfterMs: null });
    });
  }
}

for (const cloud of [openai, azureOpenai]) {
  test(`${cloud.name}: a request larger than a minute's tokens is too long, not a limit`, () => {
    const message = 'Request too large for gpt-4o on tokens per min (TPM): Limit 30000';
    const failure = cloud.classify(429, {}, makeError('rate_limit', { message }), 0);
    assert.equal(failure.kind, 'context-length');
  });
}

test('anthropic: an empty account told as 400 is a quota', () => {
  const message = 'Your credit balance is too low to access the Anthropic API.';
  const failure = anthropic.classify(400, {}, makeError('invalid_request', { message }), 0);
  assert.equal(failure.kind, 'quota');
});

/** As Google answers, read by the dialect as the gateway reads it. */
const googles: readonly [number, string, object[], FailureKind, number | null][] = [
  [429, 'RESOURCE_EXHAUSTED', [], 'rate-limit', null],
  [429, 'RESOURCE_EXHAUSTED', [retryInfo('34.07s')], 'rate-limit', 34_070],
  [429, 'RESOURCE_EXHAUSTED', [perDay(), retryInfo('12s')], 'quota', 12_000],
  [400, 'INVALID_ARGUMENT', [errorInfo('API_KEY_INVALID')], 'auth', null],
  [400, 'FAILED_PRECONDITION', [], 'auth', null],
  [400, 'INVALID_ARGUMENT', [], 'invalid-request', null],
  [403, 'PERMISSION_DENIED', [], 'auth', null],
  [404, 'NOT_FOUND', [], 'not-found', null],
  [499, 'CANCELLED', [], 'server-error', null],
  [500, 'INTERNAL', [], 'server-error', null],
  [503, 'UNAVAILABLE', [], 'overloaded', null],
  [504, 'DEADLINE_EXCEEDED', [], 'server-error', null],
];

for (const [code, word, details, kind, retryAfterMs] of googles) {
  test(`gemini-api: ${code} ${word} ${JSON.stringify(details)} is ${kind}`, () => {
    const body = Buffer.from(
      JSON.stringify({ error: { code, message: 'no', status: word, details } }),
    );
    const error = gemini.decodeError(code, {}, body);
    assert.deepEqual(geminiApi.classify(code, {}, error, 0), { kind, retryAfterMs });
  });
}

function retryInfo(retryDelay: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay };
}

function errorInfo(reason: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' };
}

function perDay(): object {
  const quotaId = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] };
}

const exceptions: readonly [number, string, FailureKind][] = [
  [403, 'AccessDeniedException', 'auth'],
  [403, 'UnrecognizedClientException', 'auth'],
  [403, 'ExpiredTokenException', 'auth'],
  [403, 'InvalidSignatureException', 'auth'],
  [404, 'ResourceNotFoundException', 'not-found'],
  [400, 'ServiceQuotaExceededException', 'quota'],
  [429, 'ThrottlingException', 'rate-limit'],
  [429, 'ModelNotReadyException', 'rate-limit'],
  [503, 'ServiceUnavailableException', 'overloaded'],
  [408, 'ModelTimeoutException', 'server-error'],
  [424, 'ModelErrorException', 'server-error'],
  [424, 'ModelStreamErrorException', 'server-error'],
  [500, 'InternalServerException', 'server-error'],
  [400, 'ConflictException', 'server-error'],
  [400, 'ValidationException', 'invalid-request'],
];

for (const [status, name, kind] of exceptions) {
  test(`bedrock: ${name} is ${kind}, wherever its name stands`, () => {
    const error = makeError('invalid_request');
    const long = `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
    for (const type of [name, long, `com.amazon.bedrock#${name}`]) {
      const failure = bedrock.classify(status, { 'x-amzn-errortype': type }, error, 0);
      assert.equal(failure.kind, kind, type);
    }
    const code = name.charAt(0).toLowerCase() + name.slice(1);
    assert.equal(bedrock.classify(200, {}, { ...error, code }, 0).kind, kind, 'in a stream');
  });
}

test('bedrock: an exception named twice is no crash; the status says what it is', () => {
  const headers = { 'x-amzn-errortype': ['A', 'B'] } as unknown as Record<string, string>;
  assert.equal(bedrock.classify(503, headers, makeError('upstream'), 0).kind, 'overloaded');
});

test("bedrock: a day's tokens are a quota, a minute's are a limit", () => {
  const headers = { 'x-amzn-errortype': 'ThrottlingException' };
  const kindOf = (message: string): FailureKind =>
    bedrock.classify(429, headers, makeError('rate_limit', { message }), 0).kind;
  assert.equal(kindOf('Too many tokens per day, please wait before trying again.'), 'quota');
  assert.equal(kindOf('Too many tokens, please wait before trying again.'), 'rate-limit');
});

test('bedrock: a model that needs an inference profile is not there under its name', () => {
  const headers = { 'x-amzn-errortype': 'ValidationException' };
  const message = 'Invocation of model ID x with on-demand throughput isn’t supported.';
  const failure = bedrock.classify(400, headers, makeError('invalid_request', { message }), 0);
  assert.equal(failure.kind, 'not-found');
});

for (const cloud of clouds) {
  test(`${cloud.name}: retry-after comes from the headers, else from the error; x-should-retry says nothing`, () => {
    const error = makeError('rate_limit', { retryAfterMs: 34_000 });
    const classify = (headers: Record<string, string>): number | null =>
      cloud.classify(429, headers, error, 0).retryAfterMs;
    assert.equal(classify({ 'retry-after': '2' }), 2000);
    assert.equal(classify({ 'retry-after': 'never' }), 34_000);
    const failure = cloud.classify(429, { 'x-should-retry': 'false' }, makeError('rate_limit'), 0);
    assert.deepEqual(failure, { kind: 'rate-limit', retryAfterMs: null });
  });
}
