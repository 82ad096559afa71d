// The canonical request for an upstream of this dialect. What it cannot carry is a loss; hints that
// only save time or money (the cache key, the detail of a picture) are minor ones.

import { cacheMarks, leaveCacheKey, leaveCacheMarks } from '../cache-hints.ts';
import type { CanonicalRequest } from '../canonical.ts';
import type { EncodedRequest, TargetModel } from '../dialect.ts';
import { isObject, type JsonObject, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { ownFields } from '../own-fields.ts';
import { bytesOf } from '../utf8.ts';
import { encodeAccount } from './account-encode.ts';
import { takesCachePoints } from './block-encode.ts';
import { encodeMessages } from './message-encode.ts';
import { encodeReasoning } from './reasoning-encode.ts';
import { stopSequencePaths } from './request-decode.ts';
import { encodeSampling } from './sampling-encode.ts';
import { encodeToolConfig } from './tool-encode.ts';

/**
 * Throws DialectError of class `unsupported` where nothing can be left out: a name of a tool that
 * the service refuses, or a request without a message of the user.
 */
export function encodeRequest(request: CanonicalRequest, target: TargetModel): EncodedRequest {
  const losses = new Losses();
  const body = encodeBody(request, target, losses);
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

/** Throws as `encodeRequest` does. */
export function encodeBody(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const extensions = ownFields(request.extensions, 'bedrock-converse', losses);
  const thinking = encodeReasoning(request, target, losses);
  const sampling = encodeSampling(request, target, thinking.active, losses);
  const config = { ...encodeMaxTokens(request, target, losses), ...sampling.config };
  const modelFields = { ...thinking.fields, ...sampling.modelFields };
  const body: JsonObject = {
    ...extensions,
    ...encodeMessages(request, target, losses),
    ...filled('inferenceConfig', config),
    ...encodeToolConfig(request, target, losses),
    ...merged(extensions, 'additionalModelRequestFields', modelFields),
    ...encodeStopPaths(request, target, extensions),
    ...merged(extensions, 'outputConfig', encodeFormat(request, target, losses)),
    ...encodeAccount(request, losses),
  };
  leaveCacheKey(request, losses);
  reportCacheMarks(request, target, losses);
  return body;
}

/** What `cachePoint` does not write: any mark for most vendors' models, some of Nova's. */
function reportCacheMarks(request: CanonicalRequest, target: TargetModel, losses: Losses): void {
  if (!takesCachePoints(target)) {
    leaveCacheMarks(request, losses);
    return;
  }
  if (target.vendor === 'anthropic') return;
  if (cacheMarks(request).some(({ ttl }) => ttl === '1h')) {
    losses.addMinor('cache', 'the cache keeps for five minutes here');
  }
  if ((request.tools ?? []).some(({ cache }) => cache !== undefined)) {
    losses.addMinor('tools.cache', 'there is no mark among the tools here');
  }
}

/** More than the model can write is the same as its own limit, which is refused. */
function encodeMaxTokens(
  { maxOutputTokens }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  if (maxOutputTokens === undefined) return {};
  if (maxOutputTokens < 1) {
    losses.add('maxOutputTokens', 'an answer has one token at least here');
    return { maxTokens: 1 };
  }
  return { maxTokens: Math.min(maxOutputTokens, target.maxOutputTokens ?? Infinity) };
}

/** The sequence that stopped Claude is told only to those who ask for it. */
function encodeStopPaths(
  { stop = [] }: CanonicalRequest,
  { vendor }: TargetModel,
  extensions: JsonObject,
): JsonObject {
  const isAsked = extensions.additionalModelResponseFieldPaths !== undefined;
  if (isAsked || stop.length === 0 || vendor !== 'anthropic') return {};
  return { additionalModelResponseFieldPaths: stopSequencePaths };
}

/** The schema is a string here. */
function encodeFormat(
  { responseFormat: format }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  if (format === undefined || format.type === 'text') return {};
  if (format.type === 'json_object') {
    losses.add('responseFormat', 'there is no JSON without a schema here');
    return {};
  }
  if (!target.jsonSchema) {
    losses.add('responseFormat', 'the model has no structured output');
    return {};
  }
  const { name, description, schema } = format;
  const jsonSchema = {
    schema: JSON.stringify(schema),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

/** The field with what the caller said in it besides; nothing where both are empty. */
function merged(extensions: JsonObject, key: string, own: JsonObject): JsonObject {
  return filled(key, mergeObjects(objectAt(extensions, key) ?? {}, own));
}

function mergeObjects(first: JsonObject, second: JsonObject): JsonObject {
  const out: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = out[key];
    out[key] = isObject(before) && isObject(value) ? mergeObjects(before, value) : value;
  }
  return out;
}

function filled(key: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}
