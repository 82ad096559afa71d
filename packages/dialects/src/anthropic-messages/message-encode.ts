// Canonical messages to those of the API: what the system says stands apart and before everything,
// one turn follows another, and answers of tools come first in theirs.

import { CallIds } from '../call-ids.ts';
import type { CanonicalRequest, Message } from '../canonical.ts';
import { DialectError, type TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { BlockEncoder, plainest } from './block-encode.ts';
import { callIdRules } from './call-ids.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: JsonObject[];
}

/** `messages`, and `system` where there is one. Throws DialectError (unsupported). */
export function encodeMessages(
  { messages }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const encoder = new BlockEncoder(target, new CallIds(messages, callIdRules), losses);
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    if (message.name !== undefined) losses.add(`${path}.name`, 'speakers have no names here');
    const place = placeOf(message);
    const blocks = encoder.encode(message.content, place, `${path}.content`);
    if (blocks.length === 0) continue;
    if (place === 'system') {
      system.push(...blocks);
      if (turns.length > 0) losses.add(path, 'what the system says can only stand before all else');
    } else if (turns.at(-1)?.role === place) turns.at(-1)!.blocks.push(...blocks);
    else turns.push({ role: place, blocks });
  }
  if (turns.length === 0) {
    if (system.length === 0) throw nothingAsked();
    losses.add(
      'messages',
      'someone must ask: what the system says is sent as the word of the user',
    );
    turns.push({ role: 'user', blocks: system.splice(0) });
  }
  return {
    ...(system.length === 0 ? {} : { system: plainest(system) }),
    messages: turns.map(({ role, blocks }) => ({ role, content: plainest(resultsFirst(blocks)) })),
  };
}

function placeOf({ role }: Message): 'system' | 'user' | 'assistant' {
  return role === 'developer' ? 'system' : role;
}

function resultsFirst(blocks: readonly JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject): boolean => block.type === 'tool_result';
  return [...blocks.filter(isResult), ...blocks.filter(block => !isResult(block))];
}

function nothingAsked(): DialectError {
  const message = 'There must be a message that says something.';
  return new DialectError({ class: 'unsupported', message, field: 'messages' });
}
