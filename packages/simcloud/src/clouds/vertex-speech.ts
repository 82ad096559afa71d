// How Vertex AI speaks its three dialects: Gemini and Chat Completions with Google's errors, and
// Claude's Messages without the model in the body and with a version of Vertex's own.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { SimulatedModel } from '../model.ts';
import { randomText } from '../random.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { anthropic, checkMessages, messagesSpeech } from './anthropic.ts';
import { chatSpeech } from './chat-speech.ts';
import type { Speech, WireCall } from './face.ts';
import { vertexRefusal, vertexRefusalInArray } from './vertex-words.ts';

/**
 * What Google's pages name (partner-models/claude), or the date of a version of the Messages API,
 * which Anthropic's own client sends (@anthropic-ai/vertex-sdk 1.1.3); both seen 2026-11-24.
 */
const version = /^(vertex-2023-10-16|\d{4}-\d\d-\d\d)$/;

/** A publisher has only its own models. */
function isOf(vendor: string, check: Speech['check']): Speech['check'] {
  return (request, call, model) =>
    model.vendor === vendor
      ? check(request, call, model)
      : { reason: 'no-such-model', model: request.model };
}

/** `form` says whether its streams are events or an array. */
export function vertexGemini(form: Speech): Speech {
  return { ...form, check: isOf('google', form.check) };
}

export const vertexChat: Speech = {
  ...chatSpeech,
  refuse: vertexRefusalInArray,
};

/** `stream` is what the method says; the body must say the same. */
export function vertexClaude(stream: boolean): Speech {
  const check = isOf('anthropic', (request, call, model) =>
    checkRawPredict(request, call, model, stream),
  );
  return { ...messagesSpeech, check, responseId, refuse: refuseClaude };
}

function checkRawPredict(
  request: CanonicalRequest,
  call: WireCall,
  model: SimulatedModel,
  stream: boolean,
): Refusal | null {
  const body = JSON.parse(Buffer.from(call.body).toString()) as Record<string, unknown>;
  if ('model' in body) return invalid('model: Extra inputs are not permitted');
  if (body.anthropic_version === undefined) return invalid('anthropic_version: Field required');
  if (!version.test(String(body.anthropic_version))) {
    return invalid("anthropic_version: Input should be 'vertex-2023-10-16'");
  }
  if (request.stream !== stream) {
    return invalid(`stream: must be ${stream} for ${stream ? 'streamRawPredict' : 'rawPredict'}`);
  }
  return checkMessages(request, model);
}

function responseId(random: () => number): string {
  return `msg_vrtx_${randomText(random, 24)}`;
}

/** What the model itself says comes in its own words; what stands before it, in Google's. */
function refuseClaude(refusal: Refusal, requestId: string, nowMs: number) {
  const isItsOwn = /^(invalid|context-length|overloaded|server-error)$/.test(refusal.reason);
  return isItsOwn
    ? anthropic.refuse(refusal, `req_vrtx_${requestId}`, nowMs)
    : vertexRefusal(refusal);
}
