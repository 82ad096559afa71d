// Failures in Google's words (google.rpc.Status with its details): the body with a status, and the
// event in a stream that had begun. Read loosely: some come in an array, and proxies write HTML.

import type { CanonicalError, ErrorClass } from '../canonical.ts';
import type { EncodedError, HeaderMap } from '../dialect.ts';
import {
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  parseJsonText,
  stringAt,
} from '../json.ts';
import { retryAfterMs } from '../retry-after.ts';
import { encodeSse } from '../sse.ts';
import { bytesOf, textOf } from '../utf8.ts';

const classByWord: Readonly<Record<string, ErrorClass>> = {
  INVALID_ARGUMENT: 'invalid_request',
  FAILED_PRECONDITION: 'invalid_request',
  OUT_OF_RANGE: 'invalid_request',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not_found',
  RESOURCE_EXHAUSTED: 'rate_limit',
  UNIMPLEMENTED: 'unsupported',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
  CANCELLED: 'timeout',
  INTERNAL: 'upstream',
  UNKNOWN: 'upstream',
};

/** Reasons of ErrorInfo: Google's, and those that the encoder below writes. */
const classByReason: Readonly<Record<string, ErrorClass>> = {
  API_KEY_INVALID: 'auth',
  API_KEY_EXPIRED: 'auth',
  ACCESS_TOKEN_EXPIRED: 'auth',
  BILLING_DISABLED: 'quota',
  CONTEXT_LENGTH: 'context_length',
  CONTENT_FILTER: 'content_filter',
  UNSUPPORTED: 'unsupported',
  QUOTA: 'quota',
  TOO_LARGE: 'too_large',
  UNAVAILABLE: 'unavailable',
  BUDGET: 'budget',
  TRUNCATED: 'truncated',
};

const classByStatus: Readonly<Record<number, ErrorClass>> = {
  400: 'invalid_request',
  401: 'auth',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  429: 'rate_limit',
  499: 'timeout',
  501: 'unsupported',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

const tooLong = /exceeds the maximum number of tokens|input context is too long/i;
const tooLarge = /payload size exceeds the limit/i;

/** The longest message that is kept of an error. */
const maxMessageChars = 2000;

/** `status` 200 is an error inside an answer that had begun. Never throws. */
export function decodeError(status: number, headers: HeaderMap, body: Uint8Array): CanonicalError {
  const text = textOf(body);
  let value: unknown = text;
  try {
    value = parseJsonText(text, 'upstream');
  } catch {
    // Not JSON: the text is the message.
  }
  const error = errorOf(value, status);
  const waitMs = error.retryAfterMs ?? retryAfterMs(headers);
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}

/** The error that an answer or a chunk of status 200 carries, in an array or not; else null. */
export function errorInside(value: unknown): CanonicalError | null {
  const outer = Array.isArray(value) ? value[0] : value;
  if (!isObject(outer) || !isObject(outer.error)) return null;
  return errorOf(outer, 200);
}

function errorOf(value: unknown, status: number): CanonicalError {
  const outer = Array.isArray(value) ? value[0] : value;
  const inner = isObject(outer) ? (outer.error ?? outer) : outer;
  if (!isObject(inner)) {
    const said = typeof inner === 'string' && !/^\s*</.test(inner) ? cut(inner.trim()) : '';
    return { class: classByStatus[status] ?? 'upstream', message: said || unsaid(status) };
  }
  const message = cut(stringAt(inner, 'message') ?? '');
  const details = objectsAt(inner, 'details');
  const code = stringAt(detailOf(details, 'ErrorInfo'), 'reason') ?? stringAt(inner, 'status');
  const [violation] = objectsAt(detailOf(details, 'BadRequest'), 'fieldViolations');
  const field = stringAt(violation, 'field');
  const waitMs = durationMs(stringAt(detailOf(details, 'RetryInfo'), 'retryDelay'));
  return {
    class: classOf(status, inner, details, message),
    message: message || unsaid(status),
    ...(code ? { code } : {}),
    ...(field ? { field } : {}),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  };
}

/** Reasons first; words of the message where Google has no reason for it. */
function classOf(
  status: number,
  error: JsonObject,
  details: readonly JsonObject[],
  message: string,
): ErrorClass {
  const info = detailOf(details, 'ErrorInfo');
  for (const word of [stringAt(objectAt(info, 'metadata'), 'class'), stringAt(info, 'reason')]) {
    const reason = word?.toUpperCase() ?? '';
    if (Object.hasOwn(classByReason, reason)) return classByReason[reason]!;
  }
  const word = stringAt(error, 'status') ?? '';
  // Inside a stream the only status is the one in `code`.
  const saidStatus = status === 200 ? Number(error.code) : status;
  const byWord = Object.hasOwn(classByWord, word) ? classByWord[word]! : null;
  const found = byWord ?? classByStatus[saidStatus] ?? 'upstream';
  if (found === 'invalid_request') {
    if (tooLong.test(message)) return 'context_length';
    if (tooLarge.test(message)) return 'too_large';
  }
  return found === 'rate_limit' && isUsedUp(details) ? 'quota' : found;
}

/** A quota of a day does not come back within the time that a request can wait. */
function isUsedUp(details: readonly JsonObject[]): boolean {
  return objectsAt(detailOf(details, 'QuotaFailure'), 'violations').some(violation =>
    /PerDay/i.test(stringAt(violation, 'quotaId') ?? ''),
  );
}

function detailOf(details: readonly JsonObject[], type: string): JsonObject | undefined {
  return details.find(detail => stringAt(detail, '@type')?.endsWith(`google.rpc.${type}`));
}

/** A duration as JSON of protocol buffers writes it: `34.4s`. */
function durationMs(text: string | undefined): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

function unsaid(status: number): string {
  if (status === 200) return 'The upstream failed inside its answer and said nothing of why.';
  return `The upstream answered ${status} without a message.`;
}

function cut(message: string): string {
  return message.length > maxMessageChars ? message.slice(0, maxMessageChars) : message;
}

/** Status of HTTP, and the word that Google has for it. */
const encodings: Readonly<Record<ErrorClass, readonly [number, string]>> = {
  invalid_request: [400, 'INVALID_ARGUMENT'],
  context_length: [400, 'INVALID_ARGUMENT'],
  content_filter: [400, 'INVALID_ARGUMENT'],
  unsupported: [400, 'INVALID_ARGUMENT'],
  auth: [401, 'UNAUTHENTICATED'],
  permission: [403, 'PERMISSION_DENIED'],
  not_found: [404, 'NOT_FOUND'],
  wrong_method: [405, 'UNIMPLEMENTED'],
  quota: [429, 'RESOURCE_EXHAUSTED'],
  rate_limit: [429, 'RESOURCE_EXHAUSTED'],
  overloaded: [503, 'UNAVAILABLE'],
  timeout: [504, 'DEADLINE_EXCEEDED'],
  upstream: [502, 'INTERNAL'],
  truncated: [502, 'INTERNAL'],
  too_large: [413, 'INVALID_ARGUMENT'],
  unavailable: [503, 'UNAVAILABLE'],
  budget: [429, 'RESOURCE_EXHAUSTED'],
};

export function encodeError(error: CanonicalError, requestId: string): EncodedError {
  const [status] = encodings[error.class];
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=UTF-8' };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  }
  const body = errorBody(error, [{ '@type': typeOf('RequestInfo'), requestId }]);
  return { status, headers, body: bytesOf(JSON.stringify(body)) };
}

/** Google's SDKs throw on a chunk with `error`. Nothing follows it. */
export function encodeStreamError(error: CanonicalError): Uint8Array {
  return encodeSse(null, JSON.stringify(errorBody(error, [])));
}

function errorBody(error: CanonicalError, more: readonly JsonObject[]): JsonObject {
  const [code, status] = encodings[error.class];
  const { message, field, retryAfterMs: waitMs } = error;
  const reason = (error.code ?? error.class).toUpperCase();
  const info = { reason, domain: 'entrepot', metadata: { class: error.class } };
  const details: JsonObject[] = [{ '@type': typeOf('ErrorInfo'), ...info }];
  if (field !== undefined) {
    const fieldViolations = [{ field, description: message }];
    details.push({ '@type': typeOf('BadRequest'), fieldViolations });
  }
  if (waitMs !== undefined) {
    details.push({ '@type': typeOf('RetryInfo'), retryDelay: `${waitMs / 1000}s` });
  }
  return { error: { code, message, status, details: [...details, ...more] } };
}

function typeOf(name: string): string {
  return `type.googleapis.com/google.rpc.${name}`;
}
