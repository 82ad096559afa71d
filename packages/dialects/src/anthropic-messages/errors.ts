// Failures in the words of Messages: the body with a status, and the event in a stream that had
// begun (docs.anthropic.com, "Errors"). Read loosely: proxies in between write HTML or plain text.

import type { CanonicalError, ErrorClass } from '../canonical.ts';
import type { EncodedError, HeaderMap } from '../dialect.ts';
import { isObject, type JsonObject, parseJson, stringAt } from '../json.ts';
import { retryAfterMs } from '../retry-after.ts';
import { encodeSse } from '../sse.ts';
import { bytesOf, textOf } from '../utf8.ts';

const classByType: Readonly<Record<string, ErrorClass>> = {
  invalid_request_error: 'invalid_request',
  authentication_error: 'auth',
  billing_error: 'quota',
  permission_error: 'permission',
  not_found_error: 'not_found',
  request_too_large: 'too_large',
  rate_limit_error: 'rate_limit',
  timeout_error: 'timeout',
  api_error: 'upstream',
  overloaded_error: 'overloaded',
};

const classByStatus: Readonly<Record<number, ErrorClass>> = {
  400: 'invalid_request',
  401: 'auth',
  402: 'quota',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  422: 'invalid_request',
  429: 'rate_limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** What the API says in a bad request's message alone; there are no codes for these. */
const classByMessage: readonly (readonly [RegExp, ErrorClass])[] = [
  [
    /prompt is too long|exceed context limit|input length and `max_tokens` exceed/i,
    'context_length',
  ],
  [/^your credit balance is too low/i, 'quota'],
  [/blocked by content filtering policy/i, 'content_filter'],
];

/** The longest message that is kept of an error. */
const maxMessageChars = 2000;

/** Never throws. */
export function decodeError(status: number, headers: HeaderMap, body: Uint8Array): CanonicalError {
  const error = errorOf(valueIn(body), status);
  const waitMs = retryAfterMs(headers);
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}

/** The error of an `error` event, or of an answer with status 200 that is one. */
export function errorInside(value: unknown): CanonicalError {
  return errorOf(value, 200);
}

/** The JSON value, or the text where it is none. */
function valueIn(body: Uint8Array): unknown {
  try {
    return parseJson(body, 'upstream');
  } catch {
    return textOf(body);
  }
}

function errorOf(value: unknown, status: number): CanonicalError {
  const inner = isObject(value) && value.error !== undefined ? value.error : value;
  const type = isObject(inner) ? stringAt(inner, 'type') : undefined;
  const said = messageOf(inner).slice(0, maxMessageChars);
  const message = said || unsaid(status);
  const error: CanonicalError = { class: classOf(status, type, said), message };
  // Google stands before Claude on one of its hosts, and has a word where this API has a type.
  const word = type ?? (isObject(inner) ? stringAt(inner, 'status') : undefined);
  return word === undefined || word === 'error' ? error : { ...error, code: word };
}

function messageOf(inner: unknown): string {
  if (isObject(inner)) return stringAt(inner, 'message') ?? '';
  if (typeof inner !== 'string') return '';
  return /^\s*</.test(inner) ? '' : inner.trim();
}

function classOf(status: number, type: string | undefined, message: string): ErrorClass {
  const known =
    type !== undefined && Object.hasOwn(classByType, type)
      ? classByType[type]!
      : (classByStatus[status] ?? 'upstream');
  if (known !== 'invalid_request') return known;
  return classByMessage.find(([pattern]) => pattern.test(message))?.[1] ?? known;
}

function unsaid(status: number): string {
  if (status === 200) return 'The upstream failed inside its answer and said nothing of why.';
  return `The upstream answered ${status} without a message.`;
}

/** Status and `type` of each class for a caller. Credentials of the gateway are not its affair. */
const encodings: Readonly<Record<ErrorClass, readonly [number, string]>> = {
  invalid_request: [400, 'invalid_request_error'],
  context_length: [400, 'invalid_request_error'],
  content_filter: [400, 'invalid_request_error'],
  unsupported: [400, 'invalid_request_error'],
  auth: [401, 'authentication_error'],
  permission: [403, 'permission_error'],
  not_found: [404, 'not_found_error'],
  wrong_method: [405, 'invalid_request_error'],
  quota: [429, 'rate_limit_error'],
  rate_limit: [429, 'rate_limit_error'],
  overloaded: [529, 'overloaded_error'],
  timeout: [504, 'timeout_error'],
  upstream: [500, 'api_error'],
  truncated: [500, 'api_error'],
  too_large: [413, 'request_too_large'],
  unavailable: [529, 'overloaded_error'],
  budget: [429, 'rate_limit_error'],
};

export function encodeError(error: CanonicalError, requestId: string): EncodedError {
  const [status] = encodings[error.class];
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'request-id': requestId,
  };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after-ms'] = String(error.retryAfterMs);
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  }
  // A budget does not come back by asking again, whatever the status says to the SDKs.
  if (error.class === 'budget' || error.class === 'quota') headers['x-should-retry'] = 'false';
  const body = { ...errorBody(error), request_id: requestId };
  return { status, headers, body: bytesOf(JSON.stringify(body)) };
}

/** The SDK throws on an event of this name. No `message_stop` follows. */
export function encodeStreamError(error: CanonicalError): Uint8Array {
  return encodeSse('error', JSON.stringify(errorBody(error)));
}

function errorBody(error: CanonicalError): JsonObject {
  const [, type] = encodings[error.class];
  return { type: 'error', error: { type, message: messageFor(error) } };
}

/** Callers know a prompt that is too long by these words alone, and make it shorter. */
function messageFor({ class: kind, message }: CanonicalError): string {
  if (kind !== 'context_length' || /prompt is too long/i.test(message)) return message;
  return `prompt is too long: ${message}`;
}
