// Failures in the words of Bedrock's runtime: an exception named in a header with a status, and the
// exception that ends a stream (botocore, bedrock-runtime 2023-09-30). Read loosely: proxies in
// between write HTML or plain text.

import { exceptionFrame } from './bedrock-frames.ts';
import type { CanonicalError, ErrorClass } from './canonical.ts';
import type { EncodedError, HeaderMap } from './dialect.ts';
import type { EventStreamMessage } from './event-stream.ts';
import { isObject, type JsonObject, parseJson, stringAt } from './json.ts';
import { retryAfterMs } from './retry-after.ts';
import { bytesOf, textOf } from './utf8.ts';

const classByName: Readonly<Record<string, ErrorClass>> = {
  AccessDeniedException: 'permission',
  ConflictException: 'upstream',
  ExpiredTokenException: 'auth',
  IncompleteSignatureException: 'auth',
  InternalServerException: 'upstream',
  InvalidSignatureException: 'auth',
  MissingAuthenticationTokenException: 'auth',
  ModelErrorException: 'upstream',
  ModelNotReadyException: 'rate_limit',
  ModelStreamErrorException: 'upstream',
  ModelTimeoutException: 'timeout',
  RequestEntityTooLargeException: 'too_large',
  ResourceNotFoundException: 'not_found',
  ServiceQuotaExceededException: 'quota',
  ServiceUnavailableException: 'overloaded',
  ThrottlingException: 'rate_limit',
  UnknownOperationException: 'not_found',
  UnrecognizedClientException: 'auth',
  ValidationException: 'invalid_request',
};

const classByStatus: Readonly<Record<number, ErrorClass>> = {
  400: 'invalid_request',
  401: 'auth',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  424: 'upstream',
  429: 'rate_limit',
  503: 'overloaded',
  504: 'timeout',
};

const tooLong =
  /input is too long|prompt is too long|input length and `max_tokens` exceed|maximum context length|exceeds? (the )?(model's )?(maximum )?context|too many input tokens/i;

/** What only the message tells; there are no codes below the exception. */
const classByMessage: readonly (readonly [ErrorClass, RegExp, ErrorClass])[] = [
  ['invalid_request', tooLong, 'context_length'],
  [
    'invalid_request',
    /model identifier is invalid|on-demand throughput isn.t supported/i,
    'not_found',
  ],
  ['invalid_request', /blocked by content filtering policy/i, 'content_filter'],
  ['invalid_request', /doesn.t support counting tokens/i, 'not_found'],
  ['rate_limit', /\bper day\b/i, 'quota'],
  ['permission', /^authentication failed|\bAPI key\b|security token/i, 'auth'],
];

/** The longest message that is kept of an error. */
const maxMessageChars = 2000;

/** Never throws. The request id of the service stays out: it is not the caller's affair. */
export function decodeError(status: number, headers: HeaderMap, body: Uint8Array): CanonicalError {
  const header: unknown = headers['x-amzn-errortype'];
  const value = jsonOf(body);
  const inner = isObject(value) ? value : {};
  const name = exceptionName(typeof header === 'string' ? header : typeOf(inner));
  const text = isObject(value) ? messageOf(value) : textMessage(body);
  const error = errorOf(name, text, status);
  const waitMs = retryAfterMs(headers);
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}

/** An answer of status 200 that is none, such as that of an unknown operation. */
export function errorInside(answer: JsonObject): CanonicalError {
  const outer = isObject(answer.Output) ? answer.Output : answer;
  const name = exceptionName(typeOf(outer));
  return errorOf(name, messageOf(outer) || 'The answer has no output.', 200);
}

/** An exception or an error inside a stream. */
export function errorOfMessage({ headers, payload }: EventStreamMessage): CanonicalError {
  const type = headers.get(':exception-type') ?? headers.get(':error-code');
  const said = headers.get(':error-message');
  const value = jsonOf(payload);
  const text = isObject(value) ? messageOf(value) : '';
  const message = text || (typeof said === 'string' ? said : '');
  return errorOf(exceptionName(typeof type === 'string' ? type : ''), message, 200);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return parseJson(body, 'upstream');
  } catch {
    return null;
  }
}

function typeOf(value: JsonObject): string {
  return stringAt(value, '__type') ?? stringAt(value, 'code') ?? '';
}

/**
 * `ThrottlingException:http://internal...` and `com.amazon.coral#ThrottlingException` are the same;
 * inside a stream it is `throttlingException`.
 */
function exceptionName(text: string): string {
  const name = text.split(':', 1)[0]!.replace(/^.*#/, '').trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function messageOf(value: JsonObject): string {
  return stringAt(value, 'message') ?? stringAt(value, 'Message') ?? '';
}

/** Plain text is the message; a page of a proxy is none. */
function textMessage(body: Uint8Array): string {
  const text = textOf(body).trim();
  return /^[<{["]/.test(text) ? '' : text;
}

function errorOf(name: string, text: string, status: number): CanonicalError {
  const known = Object.hasOwn(classByName, name) ? classByName[name] : classByStatus[status];
  const said = text.slice(0, maxMessageChars);
  const kind = known ?? 'upstream';
  const closer = classByMessage.find(([from, words]) => from === kind && words.test(said))?.[2];
  const message = said || unsaid(status);
  const error: CanonicalError = { class: closer ?? kind, message };
  return name === '' ? error : { ...error, code: name };
}

function unsaid(status: number): string {
  if (status === 200) return 'The upstream failed inside its answer and said nothing of why.';
  return `The upstream answered ${status} without a message.`;
}

const validation = 'validationException';
const throttling = 'throttlingException';
const unavailable = 'serviceUnavailableException';
const streamError = 'modelStreamErrorException';
const internal = 'internalServerException';

/** Status and exception of each class, and the exception inside a stream, where there are five. */
const encodings: Readonly<Record<ErrorClass, readonly [number, string, string]>> = {
  invalid_request: [400, 'ValidationException', validation],
  context_length: [400, 'ValidationException', validation],
  content_filter: [400, 'ValidationException', validation],
  unsupported: [400, 'ValidationException', validation],
  auth: [403, 'UnrecognizedClientException', validation],
  permission: [403, 'AccessDeniedException', validation],
  not_found: [404, 'ResourceNotFoundException', validation],
  wrong_method: [405, 'UnknownOperationException', validation],
  // The SDKs try a throttled call again, and this one they do not.
  quota: [400, 'ServiceQuotaExceededException', throttling],
  budget: [400, 'ServiceQuotaExceededException', throttling],
  rate_limit: [429, 'ThrottlingException', throttling],
  overloaded: [503, 'ServiceUnavailableException', unavailable],
  unavailable: [503, 'ServiceUnavailableException', unavailable],
  timeout: [408, 'ModelTimeoutException', streamError],
  truncated: [500, 'InternalServerException', streamError],
  upstream: [500, 'InternalServerException', internal],
  too_large: [413, 'RequestEntityTooLargeException', validation],
};

export function encodeError(error: CanonicalError, requestId: string): EncodedError {
  const [status, name] = encodings[error.class];
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-errortype': name,
    'x-amzn-requestid': requestId,
  };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  }
  return { status, headers, body: bytesOf(JSON.stringify({ message: messageFor(error) })) };
}

/** The SDKs throw on an exception. No `messageStop` or `metadata` follows. */
export function encodeStreamError(error: CanonicalError): Uint8Array {
  return exceptionFrame(encodings[error.class][2], messageFor(error));
}

/** Callers know a prompt that is too long by these words alone. */
function messageFor({ class: kind, message }: CanonicalError): string {
  if (kind !== 'context_length' || tooLong.test(message)) return message;
  return `Input is too long for requested model. ${message}`;
}
