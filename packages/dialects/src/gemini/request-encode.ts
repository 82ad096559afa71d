// The canonical request for an upstream of this dialect. What it cannot carry is a loss; hints that
// only save time or money (cache marks, the cache key) are minor ones.

import { leaveCacheKey, leaveCacheMarks } from '../cache-hints.ts';
import type { CanonicalRequest } from '../canonical.ts';
import type { EncodedRequest, TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { ownFields } from '../own-fields.ts';
import { bytesOf } from '../utf8.ts';
import { encodeContents } from './content-encode.ts';
import { encodeGeneration } from './generation-encode.ts';
import { encodeTools } from './tool-encode.ts';

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
  const own = ownFields(request.extensions, 'gemini', losses);
  // Merged by those who write the fields that they belong to.
  const { generationConfig: _, toolConfig: __, functionDeclarations: ___, ...topLevel } = own;
  const body: JsonObject = {
    ...topLevel,
    ...encodeContents(request, target, losses),
    ...encodeTools(request, own, losses),
    ...encodeGeneration(request, target, own, losses),
    ...encodeAccount(request, losses),
  };
  leaveCacheMarks(request, losses);
  leaveCacheKey(request, losses);
  return body;
}

/** `labels` are no place for metadata: only Vertex AI has them, and it bills by them. */
function encodeAccount(request: CanonicalRequest, losses: Losses): JsonObject {
  const { user, metadata = {}, serviceTier, store, logitBias = {} } = request;
  const none = 'there is no such field in this dialect';
  if (Object.keys(logitBias).length > 0) losses.add('logitBias', none);
  if (user !== undefined) losses.add('user', none);
  if (Object.keys(metadata).length > 0) losses.add('metadata', none);
  if (store === true) losses.add('store', 'answers are not stored here');
  switch (serviceTier) {
    case undefined:
    case 'auto':
    case 'default':
    case 'standard_only':
      return {};
    case 'flex':
    case 'priority':
      return { serviceTier };
    default:
      losses.add('serviceTier', 'this tier is not known here');
      return {};
  }
}
