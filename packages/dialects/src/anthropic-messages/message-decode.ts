// The system prompt and the messages of a caller's request.

import type { Block, Message } from '../canonical.ts';
import { restoreSignatures } from '../carried-signature.ts';
import { badField, type ObjectReader } from '../json.ts';
import { cacheOf, decodeBlocks } from './block-decode.ts';

/** The API's own limit. */
const maxMessages = 100_000;

/** The system prompt, if there is one, is the first message. */
export function decodeMessages(body: ObjectReader): Message[] {
  const given = body.objects('messages');
  if (given === undefined) throw badField('messages', 'it is required');
  if (given.length === 0) throw badField('messages', 'expected at least one message');
  if (given.length > maxMessages) {
    throw badField('messages', `there can be at most ${maxMessages}`);
  }
  const system = decodeBlocks(body, 'system', 'system');
  const messages: Message[] = system.length === 0 ? [] : [{ role: 'system', content: system }];
  messages.push(...given.map(decodeMessage));
  return markLast(messages, body);
}

function decodeMessage(message: ObjectReader): Message {
  const role = message.oneOf('role', ['user', 'assistant', 'system']);
  if (role === undefined) throw message.bad('role', 'it is required');
  if (message.value('content') === undefined) throw message.bad('content', 'it is required');
  const blocks = decodeBlocks(message, 'content', role);
  return { role, content: role === 'user' ? resultsFirst(blocks) : restoreSignatures(blocks) };
}

function resultsFirst(blocks: readonly Block[]): Block[] {
  const isResult = (block: Block): boolean => block.type === 'tool_result';
  return [...blocks.filter(isResult), ...blocks.filter(block => !isResult(block))];
}

/** `cache_control` of the body itself stands for a mark on the last block. */
function markLast(messages: Message[], body: ObjectReader): Message[] {
  const { cache } = cacheOf(body);
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (cache === undefined || last === undefined || block === undefined) return messages;
  switch (block.type) {
    case 'text':
    case 'image':
    case 'document':
    case 'tool_call':
    case 'tool_result': {
      const marked = { ...block, cache: block.cache ?? cache };
      messages[messages.length - 1] = { ...last, content: [...last.content.slice(0, -1), marked] };
      return messages;
    }
    default:
      return messages;
  }
}
