// A whole answer of an upstream to the canonical form. Tolerant: a field that is missing or of a
// wrong type is taken for absent. A block that only this dialect has is kept whole.

import type { Block, CanonicalResponse, Usage } from '../canonical.ts';
import { type AnswerContext, DialectError } from '../dialect.ts';
import {
  arrayAt,
  type JsonObject,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
} from '../json.ts';
import { native } from './block-decode.ts';
import { errorInside } from './errors.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** Throws DialectError: not an answer, or an error that came with status 200. */
export function decodeResponse(bytes: Uint8Array, context: AnswerContext): CanonicalResponse {
  const body = readAnswer(bytes);
  const stop = decodeStop(stringAt(body, 'stop_reason') ?? '', stringAt(body, 'stop_sequence'));
  return {
    id: stringAt(body, 'id') || context.id,
    model: stringAt(body, 'model') || context.model,
    candidates: [{ index: 0, content: objectsAt(body, 'content').flatMap(decodeBlock), stop }],
    usage: decodeUsage(objectAt(body, 'usage')),
  };
}

/** Usage and stop reason of an answer that passes through. Throws as `decodeResponse`. */
export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: string | null } {
  const body = readAnswer(bytes);
  return {
    usage: decodeUsage(objectAt(body, 'usage')),
    stopRaw: stringAt(body, 'stop_reason') ?? null,
  };
}

function readAnswer(bytes: Uint8Array): JsonObject {
  const body = parseJsonObject(bytes, 'upstream');
  if (body.type === 'error' || objectAt(body, 'error') !== undefined) {
    throw new DialectError(errorInside(body));
  }
  if (Array.isArray(body.content)) return body;
  throw new DialectError({ class: 'upstream', message: 'The answer has no content.' });
}

function decodeBlock(block: JsonObject): Block[] {
  const text = stringAt(block, 'text') ?? '';
  switch (block.type) {
    case 'text': {
      const citations = arrayAt(block, 'citations');
      const cited = citations.length === 0 ? {} : { citations: native(citations) };
      return text === '' ? [] : [{ type: 'text', text, ...cited }];
    }
    case 'thinking': {
      const thinking = { type: 'thinking', text: stringAt(block, 'thinking') ?? '' } as const;
      const signature = stringAt(block, 'signature');
      return [signature ? { ...thinking, signature, issuer: 'anthropic' } : thinking];
    }
    case 'redacted_thinking':
      return [{ type: block.type, data: stringAt(block, 'data') ?? '', issuer: 'anthropic' }];
    case 'tool_use':
      return [isDirectCall(block) ? decodeCall(block) : { type: 'native', native: native(block) }];
    default:
      return [{ type: 'native', native: native(block) }];
  }
}

/** False for a call that a server tool of the vendor makes: it cannot be told elsewhere. */
export function isDirectCall(block: JsonObject): boolean {
  const caller = objectAt(block, 'caller');
  return caller === undefined || caller.type === 'direct';
}

function decodeCall(block: JsonObject): Block {
  const argumentsJson = JSON.stringify(objectAt(block, 'input') ?? {});
  const id = stringAt(block, 'id') ?? '';
  return { type: 'tool_call', id, name: stringAt(block, 'name') ?? '', argumentsJson };
}
