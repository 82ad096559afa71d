// Google's Gemini API: generateContent, and streamGenerateContent as events with `alt=sse` or as
// one JSON array without. Errors as google.rpc.Status with its details.
// (ai.google.dev/gemini-api/docs/troubleshooting; googleapis, google/rpc/error_details.proto)

import type { WholeDialect } from '@entrepot/dialects/dialect';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiCountTokens } from '@entrepot/dialects/gemini/count';
import { gemini as dialect } from '@entrepot/dialects/gemini/dialect';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import type { Errand } from '../errand.ts';
import { randomText, randomUuid } from '../random.ts';
import type { Refusal, WireRefusal } from '../refusal.ts';
import { checkLength } from './embedding-rules.ts';
import {
  bearer,
  bytesOf,
  decodedSegment,
  type Face,
  header,
  pathOf,
  type Route,
  type Speech,
} from './face.ts';
import { checkGenerate } from './gemini-rules.ts';

const callPath = /^\/v1(?:beta)?\/models\/([^/]+):(generateContent|streamGenerateContent)$/;
const overloaded = 'The model is overloaded. Please try again later.';

export const geminiSpeech: Speech = {
  dialect,
  encryptsThinking: false,
  check: checkGenerate,
  responseId: random => randomText(random, 24),
  finish: body => body,
  finishEvent: bytes => bytes,
  streamError: () => bytesOf(`data: ${googleError(503, 'UNAVAILABLE', overloaded, [])}\n\n`),
  brokenStream: () => bytesOf('data: {"candidates": [{"content": {"par\n\ndata: ]]}\n\n'),
};

const geminiArraySpeech: Speech = {
  ...geminiSpeech,
  framing: { contentType: 'application/json; charset=UTF-8', begin: () => new SseToJsonArray() },
};

/** How a method of Gemini answers, by its `alt`; null where there is no such form. */
export function geminiSpeechOf(stream: boolean, query: string): Speech | null {
  const form = new URLSearchParams(query).get('alt') ?? (stream ? 'json' : 'sse');
  if (form === 'sse') return geminiSpeech;
  return stream && form === 'json' ? geminiArraySpeech : null;
}

export const gemini: Face = {
  name: 'gemini',
  cachesByItself: true,
  callIdPrefix: '',
  serviceTier: null,
  largestBodyBytes: 20 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? route(target) : null),
  errand: (method, target) => (method === 'POST' ? errandOf(target) : null),
  authenticate: (call, accepted) => {
    const key = header(call, 'x-goog-api-key') ?? bearer(call);
    if (key === null) return { reason: 'no-credential' };
    return accepted.gemini.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
  },
  refuse: refusal => {
    const { code, status, message, details = [] } = refuse(refusal);
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    return { status: code, headers, body: googleError(code, status, message, details) };
  },

  requestId: randomUuid,
  headers: ({ processingMs }) => ({
    'server-timing': `gfet4t7; dur=${Math.round(processingMs)}`,
  }),
};

const errandPath = /^\/v1(?:beta)?\/models\/([^/]+):(countTokens|embedContent|batchEmbedContents)$/;
const errandDialects: ReadonlyMap<string, WholeDialect> = new Map<string, WholeDialect>([
  ['countTokens', geminiCountTokens],
  ['embedContent', geminiEmbed],
  ['batchEmbedContents', geminiBatchEmbed],
]);

function errandOf(target: string): Errand | null {
  const match = errandPath.exec(pathOf(target));
  const model = match === null ? null : decodedSegment(match[1]!);
  if (match === null || model === null) return null;
  const dialect = errandDialects.get(match[2]!)!;
  return { dialect, model, path: { model, stream: false }, check: checkLength };
}

function route(target: string): Route | null {
  const path = pathOf(target);
  const match = callPath.exec(path);
  const model = match === null ? null : decodedSegment(match[1]!);
  if (match === null || model === null) return null;
  const stream = match[2] === 'streamGenerateContent';
  const speech = geminiSpeechOf(stream, target.slice(path.length));
  return speech === null ? null : { model, path: { model, stream }, speech };
}

interface GeminiRefusal {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly object[];
}

export function googleError(
  code: number,
  status: string,
  message: string,
  details: readonly object[],
): WireRefusal['body'] {
  const more = details.length === 0 ? {} : { details };
  return JSON.stringify({ error: { code, message, status, ...more } });
}

export function googleDetail(type: string, fields: object): object {
  return { '@type': `type.googleapis.com/google.rpc.${type}`, ...fields };
}

function refuse(refusal: Refusal): GeminiRefusal {
  const badRequest = (message: string, details: readonly object[] = []): GeminiRefusal => ({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    details,
  });
  switch (refusal.reason) {
    case 'no-credential': {
      const message =
        "Method doesn't allow unregistered callers (callers without established identity). " +
        'Please use API Key or other form of API consumer identity to call this API.';
      return { code: 403, status: 'PERMISSION_DENIED', message };
    }
    case 'signature':
    case 'wrong-credential': {
      const info = { reason: 'API_KEY_INVALID', domain: 'googleapis.com' };
      const message = 'API key not valid. Please pass a valid API key.';
      return badRequest(message, [googleDetail('ErrorInfo', info)]);
    }
    case 'no-such-path':
      return { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' };
    case 'no-such-model': {
      const message =
        `models/${refusal.model} is not found for API version v1beta, or is not supported for ` +
        'generateContent. Call ModelService.ListModels to see the list of available models and ' +
        'their supported methods.';
      return { code: 404, status: 'NOT_FOUND', message };
    }
    case 'too-large':
      return badRequest('Request payload size exceeds the limit: 20971520 bytes.');
    case 'invalid':
      return badRequest(refusal.message);
    case 'context-length': {
      const { tokens, limit } = refusal;
      return badRequest(
        `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${limit}).`,
      );
    }
    case 'rate-limit':
      return rateLimited(refusal);
    case 'overloaded':
      return { code: 503, status: 'UNAVAILABLE', message: overloaded };
    case 'server-error': {
      const message =
        'An internal error has occurred. Please retry or report in ' +
        'https://developers.generativeai.google/guide/troubleshooting';
      return { code: refusal.status ?? 500, status: 'INTERNAL', message };
    }
  }
}

type RateLimit = Extract<Refusal, { readonly reason: 'rate-limit' }>;

/** How long to wait stands in the body alone. */
function rateLimited({ model, exceeded, retryAfterMs }: RateLimit): GeminiRefusal {
  const isTokens = exceeded?.unit === 'tokens';
  const quotaId = isTokens ? 'InputTokensPerModelPerMinute' : 'RequestsPerMinutePerProjectPerModel';
  const retryDelay = `${retryAfterMs / 1000}s`;
  const message =
    'You exceeded your current quota, please check your plan and billing details. Please retry ' +
    `in ${retryDelay}.`;
  const violations = [{ quotaId, quotaDimensions: { location: 'global', model } }];
  const details = [
    googleDetail('QuotaFailure', { violations }),
    googleDetail('RetryInfo', { retryDelay }),
  ];
  return { code: 429, status: 'RESOURCE_EXHAUSTED', message, details };
}
