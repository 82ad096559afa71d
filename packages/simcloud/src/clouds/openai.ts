// OpenAI's API: POST /v1/chat/completions, /v1/responses, its count, and /v1/embeddings. Errors,
// headers and fields as platform.openai.com tells them ("Error codes", "Rate limits"; OpenAPI
// 2.3.0).

import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import type { Errand } from '../errand.ts';
import { randomText } from '../random.ts';
import type { Refusal, WireRefusal } from '../refusal.ts';
import { chatSpeech } from './chat-speech.ts';
import { checkLength } from './embedding-rules.ts';
import {
  type AnswerFacts,
  bearer,
  type Face,
  header,
  pathOf,
  type Speech,
  seconds,
} from './face.ts';
import { errorBody, rateLimitHeaders } from './openai-words.ts';
import { responsesSpeech } from './responses-speech.ts';

const invalidType = 'invalid_request_error';

const speechAt: ReadonlyMap<string, Speech> = new Map([
  ['/v1/chat/completions', chatSpeech],
  ['/v1/responses', responsesSpeech],
]);

const errandAt: ReadonlyMap<string, Errand> = new Map<string, Errand>([
  ['/v1/embeddings', { dialect: openaiEmbeddings, model: null, path: null, check: checkLength }],
  ['/v1/responses/input_tokens', { dialect: openaiInputTokens, model: null, path: null }],
]);

export const openai: Face = {
  name: 'openai',
  cachesByItself: true,
  callIdPrefix: 'call_',
  serviceTier: 'default',
  largestBodyBytes: 64 * 1024 * 1024,

  route: (method, target) => {
    const speech = speechAt.get(pathOf(target));
    if (method !== 'POST' || speech === undefined) return null;
    return { speech, model: null, path: null };
  },

  errand: (method, target) => (method === 'POST' ? (errandAt.get(pathOf(target)) ?? null) : null),
  authenticate: (call, accepted) => {
    if (header(call, 'authorization') === null) return { reason: 'no-credential' };
    const key = bearer(call) ?? '';
    return accepted.openai.includes(key)
      ? null
      : { reason: 'wrong-credential', shown: masked(key) };
  },
  refuse: (refusal, requestId) => {
    const wire = refuse(refusal);
    return { ...wire, headers: { ...wire.headers, 'x-request-id': requestId } };
  },

  requestId: random => `req_${randomText(random, 32).toLowerCase()}`,
  headers: (facts: AnswerFacts) => ({
    'x-request-id': facts.requestId,
    'openai-organization': 'simulated',
    'openai-processing-ms': String(Math.round(facts.processingMs)),
    'openai-version': '2020-10-01',
    ...rateLimitHeaders(facts.quota),
  }),
};

function masked(key: string): string {
  return key.length <= 8 ? '********' : `${key.slice(0, 4)}****${key.slice(-4)}`;
}

function refuse(refusal: Refusal): WireRefusal {
  const make = (
    status: number,
    body: string,
    headers: WireRefusal['headers'] = {},
  ): WireRefusal => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  switch (refusal.reason) {
    case 'no-credential': {
      const message =
        "You didn't provide an API key. You need to provide your API key in an Authorization " +
        'header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).';
      return make(401, errorBody(message, invalidType));
    }
    case 'signature':
    case 'wrong-credential': {
      const shown = refusal.reason === 'signature' ? '' : refusal.shown;
      const message = `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`;
      return make(401, errorBody(message, invalidType, 'invalid_api_key'));
    }
    case 'no-such-path':
      return make(404, errorBody(`Invalid URL (${refusal.method} ${refusal.path})`, invalidType));
    case 'no-such-model': {
      const message = `The model \`${refusal.model}\` does not exist or you do not have access to it.`;
      return make(404, errorBody(message, invalidType, 'model_not_found'));
    }
    case 'too-large':
      return make(413, errorBody('Request body is too large.', invalidType));
    case 'invalid':
      return make(400, errorBody(refusal.message, invalidType, refusal.code, refusal.field));
    case 'context-length': {
      const message =
        `This model's maximum context length is ${refusal.limit} tokens. However, your messages ` +
        `resulted in ${refusal.tokens} tokens. Please reduce the length of the messages.`;
      return make(400, errorBody(message, invalidType, 'context_length_exceeded', 'messages'));
    }
    case 'rate-limit':
      return make(429, ...rateLimited(refusal));
    case 'overloaded':
      return make(
        503,
        errorBody('The engine is currently overloaded, please try again later', 'server_error'),
      );
    case 'server-error': {
      const message = 'The server had an error while processing your request. Sorry about that!';
      return make(refusal.status ?? 500, errorBody(message, 'server_error'));
    }
  }
}

type RateLimit = Extract<Refusal, { readonly reason: 'rate-limit' }>;

function rateLimited({
  model,
  exceeded,
  retryAfterMs,
}: RateLimit): [string, Record<string, string>] {
  const unit = exceeded?.unit ?? 'requests';
  const short = unit === 'tokens' ? 'TPM' : 'RPM';
  const limit = exceeded === null ? '' : ` Limit ${exceeded.states[unit].limit}.`;
  const message =
    `Rate limit reached for ${model} in organization simulated on ${unit} per min (${short}):` +
    `${limit} Please try again in ${Math.ceil(retryAfterMs)}ms. Visit ` +
    'https://platform.openai.com/account/rate-limits to learn more.';
  const headers = {
    'retry-after': seconds(retryAfterMs),
    'retry-after-ms': String(Math.ceil(retryAfterMs)),
    ...(exceeded === null ? {} : rateLimitHeaders(exceeded.states)),
  };
  return [errorBody(message, unit, 'rate_limit_exceeded'), headers];
}
