// The canonical request for an upstream of this dialect. What it cannot carry is a loss; hints that
// only save time or money (cache marks, the cache key) are minor ones.

import { leaveCacheKey, leaveCacheMarks } from '../cache-hints.ts';
import type { CanonicalRequest } from '../canonical.ts';
import type { EncodedRequest, TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { isOpenaiItself } from '../openai-itself.ts';
import { ownFields } from '../own-fields.ts';
import { userDigest } from '../user-digest.ts';
import { bytesOf } from '../utf8.ts';
import { forHost } from './host.ts';
import { encodeMessages } from './message-encode.ts';
import {
  encodeMaxTokens,
  encodeReasoning,
  encodeSampling,
  refusesSampling,
} from './reasoning-encode.ts';
import {
  encodeLogprobs,
  encodeResponseFormat,
  encodeToolChoice,
  encodeTools,
} from './tool-encode.ts';

/** The longest id of an end user that openai takes. */
const maxUserChars = 64;
const serviceTiers = new Set(['auto', 'default', 'flex', 'scale', 'priority']);

export function encodeRequest(request: CanonicalRequest, target: TargetModel): EncodedRequest {
  const losses = new Losses();
  const extensions = ownFields(request.extensions, 'openai-chat', losses);
  const body: JsonObject = {
    ...extensions,
    model: target.name,
    messages: encodeMessages(request, target, losses),
    ...encodeStream(request, extensions),
    ...encodeMaxTokens(request, target),
    ...encodeSampling(request, target, losses),
    ...encodeChoices(request, target, losses),
    ...encodeToolFields(request, losses),
    ...encodeFormat(request, target, losses),
    ...(request.reasoning === undefined ? {} : encodeReasoning(request.reasoning, target, losses)),
    ...encodeAccount(request, target, losses),
  };
  leaveCacheMarks(request, losses);
  if (request.topK !== undefined) losses.add('topK', 'there is no such field in this dialect');
  const written = forHost(body, target.host, losses);
  return { body: bytesOf(JSON.stringify(written)), losses: losses.list };
}

/** Usage is always asked for: the ledger needs it, and the caller's stream can leave it out. */
function encodeStream(request: CanonicalRequest, extensions: JsonObject): JsonObject {
  if (!request.stream) return {};
  const more = isObject(extensions.stream_options) ? extensions.stream_options : {};
  return { stream: true, stream_options: { ...more, include_usage: true } };
}

function encodeChoices(request: CanonicalRequest, target: TargetModel, losses: Losses): JsonObject {
  const { candidates, stop, seed, logprobs } = request;
  const keepLogprobs = logprobs === undefined || !refusesSampling(request, target);
  if (!keepLogprobs) losses.add('logprobs', 'reasoning models of openai refuse it');
  return {
    ...(candidates === undefined ? {} : { n: candidates }),
    ...(stop === undefined ? {} : { stop }),
    ...(seed === undefined ? {} : { seed }),
    ...(keepLogprobs ? encodeLogprobs(logprobs) : {}),
  };
}

/** The API refuses a choice without tools. */
function encodeToolFields(request: CanonicalRequest, losses: Losses): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const written = encodeTools(tools, losses);
  if (written.length === 0) {
    if (toolChoice !== undefined && toolChoice.type !== 'none' && toolChoice.type !== 'auto') {
      losses.add('toolChoice', 'there is no tool to choose');
    }
    return {};
  }
  return {
    tools: written,
    ...(toolChoice === undefined ? {} : { tool_choice: encodeToolChoice(toolChoice, tools) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeFormat(request: CanonicalRequest, target: TargetModel, losses: Losses): JsonObject {
  const { responseFormat } = request;
  if (responseFormat === undefined) return {};
  if (responseFormat.type === 'json_schema' && !target.jsonSchema) {
    losses.add('responseFormat', 'the model has no structured output');
    return {};
  }
  return { response_format: encodeResponseFormat(responseFormat) };
}

function encodeAccount(request: CanonicalRequest, target: TargetModel, losses: Losses): JsonObject {
  const { user, metadata, serviceTier, promptCacheKey, store } = request;
  const fields: Record<string, unknown> = {};
  if (user !== undefined) fields.user = user.length <= maxUserChars ? user : userDigest(user);
  if (metadata !== undefined && Object.keys(metadata).length > 0) {
    // openai refuses metadata for an answer that is not stored, and others store none.
    if (store === true && isOpenaiItself(target)) fields.metadata = metadata;
    else losses.add('metadata', 'it is taken only together with store');
  }
  if (serviceTier !== undefined) {
    const tier = serviceTier === 'standard_only' ? 'default' : serviceTier;
    if (serviceTiers.has(tier)) fields.service_tier = tier;
    else losses.add('serviceTier', 'this tier is not known here');
  }
  if (isOpenaiItself(target)) {
    if (promptCacheKey !== undefined) fields.prompt_cache_key = promptCacheKey;
    if (store !== undefined) fields.store = store;
  } else {
    leaveCacheKey(request, losses);
    if (store === true) losses.add('store', 'the host stores nothing');
  }
  return fields;
}
