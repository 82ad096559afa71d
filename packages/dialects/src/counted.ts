// Counting tokens: what of a request is counted, and how an answer is read. It uses no tokens.

import type { CanonicalRequest, Usage } from './canonical.ts';
import { DialectError, type HeaderMap } from './dialect.ts';
import { given } from './given.ts';
import { inputUsage } from './input-usage.ts';
import { numberAt, parseJsonObject } from './json.ts';
import type { TokenCount } from './token-count.ts';

/** The prompt alone: how to write the answer, and whose it is, has no tokens. */
export function promptOf(request: CanonicalRequest): CanonicalRequest {
  const { model, messages, tools, toolChoice, parallelToolCalls } = request;
  const { responseFormat, reasoning, extensions } = request;
  return {
    model,
    messages,
    stream: false,
    includeUsage: false,
    ...given({ tools, toolChoice, parallelToolCalls, responseFormat, reasoning, extensions }),
  };
}

export function tokenCount(inputTokens: number): TokenCount {
  return { inputTokens, usage: inputUsage(0) };
}

/** Reads an answer whose count stands under `key`. Throws DialectError (upstream) without one. */
export function countReader(key: string): CountReader {
  const read = (body: Uint8Array): TokenCount => {
    const count = numberAt(parseJsonObject(body, 'upstream'), key);
    if (count !== undefined && Number.isSafeInteger(count) && count >= 0) return tokenCount(count);
    throw new DialectError({ class: 'upstream', message: `The answer has no count in ${key}.` });
  };
  return {
    decodeResponse: read,
    readUsage: body => ({ usage: read(body).usage, stopRaw: null }),
  };
}

interface CountReader {
  decodeResponse(body: Uint8Array, headers?: HeaderMap): TokenCount;
  readUsage(body: Uint8Array): { usage: Usage; stopRaw: null };
}
