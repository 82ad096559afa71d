// A whole answer of an upstream to the canonical form. Tolerant: a field that is missing or of a
// wrong type is taken for absent, for many hosts imitate this dialect.

import type { Block, Candidate, CanonicalResponse, Native, Usage } from '../canonical.ts';
import { createdSecondsOf } from '../created-seconds.ts';
import { type AnswerContext, DialectError } from '../dialect.ts';
import {
  arrayAt,
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
} from '../json.ts';
import { errorInside } from '../openai-stream-error.ts';
import { decodeUsage } from '../openai-usage.ts';
import { callSignature } from './call-signature.ts';
import { decodeFinish } from './finish.ts';

/** Throws DialectError: not an answer, or an error that came with status 200. */
export function decodeResponse(bytes: Uint8Array, context: AnswerContext): CanonicalResponse {
  const body = readAnswer(bytes);
  const id = stringAt(body, 'id') || context.id;
  return {
    id,
    model: stringAt(body, 'model') || context.model,
    ...createdSecondsOf(numberAt(body, 'created')),
    candidates: objectsAt(body, 'choices').map((choice, place) => decodeChoice(choice, place, id)),
    usage: usageOf(body),
  };
}

/** Usage and stop reason of an answer that passes through. Throws as `decodeResponse`. */
export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: string | null } {
  const body = readAnswer(bytes);
  const finish = stringAt(objectsAt(body, 'choices')[0], 'finish_reason');
  return { usage: usageOf(body), stopRaw: finish ?? null };
}

function readAnswer(bytes: Uint8Array): JsonObject {
  const body = parseJsonObject(bytes, 'upstream');
  const error = errorInside(body);
  if (error !== null) throw new DialectError(error);
  if (objectsAt(body, 'choices').length > 0) return body;
  throw new DialectError({ class: 'upstream', message: 'The answer has no choices.' });
}

function usageOf(body: JsonObject): Usage | null {
  const usage = objectAt(body, 'usage') ?? objectAt(objectAt(body, 'x_groq'), 'usage');
  return decodeUsage(usage, stringAt(body, 'service_tier') ?? null);
}

function decodeChoice(choice: JsonObject, place: number, id: string): Candidate {
  const index = numberAt(choice, 'index') ?? place;
  const message = objectAt(choice, 'message') ?? {};
  const content = [...textBlocks(message), ...callBlocks(message, `${id}_${index}`)];
  const said = {
    toolCalls: content.some(block => block.type === 'tool_call'),
    refusal: content.some(block => block.type === 'refusal'),
  };
  const logprobs = objectAt(choice, 'logprobs');
  return {
    index,
    content,
    stop: decodeFinish(stringAt(choice, 'finish_reason') ?? '', said),
    ...(logprobs === undefined ? {} : { logprobs: native(logprobs) }),
  };
}

function textBlocks(message: JsonObject): Block[] {
  const blocks = thinkingBlocks(message);
  const text = textOfContent(message.content);
  if (text !== '') {
    const annotations = arrayAt(message, 'annotations');
    const citations = annotations.length === 0 ? {} : { citations: native(annotations) };
    blocks.push({ type: 'text', text, ...citations });
  }
  const refusal = stringAt(message, 'refusal');
  if (refusal) blocks.push({ type: 'refusal', text: refusal });
  const audio = objectAt(message, 'audio');
  if (audio !== undefined) blocks.push({ type: 'native', native: native({ audio }) });
  return blocks;
}

/** Some hosts write parts where the API writes a string. */
export function textOfContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(part => (isObject(part) ? (stringAt(part, 'text') ?? '') : '')).join('');
}

/**
 * The thinking of a message or a delta: in a field of its own, or, from Mistral, in parts of the
 * content before those of text (docs.mistral.ai/capabilities/reasoning, by way of vercel/ai
 * packages/mistral, seen 2026-11-24).
 */
export function thinkingText(message: JsonObject): string {
  const field = stringAt(message, 'reasoning_content') || stringAt(message, 'reasoning');
  if (field) return field;
  const parts = objectsAt(message, 'content');
  return parts.map(part => textOfContent(part.thinking)).join('');
}

function thinkingBlocks(message: JsonObject): Block[] {
  const blocks = objectsAt(message, 'thinking_blocks').map((block): Block => {
    const issuer = stringAt(block, 'issuer') ?? 'anthropic';
    const data = stringAt(block, 'data');
    if (data !== undefined) return { type: 'redacted_thinking', data, issuer };
    const signature = stringAt(block, 'signature');
    const text = stringAt(block, 'thinking') ?? '';
    return { type: 'thinking', text, ...(signature ? { signature, issuer } : {}) };
  });
  if (blocks.length > 0) return blocks;
  const text = thinkingText(message);
  return text === '' ? [] : [{ type: 'thinking', text }];
}

/** Ids that a host leaves out are made from the answer's own. */
function callBlocks(message: JsonObject, prefix: string): Block[] {
  const calls = [...objectsAt(message, 'tool_calls')];
  const legacy = objectAt(message, 'function_call');
  if (legacy !== undefined) calls.push({ function: legacy });
  return calls.map((call, place) => {
    const fn = objectAt(call, 'function') ?? objectAt(call, 'custom');
    return {
      type: 'tool_call',
      id: stringAt(call, 'id') || `call_${prefix}_${place}`,
      name: stringAt(fn, 'name') ?? '',
      argumentsJson: argumentsText(fn?.arguments ?? fn?.input),
      ...callSignature(call),
    };
  });
}

/** Some hosts write the arguments as an object. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}

function native(value: unknown): Native {
  return { dialect: 'openai-chat', value };
}
