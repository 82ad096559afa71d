// The canonical request for an upstream of this dialect. What it cannot carry is a loss; hints
// that only save time or money (cache marks, the cache key) are minor ones.

import { leaveCacheKey, leaveCacheMarks } from '../cache-hints.ts';
import type { CanonicalRequest } from '../canonical.ts';
import type { EncodedRequest, TargetModel } from '../dialect.ts';
import { arrayAt, type JsonObject, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { ownFields } from '../own-fields.ts';
import { userDigest } from '../user-digest.ts';
import { bytesOf } from '../utf8.ts';
import { encodeInput } from './input-encode.ts';
import {
  encodeMaxTokens,
  encodeReasoning,
  encodeSampling,
  encryptsReasoning,
  refusesSampling,
  reportAbsent,
} from './reasoning-encode.ts';
import { encryptedInclude, logprobsInclude } from './request-decode.ts';
import { keepingFields, keptBy } from './stored-fields.ts';
import { encodeFormat, encodeToolChoice, encodeTools } from './tool-encode.ts';

/** The longest id of an end user that openai takes. */
const maxUserChars = 64;
const serviceTiers = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']);

export function encodeRequest(request: CanonicalRequest, target: TargetModel): EncodedRequest {
  const losses = new Losses();
  const body = encodeBody(request, target, losses);
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

export function encodeBody(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const own = keptBy(target, ownFields(request.extensions, 'openai-responses', losses), losses);
  const ownReasoning = objectAt(own, 'reasoning') ?? {};
  const body: JsonObject = {
    ...own,
    model: target.name,
    ...encodeInput(request, target, losses),
    ...(request.stream ? { stream: true } : {}),
    ...encodeMaxTokens(request, target, losses),
    ...encodeSampling(request, target, losses),
    ...encodeToolFields(request, own, losses),
    ...encodeText(request, target, own, losses),
    ...encodeReasoning(request.reasoning, ownReasoning, target, losses),
    ...encodeInclude(request, target, own, losses),
    ...encodeAccount(request, target, losses),
    ...encodeStore(request, own),
  };
  leaveCacheMarks(request, losses);
  reportAbsent(request, losses);
  return body;
}

/** The API refuses a choice without tools. */
function encodeToolFields(request: CanonicalRequest, own: JsonObject, losses: Losses): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const written = encodeTools(tools, losses);
  // Tools may also come with a stored prompt, which is the vendor's.
  if (written.length === 0 && own.prompt === undefined) {
    if (toolChoice !== undefined && toolChoice.type !== 'none' && toolChoice.type !== 'auto') {
      losses.add('toolChoice', 'there is no tool to choose');
    }
    return {};
  }
  return {
    ...(written.length === 0 ? {} : { tools: written }),
    ...(toolChoice === undefined ? {} : { tool_choice: encodeToolChoice(toolChoice, tools) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeText(
  request: CanonicalRequest,
  target: TargetModel,
  own: JsonObject,
  losses: Losses,
): JsonObject {
  const { responseFormat } = request;
  if (responseFormat === undefined) return {};
  if (responseFormat.type === 'json_schema' && !target.jsonSchema) {
    losses.add('responseFormat', 'the model has no structured output');
    return {};
  }
  return { text: { ...objectAt(own, 'text'), format: encodeFormat(responseFormat) } };
}

/** Encrypted reasoning is always asked for: only so can it come back in another dialect. */
function encodeInclude(
  request: CanonicalRequest,
  target: TargetModel,
  own: JsonObject,
  losses: Losses,
): JsonObject {
  const { logprobs } = request;
  const include = [...arrayAt(own, 'include')];
  if (encryptsReasoning(target)) include.push(encryptedInclude);
  const refused = logprobs !== undefined && refusesSampling(request, target);
  if (refused) losses.add('logprobs', 'reasoning models of openai refuse it');
  const wanted = logprobs !== undefined && !refused;
  if (wanted) include.push(logprobsInclude);
  return {
    ...(include.length === 0 ? {} : { include }),
    ...(wanted ? { top_logprobs: logprobs.top } : {}),
  };
}

function encodeAccount(request: CanonicalRequest, target: TargetModel, losses: Losses): JsonObject {
  const { user, metadata, serviceTier, promptCacheKey } = request;
  const fields: Record<string, unknown> = {};
  if (user !== undefined) fields.user = user.length <= maxUserChars ? user : userDigest(user);
  if (metadata !== undefined) fields.metadata = metadata;
  if (serviceTier !== undefined) {
    const tier = serviceTier === 'standard_only' ? 'default' : serviceTier;
    if (serviceTiers.has(tier)) fields.service_tier = tier;
    else losses.add('serviceTier', 'this tier is not known here');
  }
  if (!isOpenaiItself(target)) leaveCacheKey(request, losses);
  else if (promptCacheKey !== undefined) fields.prompt_cache_key = promptCacheKey;
  return fields;
}

/**
 * The API keeps every answer that does not forbid it. No other dialect does so: nothing is kept
 * unless the caller asked for it, by `store` or by a field that needs it.
 */
function encodeStore(request: CanonicalRequest, own: JsonObject): JsonObject {
  const { store } = request;
  if (store !== undefined) return { store };
  return keepingFields.some(key => own[key] !== undefined) ? {} : { store: false };
}
