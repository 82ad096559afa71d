// The canonical request for an upstream of this dialect. What it cannot carry is a loss; hints that
// only save time or money (the cache key, the detail of a picture) are minor ones.

import { leaveCacheKey } from '../cache-hints.ts';
import type { CanonicalRequest } from '../canonical.ts';
import type { EncodedRequest, TargetModel } from '../dialect.ts';
import { type JsonObject, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { ownFields } from '../own-fields.ts';
import { bytesOf } from '../utf8.ts';
import { encodeFormat } from './format-encode.ts';
import { encodeMessages } from './message-encode.ts';
import { encodeReasoning } from './reasoning-encode.ts';
import { encodeSampling } from './sampling-encode.ts';
import { encodeToolFields } from './tool-encode.ts';

/** Every model of Claude can write as much; used where the catalog does not know the limit. */
const leastMaxTokens = 4096;

const serviceTiers: Readonly<Record<string, string>> = {
  auto: 'auto',
  standard_only: 'standard_only',
  // The word of openai for the same.
  default: 'standard_only',
};

/**
 * Throws DialectError of class `unsupported` where nothing can be left out: a name of a tool that
 * the API refuses, or a request without a message of the user.
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
  const extensions = ownFields(request.extensions, 'anthropic-messages', losses);
  const maxTokens = encodeMaxTokens(request, target, losses);
  const { thinking, effort, active } = encodeReasoning(request, target, maxTokens, losses);
  const format = encodeFormat(request, target, losses);
  const body: JsonObject = {
    ...extensions,
    model: target.name,
    max_tokens: maxTokens,
    ...encodeMessages(request, target, losses),
    ...(request.stream ? { stream: true } : {}),
    ...encodeToolFields(request, losses),
    ...encodeSampling(request, target, active, losses),
    ...merged(extensions, 'thinking', thinking),
    ...merged(extensions, 'output_config', given({ effort, format })),
    ...encodeAccount(request, extensions, losses),
  };
  leaveCacheKey(request, losses);
  return body;
}

/** More than the model can write is the same as its own limit, which the API refuses to be told. */
function encodeMaxTokens(request: CanonicalRequest, target: TargetModel, losses: Losses): number {
  const limit = target.maxOutputTokens ?? null;
  if (request.maxOutputTokens !== undefined) {
    return Math.min(request.maxOutputTokens, limit ?? Infinity);
  }
  if (limit === null) {
    const reason = `it is required, and ${leastMaxTokens} was taken for a limit that is not known`;
    losses.add('maxOutputTokens', reason);
  }
  return limit ?? leastMaxTokens;
}

/** The field with what the caller said in it besides; nothing where both are empty. */
function merged(extensions: JsonObject, key: string, own: JsonObject | null): JsonObject {
  if (own === null) return {};
  return { [key]: { ...objectAt(extensions, key), ...own } };
}

/** null where no field has a value. */
function given(fields: JsonObject): JsonObject | null {
  const said = Object.entries(fields).filter(([, value]) => value !== null);
  return said.length === 0 ? null : Object.fromEntries(said);
}

function encodeAccount(
  request: CanonicalRequest,
  extensions: JsonObject,
  losses: Losses,
): JsonObject {
  const { user, metadata, serviceTier, store } = request;
  const fields: Record<string, unknown> = {};
  if (user !== undefined) Object.assign(fields, merged(extensions, 'metadata', { user_id: user }));
  if (metadata !== undefined && Object.keys(metadata).length > 0) {
    losses.add('metadata', 'nothing but the id of the user is taken along here');
  }
  if (serviceTier !== undefined) {
    if (Object.hasOwn(serviceTiers, serviceTier)) fields.service_tier = serviceTiers[serviceTier];
    else losses.add('serviceTier', 'this tier is not known here');
  }
  if (store === true) losses.add('store', 'answers are not stored here');
  return fields;
}
