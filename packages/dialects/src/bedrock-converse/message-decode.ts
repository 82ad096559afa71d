// The system prompt and the messages of a caller's request.

import type { Block, Message } from '../canonical.ts';
import { restoreSignatures } from '../carried-signature.ts';
import { badField, type ObjectReader } from '../json.ts';
import { decodeBlocks } from './block-decode.ts';

/** The system prompt, if there is one, is the first message. */
export function decodeMessages(body: ObjectReader, issuer: string): Message[] {
  const given = body.objects('messages');
  if (given === undefined || given.length === 0) {
    throw badField('messages', 'expected at least one message');
  }
  const system = body.value('system') === undefined ? [] : decodeBlocks(body, 'system', issuer);
  const messages: Message[] = system.length === 0 ? [] : [{ role: 'system', content: system }];
  return [...messages, ...given.map(message => decodeMessage(message, issuer))];
}

function decodeMessage(message: ObjectReader, issuer: string): Message {
  const role = message.oneOf('role', ['user', 'assistant', 'system']);
  if (role === undefined) throw message.bad('role', 'it is required');
  const blocks = decodeBlocks(message, 'content', issuer);
  if (blocks.length === 0) throw message.bad('content', 'it is empty');
  for (const [index, block] of blocks.entries()) {
    const owner = block.type === 'tool_result' ? 'user' : ownerOf(block);
    if (owner === null || owner === role) continue;
    throw badField(`${message.pathOf('content')}[${index}]`, `it cannot stand with role ${role}`);
  }
  return { role, content: role === 'user' ? resultsFirst(blocks) : restoreSignatures(blocks) };
}

function ownerOf({ type }: Block): 'assistant' | null {
  return type === 'tool_call' || /thinking$/.test(type) ? 'assistant' : null;
}

function resultsFirst(blocks: readonly Block[]): Block[] {
  const isResult = (block: Block): boolean => block.type === 'tool_result';
  return [...blocks.filter(isResult), ...blocks.filter(block => !isResult(block))];
}
