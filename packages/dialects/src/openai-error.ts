// Failures in the words of openai's API, the same for each of its dialects. Read loosely: hosts
// that imitate it write codes as numbers, errors as strings or in arrays, and proxies write HTML.

import type { CanonicalError, ErrorClass } from './canonical.ts';
import type { EncodedError, HeaderMap } from './dialect.ts';
import { isObject, type JsonObject, objectAt, parseJsonText, stringAt } from './json.ts';
import { retryAfterMs } from './retry-after.ts';
import { bytesOf, textOf } from './utf8.ts';

const classByCode: Readonly<Record<string, ErrorClass>> = {
  context_length_exceeded: 'context_length',
  content_filter: 'content_filter',
  content_policy_violation: 'content_filter',
  ResponsibleAIPolicyViolation: 'content_filter',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  model_not_found: 'not_found',
  DeploymentNotFound: 'not_found',
  invalid_api_key: 'auth',
  rate_limit_exceeded: 'rate_limit',
  unsupported_parameter: 'unsupported',
  unsupported_value: 'unsupported',
  server_overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  overloaded: 'overloaded',
  timeout: 'timeout',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  previous_response_not_found: 'not_found',
  vector_store_timeout: 'timeout',
  invalid_prompt: 'content_filter',
  bio_policy: 'content_filter',
  image_content_policy_violation: 'content_filter',
  data_residency_mismatch: 'invalid_request',
  invalid_image: 'invalid_request',
  invalid_image_format: 'invalid_request',
  invalid_base64_image: 'invalid_request',
  invalid_image_url: 'invalid_request',
  invalid_image_mode: 'invalid_request',
  image_too_large: 'invalid_request',
  image_too_small: 'invalid_request',
  image_parse_error: 'invalid_request',
  image_file_too_large: 'invalid_request',
  unsupported_image_media_type: 'invalid_request',
  empty_image_file: 'invalid_request',
  failed_to_download_image: 'invalid_request',
  image_file_not_found: 'invalid_request',
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

/**
 * What hosts without codes say of a prompt that is too long, in lower case. Gathered by LiteLLM
 * (`ExceptionCheckers`, August 2026) from vLLM, TGI, llama.cpp, Cerebras and others.
 */
const tooLong =
  /maximum context l(ength|imit)|exceed context limit|model's context length|input tokens exceed the configured limit|`inputs` tokens \+ `max_new_tokens` must be|exceeds the available context size|exceeds the maximum number of tokens|current length is \d+ while limit is|maximum input length is \d+ tokens/i;

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
  const error = readError(value, status);
  const waitMs = retryAfterMs(headers);
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}

/** The error in a body, or in an event of a stream: `status` 200. */
export function readError(value: unknown, status: number): CanonicalError {
  const outer = Array.isArray(value) ? value[0] : value;
  const inner = isObject(outer) ? (outer.error ?? outer) : outer;
  if (!isObject(inner)) return plainError(status, typeof inner === 'string' ? inner : '');
  const message = cut(messageOf(inner));
  const code = googleWord(inner) ?? wordAt(inner, 'code') ?? wordAt(inner, 'type');
  const param = stringAt(inner, 'param');
  const error: CanonicalError = {
    class: classOf(status, inner, message),
    message: message || unsaid(status),
  };
  return {
    ...error,
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { field: param }),
  };
}

/** FastAPI, on which vLLM and SGLang stand, and Mistral list what is wrong with each field. */
function messageOf(error: JsonObject): string {
  const said = stringAt(error, 'message') ?? stringAt(error, 'Message');
  if (said !== undefined) return said;
  const detail = error.detail ?? objectAt(error, 'message')?.detail;
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  const wrong = detail.filter(isObject).map(({ loc, msg }) => {
    const place = Array.isArray(loc) ? loc.filter(part => part !== 'body').join('.') : '';
    return place === '' ? String(msg) : `${place}: ${String(msg)}`;
  });
  return wrong.join('; ');
}

function plainError(status: number, text: string): CanonicalError {
  const isMarkup = /^\s*</.test(text);
  const said = isMarkup ? '' : cut(text.trim());
  return {
    class: classOf(status, {}, said),
    message: said || unsaid(status),
  };
}

/** Codes first; words of the message only where a host has no code. */
function classOf(status: number, error: JsonObject, message: string): ErrorClass {
  const inner = isObject(error.innererror) ? wordAt(error.innererror, 'code') : undefined;
  for (const word of [inner, wordAt(error, 'code'), wordAt(error, 'type')]) {
    if (word !== undefined && Object.hasOwn(classByCode, word)) return classByCode[word]!;
  }
  // Inside a stream the only status is the one that hosts write into `code`.
  const saidStatus = status === 200 ? Number(wordAt(error, 'code')) : status;
  if ((saidStatus === 400 || saidStatus === 413 || saidStatus === 422) && tooLong.test(message)) {
    return 'context_length';
  }
  if (status === 200 && wordAt(error, 'type') === 'invalid_request_error') return 'invalid_request';
  return classByStatus[saidStatus] ?? 'upstream';
}

/** Google writes the status of HTTP into `code`, and its own word into `status`. */
function googleWord(error: JsonObject): string | undefined {
  const word = stringAt(error, 'status');
  return word !== undefined && /^[A-Z_]+$/.test(word) ? word : undefined;
}

/** A string, or a number written as one. */
function wordAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unsaid(status: number): string {
  if (status === 200) return 'The upstream failed inside its answer and said nothing of why.';
  return `The upstream answered ${status} without a message.`;
}

function cut(message: string): string {
  return message.length > maxMessageChars ? message.slice(0, maxMessageChars) : message;
}

/** Status, `type` and the `code` that is written where the error has none of its own. */
const encodings: Readonly<Record<ErrorClass, readonly [number, string, string | null]>> = {
  invalid_request: [400, 'invalid_request_error', null],
  context_length: [400, 'invalid_request_error', 'context_length_exceeded'],
  content_filter: [400, 'invalid_request_error', 'content_filter'],
  unsupported: [400, 'invalid_request_error', 'unsupported_parameter'],
  auth: [401, 'invalid_request_error', 'invalid_api_key'],
  permission: [403, 'invalid_request_error', 'permission_denied'],
  not_found: [404, 'invalid_request_error', 'model_not_found'],
  wrong_method: [405, 'invalid_request_error', 'method_not_supported'],
  quota: [429, 'insufficient_quota', 'insufficient_quota'],
  rate_limit: [429, 'rate_limit_error', 'rate_limit_exceeded'],
  overloaded: [503, 'server_error', 'overloaded'],
  timeout: [504, 'server_error', 'timeout'],
  upstream: [502, 'server_error', 'upstream_error'],
  truncated: [502, 'server_error', 'upstream_truncated'],
  too_large: [413, 'invalid_request_error', 'request_too_large'],
  unavailable: [503, 'server_error', 'unavailable'],
  budget: [429, 'insufficient_quota', 'budget_exceeded'],
};

/** All four keys stand in every error, as the API's own description demands. */
export function encodeError(error: CanonicalError): EncodedError {
  const [status] = encodings[error.class];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after-ms'] = String(error.retryAfterMs);
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  }
  // A budget does not come back by asking again, whatever the status says to the SDKs.
  if (error.class === 'budget' || error.class === 'quota') headers['x-should-retry'] = 'false';
  return { status, headers, body: bytesOf(JSON.stringify(errorBody(error))) };
}

/** The error as it stands in a body or an event. */
export function errorBody(error: CanonicalError): JsonObject {
  const [, type, code] = encodings[error.class];
  const { message, field } = error;
  return { error: { message, type, param: field ?? null, code: error.code ?? code } };
}
