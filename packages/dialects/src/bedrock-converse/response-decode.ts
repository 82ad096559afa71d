// A whole answer of an upstream to the canonical form. Tolerant: a field that is missing or of a
// wrong type is taken for absent, and a block that is not known is kept whole.

import { errorInside } from '../bedrock-error.ts';
import type { Block, CanonicalResponse, Usage } from '../canonical.ts';
import { type AnswerContext, DialectError, type HeaderMap } from '../dialect.ts';
import {
  arrayAt,
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
} from '../json.ts';
import { mediaTypeOf } from './media.ts';
import { native, nativeBlock } from './native.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';
import { issuerOf } from './vendor.ts';

/** Throws DialectError: not an answer, or an error that came with status 200. */
export function decodeResponse(
  bytes: Uint8Array,
  headers: HeaderMap,
  context: AnswerContext,
): CanonicalResponse {
  const body = readAnswer(bytes);
  const given: unknown = headers['x-amzn-requestid'];
  const id = typeof given === 'string' && given !== '' ? given : context.id;
  const message = objectAt(objectAt(body, 'output'), 'message');
  const issuer = issuerOf(context.model);
  const content = objectsAt(message, 'content').flatMap((block, place) =>
    decodeBlock(block, issuer, `tooluse_${id}_${place}`),
  );
  return {
    id,
    model: context.model,
    candidates: [{ index: 0, content, stop: decodeStop(body) }],
    usage: decodeUsage(body),
  };
}

/** Usage and stop reason of an answer that passes through. Throws as `decodeResponse`. */
export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: string | null } {
  const body = readAnswer(bytes);
  return { usage: decodeUsage(body), stopRaw: stringAt(body, 'stopReason') ?? null };
}

/** The service answers 200 also to an operation that it does not know. */
function readAnswer(bytes: Uint8Array): JsonObject {
  const body = parseJsonObject(bytes, 'upstream');
  if (objectAt(objectAt(body, 'output'), 'message') !== undefined) return body;
  throw new DialectError(errorInside(body));
}

/** `madeUpId` is for a call without an id. */
function decodeBlock(block: JsonObject, issuer: string, madeUpId: string): Block[] {
  const text = stringAt(block, 'text');
  if (text !== undefined) return text === '' ? [] : [{ type: 'text', text }];
  const call = objectAt(block, 'toolUse');
  if (call !== undefined) return [decodeCall(call, madeUpId)];
  const reasoning = objectAt(block, 'reasoningContent');
  if (reasoning !== undefined) return decodeReasoning(reasoning, issuer);
  const cited = objectAt(block, 'citationsContent');
  if (cited !== undefined) {
    const parts = objectsAt(cited, 'content').map(part => stringAt(part, 'text') ?? '');
    const citations = native(arrayAt(cited, 'citations'));
    return [{ type: 'text', text: parts.join(''), citations }];
  }
  const image = objectAt(block, 'image');
  const data = stringAt(objectAt(image, 'source'), 'bytes');
  const mediaType = mediaTypeOf('image', stringAt(image, 'format') ?? '');
  if (data === undefined || mediaType === undefined) return [nativeBlock(block)];
  return [{ type: 'image', source: { kind: 'base64', mediaType, data } }];
}

/** A call that the service made and answered itself is not for the caller to answer. */
export function isServerCall(call: JsonObject): boolean {
  return call.type === 'server_tool_use';
}

function decodeCall(call: JsonObject, madeUpId: string): Block {
  if (isServerCall(call)) return nativeBlock({ toolUse: call });
  return {
    type: 'tool_call',
    id: stringAt(call, 'toolUseId') || madeUpId,
    name: stringAt(call, 'name') ?? '',
    argumentsJson: isObject(call.input) ? JSON.stringify(call.input) : '',
  };
}

function decodeReasoning(reasoning: JsonObject, issuer: string): Block[] {
  const data = stringAt(reasoning, 'redactedContent');
  if (data !== undefined) return [{ type: 'redacted_thinking', data, issuer }];
  const inner = objectAt(reasoning, 'reasoningText');
  const text = stringAt(inner, 'text') ?? '';
  const signature = stringAt(inner, 'signature');
  if (text === '' && !signature) return [];
  return [{ type: 'thinking', text, ...(signature ? { signature, issuer } : {}) }];
}
