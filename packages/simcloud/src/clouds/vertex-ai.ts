// Vertex AI: Gemini, Claude by rawPredict and models of other vendors by the OpenAI-compatible
// endpoint, each at a project and a location; Gemini also in express mode, by a key alone.
// (docs.cloud.google.com/vertex-ai/generative-ai/docs, seen 2026-11-24)

import type { SimulatedCredentials } from '../credentials.ts';
import { isMinted } from '../identity/minted-token.ts';
import { randomUuid } from '../random.ts';
import type { Refusal } from '../refusal.ts';
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
