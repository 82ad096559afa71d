// Azure OpenAI: the dated APIs with the deployment in the path, and the v1 API with it in the body.
// Errors come from two hands: the gateway in front (a code that is a number) and the model service.
// (learn.microsoft.com: "Azure OpenAI reference", "Content filtering", "api-version-lifecycle")

import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import type { Errand } from '../errand.ts';
import { isMinted } from '../identity/minted-token.ts';
import { randomUuid } from '../random.ts';
import type { Refusal, WireRefusal } from '../refusal.ts';
import { chatSpeech } from './chat-speech.ts';
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
  seconds,
} from './face.ts';
import { openai } from './openai.ts';
import { errorBody, mapEvents, rateLimitHeaders, serverError, withFields } from './openai-words.ts';
import { responsesSpeech } from './responses-speech.ts';

const safe = '{"filtered":false,"severity":"safe"}';
const answerFilter = `{"hate":${safe},"self_harm":${safe},"sexual":${safe},"violence":${safe}}`;
const promptFilter =
  '"prompt_filter_results":[{"prompt_index":0,"content_filter_results":' +
  `{"hate":${safe},"jailbreak":{"filtered":false,"detected":false},"self_harm":${safe},` +
  `"sexual":${safe},"violence":${safe}}}]`;
/** Comes before the model says anything: without id, model and time. */
const firstChunk = bytesOf(
  `data: {"choices":[],"created":0,"id":"","model":"","object":"",${promptFilter}}\n\n`,
);
const region = 'Simulated';
/** What tokens must be for. */
const azureAudience = 'https://cognitiveservices.azure.com';
const datedPath = /^\/openai\/deployments\/([^/]+)\/chat\/completions$/;
const apiVersion = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

const filteredSpeech: Speech = {
  ...chatSpeech,
  finish: (body, facts) => {
    const filtered = filteredChoices(Buffer.from(chatSpeech.finish(body, facts)).toString());
    return bytesOf(withFields(filtered, promptFilter));
  },
  finishEvent: (bytes, isFirst, facts) => {
    const filtered = mapEvents(chatSpeech.finishEvent(bytes, isFirst, facts), filteredChoices);
    return isFirst ? Buffer.concat([firstChunk, filtered]) : filtered;
  },
};

const speechAt: ReadonlyMap<string, Speech> = new Map([
  ['/openai/v1/chat/completions', filteredSpeech],
  ['/openai/v1/responses', responsesSpeech],
]);

export const azureOpenai: Face = {
  name: 'azure-openai',
  cachesByItself: true,
  callIdPrefix: 'call_',
  serviceTier: null,
  largestBodyBytes: 64 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? route(target) : null),
  errand: (method, target) => (method === 'POST' ? errandOf(target) : null),
  authenticate: (call, accepted, nowMs) => {
    const token = bearer(call);
    if (token !== null && isMinted(token, 'entra', azureAudience, nowMs)) return null;
    const key = header(call, 'api-key') ?? token;
    if (key === null) return { reason: 'no-credential' };
    return accepted.azureOpenai.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
  },
  refuse: (refusal, requestId) => {
    const wire = refuse(refusal, requestId);
    const own = { 'apim-request-id': requestId, 'x-ms-region': region };
    return { ...wire, headers: { ...wire.headers, ...own } };
  },

  requestId: randomUuid,
  headers: facts => ({
    'apim-request-id': facts.requestId,
    'x-request-id': facts.requestId,
    'x-ms-region': region,
    'x-ms-deployment-name': facts.model,
    'azureml-model-session': 'simulated',
    ...rateLimitHeaders(facts.quota),
  }),
};

/** An unescaped `"finish_reason":` can only be the key of a choice. */
function filteredChoices(json: string): string {
  return json.replaceAll(
    '"finish_reason":',
    `"content_filter_results":${answerFilter},"finish_reason":`,
  );
}

function route(target: string): Route | null {
  const path = pathOf(target);
  const version = new URLSearchParams(target.slice(path.length)).get('api-version');
  const speech = speechAt.get(path);
  if (speech !== undefined) {
    const known = version === null || version === 'v1' || version === 'preview';
    return known ? { speech, model: null, path: null } : null;
  }
  if (version === null || !apiVersion.test(version)) return null;
  if (path === '/openai/responses') return { speech: responsesSpeech, model: null, path: null };
  const deployment = datedPath.exec(path)?.[1];
  const model = deployment === undefined ? null : decodedSegment(deployment);
  return model === null ? null : { speech: filteredSpeech, model, path: null };
}

const datedEmbeddings = /^\/openai\/deployments\/([^/]+)\/embeddings$/;

function errandOf(target: string): Errand | null {
  const path = pathOf(target);
  const errand = { dialect: openaiEmbeddings, path: null, check: checkLength };
  if (path === '/openai/v1/embeddings') return { ...errand, model: null };
  const deployment = datedEmbeddings.exec(path)?.[1];
  const version = new URLSearchParams(target.slice(path.length)).get('api-version') ?? '';
  if (deployment === undefined || !apiVersion.test(version)) return null;
  return { ...errand, model: decodedSegment(deployment) };
}

function gatewayError(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } });
}

function refuse(refusal: Refusal, requestId: string): WireRefusal {
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
    case 'no-credential':
    case 'signature':
    case 'wrong-credential': {
      const message =
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to ' +
        'provide a valid key for an active subscription and use a correct regional API endpoint ' +
        'for your resource.';
      return make(401, gatewayError('401', message));
    }
    case 'no-such-path':
      return make(404, gatewayError('404', 'Resource not found'));
    case 'no-such-model': {
      const message =
        'The API deployment for this resource does not exist. If you created the deployment ' +
        'within the last 5 minutes, please wait a moment and try again.';
      return make(404, gatewayError('DeploymentNotFound', message));
    }
    case 'rate-limit': {
      const { exceeded, retryAfterMs } = refusal;
      const unit = exceeded?.unit === 'tokens' ? 'token' : 'call';
      const message =
        `Requests to the ChatCompletions_Create Operation have exceeded ${unit} rate limit of ` +
        `your current OpenAI S0 pricing tier. Please retry after ${seconds(retryAfterMs)} seconds.`;
      return make(429, gatewayError('429', message), {
        'retry-after': seconds(retryAfterMs),
        'retry-after-ms': String(Math.ceil(retryAfterMs)),
        ...(exceeded === null ? {} : rateLimitHeaders(exceeded.states)),
      });
    }
    case 'overloaded': {
      const message =
        'The service is temporarily unable to process your request. Please try again later.';
      return make(503, gatewayError('ServiceUnavailable', message));
    }
    case 'server-error': {
      const body = errorBody(serverError, 'server_error', 'internal_error');
      return make(refusal.status ?? 500, body);
    }
    default:
      return openai.refuse(refusal, requestId, 0);
  }
}
