// Messages of a caller's request to the canonical form. Answers of tools, each a message of its own
// here, become blocks of one user message, and what the user says next stands behind them.

import type { Block, Message, ThinkingBlock } from '../canonical.ts';
import { badField, type ObjectReader } from '../json.ts';
import { callSignature } from './call-signature.ts';
import { refuseLegacy } from './legacy.ts';
import { cacheOf, decodeContent } from './part-decode.ts';

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;
const userParts = ['*'];
const assistantParts = ['text', 'refusal'];
const textParts = ['text'];

export function decodeMessages(body: ObjectReader): Message[] {
  const given = body.objects('messages');
  if (given === undefined || given.length === 0) {
    throw badField('messages', 'expected at least one message');
  }
  const messages: Message[] = [];
  /** The last message gathers answers of tools and takes what the user says next. */
  let results: Block[] | null = null;
  for (const message of given) {
    const role = message.oneOf('role', roles);
    if (role === undefined) throw message.bad('role', 'it is required');
    if (role === 'function') throw refuseLegacy(message.pathOf('role'));
    if (role === 'tool') {
      if (results === null) {
        results = [];
        messages.push({ role: 'user', content: results });
      }
      results.push(decodeToolResult(message));
      continue;
    }
    const decoded = decodeMessage(message, role);
    if (results === null || role !== 'user') messages.push(decoded);
    else {
      messages[messages.length - 1] = { ...decoded, content: [...results, ...decoded.content] };
      // A user who says nothing adds nothing: the next one still speaks behind the answers.
      if (decoded.content.length === 0 && decoded.name === undefined) continue;
    }
    results = null;
  }
  return messages;
}

function decodeMessage(
  message: ObjectReader,
  role: 'system' | 'developer' | 'user' | 'assistant',
): Message {
  const name = message.string('name');
  const named = name === undefined ? {} : { name };
  if (role === 'assistant') return { role, content: decodeAssistant(message), ...named };
  if (message.value('content') === undefined) throw message.bad('content', 'it is required');
  const types = role === 'user' ? userParts : textParts;
  return { role, content: decodeContent(message, types), ...named };
}

function decodeToolResult(message: ObjectReader): Block {
  const content = decodeContent(message, textParts);
  const callId = message.requiredString('tool_call_id');
  return { type: 'tool_result', callId, content, isError: false, ...cacheOf(message) };
}

function decodeAssistant(message: ObjectReader): Block[] {
  if (message.value('function_call') !== undefined) {
    throw refuseLegacy(message.pathOf('function_call'));
  }
  const blocks: Block[] = decodeThinking(message);
  blocks.push(...decodeContent(message, assistantParts));
  const refusal = message.string('refusal');
  if (refusal !== undefined) blocks.push({ type: 'refusal', text: refusal });
  const audio = message.child('audio');
  if (audio !== undefined) {
    blocks.push(nativeBlock({ audio: audio.object }));
  }
  for (const call of message.objects('tool_calls') ?? []) blocks.push(decodeToolCall(call));
  return blocks;
}

function decodeToolCall(call: ObjectReader): Block {
  const type = call.string('type') ?? 'function';
  const id = call.requiredString('id');
  if (type !== 'function') return nativeBlock({ tool_call: call.object });
  const fn = call.requiredObject('function');
  const name = fn.requiredString('name');
  const argumentsJson = fn.string('arguments') ?? '';
  return { type: 'tool_call', id, name, argumentsJson, ...callSignature(call.object) };
}

/** `thinking_blocks` carry signatures; `reasoning_content` or `reasoning` the text alone. */
function decodeThinking(message: ObjectReader): Block[] {
  const blocks = message.objects('thinking_blocks');
  if (blocks !== undefined && blocks.length > 0) return blocks.map(decodeThinkingBlock);
  const text =
    message.string('reasoning_content') ??
    (typeof message.value('reasoning') === 'string' ? message.string('reasoning') : undefined);
  return text === undefined || text === '' ? [] : [{ type: 'thinking', text }];
}

/**
 * Signatures without an issuer come from clients of LiteLLM, which has them from anthropic only.
 */
function decodeThinkingBlock(block: ObjectReader): Block {
  const issuer = block.string('issuer') ?? 'anthropic';
  if (block.oneOf('type', ['thinking', 'redacted_thinking']) === 'redacted_thinking') {
    return { type: 'redacted_thinking', data: block.requiredString('data'), issuer };
  }
  const signature = block.string('signature');
  const thinking: ThinkingBlock = { type: 'thinking', text: block.string('thinking') ?? '' };
  return signature === undefined ? thinking : { ...thinking, signature, issuer };
}

function nativeBlock(value: unknown): Block {
  return { type: 'native', native: { dialect: 'openai-chat', value } };
}
