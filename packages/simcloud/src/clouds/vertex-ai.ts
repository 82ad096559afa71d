// Vertex AI: Gemini, Claude by rawPredict and models of other vendors by the OpenAI-compatible
// endpoint, each at a project and a location; Gemini also in express mode, by a key alone.
// (docs.cloud.google.com/vertex-ai/generative-ai/docs, seen 2026-11-24)

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import type { WholeDialect } from '@entrepot/dialects/dialect';
import { vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import type { SimulatedCredentials } from '../credentials.ts';
import type { Errand } from '../errand.ts';
import { isMinted } from '../identity/minted-token.ts';
import { randomUuid } from '../random.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { checkLength } from './embedding-rules.ts';
import {
  bearer,
  decodedSegment,
  type Face,
  header,
  pathOf,
  type Route,
  type WireCall,
} from './face.ts';
import { geminiSpeechOf } from './gemini.ts';
import { vertexChat, vertexClaude, vertexGemini } from './vertex-speech.ts';
import { vertexRefusal } from './vertex-words.ts';

/** The scope of every token is the whole of Google Cloud. */
export const vertexAudience = 'https://www.googleapis.com/auth/cloud-platform';

const version = '/v1(?:beta1)?';
const place = '/projects/[^/]+/locations/[^/]+';
const models = '/publishers/(google|anthropic)/models/([^/]+):(\\w+)$';
const modelPath = new RegExp(`^${version}${place}${models}`);
const expressPath = new RegExp(`^${version}/publishers/google/models/([^/]+):(\\w+)$`);
const chatPath = new RegExp(`^${version}${place}/endpoints/openapi/chat/completions$`);

export const vertexAi: Face = {
  name: 'vertex-ai',
  cachesByItself: true,
  callIdPrefix: '',
  serviceTier: null,
  largestBodyBytes: 30 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? routeOf(target) : null),
  errand: (method, target) => (method === 'POST' ? errandOf(target) : null),
  authenticate,
  refuse: vertexRefusal,

  requestId: randomUuid,
  headers: ({ processingMs }) => ({
    'server-timing': `gfet4t7; dur=${Math.round(processingMs)}`,
  }),
};

/** A key opens express mode alone, a token everything else. */
function authenticate(
  call: WireCall,
  accepted: SimulatedCredentials,
  nowMs: number,
): Refusal | null {
  const isExpress = expressPath.test(pathOf(call.target));
  const given = isExpress ? header(call, 'x-goog-api-key') : bearer(call);
  if (given === null) return { reason: 'no-credential' };
  if (accepted.vertexAi.includes(given)) return null;
  if (!isExpress && isMinted(given, 'google', vertexAudience, nowMs)) return null;
  return { reason: 'wrong-credential', shown: '' };
}

function routeOf(target: string): Route | null {
  const path = pathOf(target);
  if (chatPath.test(path)) return { speech: vertexChat, model: null, path: null };
  const express = expressPath.exec(path);
  const [, publisher, name, method] =
    express === null ? (modelPath.exec(path) ?? []) : ['', 'google', express[1], express[2]];
  const model = name === undefined ? null : decodedSegment(name);
  if (model === null) return null;
  const query = target.slice(path.length);
  return publisher === 'google' ? geminiAt(model, method!, query) : claudeAt(model, method!);
}

const errandDialects: ReadonlyMap<string, WholeDialect> = new Map<string, WholeDialect>([
  ['countTokens', vertexCountTokens],
  ['embedContent', geminiEmbed],
  ['predict', vertexPredict],
]);

function errandOf(target: string): Errand | null {
  const path = pathOf(target);
  const express = expressPath.exec(path);
  const [, publisher, name, method] =
    express === null ? (modelPath.exec(path) ?? []) : ['', 'google', express[1], express[2]];
  if (publisher === 'anthropic') return name === 'count-tokens' ? claudeCounting : null;
  const model = name === undefined ? null : decodedSegment(name);
  const dialect = errandDialects.get(method ?? '');
  if (model === null || dialect === undefined) return null;
  return { dialect, model, path: { model, stream: false }, check: checkLength };
}

/** The version of the API stands in the body, which its dialect does not know. */
const claudeCounting: Errand = {
  dialect: anthropicCountTokens,
  model: null,
  path: null,
  check: (_request, { body }) =>
    Buffer.from(body).includes('"anthropic_version"')
      ? null
      : invalid('anthropic_version: Field required'),
};

function geminiAt(model: string, method: string, query: string): Route | null {
  const stream = method === 'streamGenerateContent';
  if (!stream && method !== 'generateContent') return null;
  const form = geminiSpeechOf(stream, query);
  return form === null ? null : { speech: vertexGemini(form), model, path: { model, stream } };
}

function claudeAt(model: string, method: string): Route | null {
  if (method !== 'rawPredict' && method !== 'streamRawPredict') return null;
  // The body must not name the model: it is put there before the dialect reads it.
  return { speech: vertexClaude(method === 'streamRawPredict'), model, path: null };
}
