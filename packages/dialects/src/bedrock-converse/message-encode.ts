// Canonical messages to those of Converse: what the system says stands apart and before everything,
// user and assistant take turns, and answers of tools come first in theirs.

import { CallIds } from '../call-ids.ts';
import type { CanonicalRequest, Message } from '../canonical.ts';
import { DialectError, type TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { BlockEncoder, type Written } from './block-encode.ts';
import { callIdRules } from './call-ids.ts';
import { DocumentNames } from './document-names.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly written: Written[];
}

/** `messages`, and `system` where there is one. Throws DialectError (unsupported). */
export function encodeMessages(
  { messages }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const callIds = new CallIds(messages, callIdRules(target.vendor));
  const encoder = new BlockEncoder(target, callIds, new DocumentNames(), losses);
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    if (message.name !== undefined) losses.add(`${path}.name`, 'speakers have no names here');
    const place = placeOf(message);
    const written = encoder.encode(message.content, place, `${path}.content`);
    if (written.length === 0) continue;
    if (place === 'system') {
      system.push(...written.flatMap(({ blocks }) => blocks));
      if (turns.length > 0) losses.add(path, 'what the system says can only stand before all else');
    } else if (turns.at(-1)?.role === place) turns.at(-1)!.written.push(...written);
    else turns.push({ role: place, written });
  }
  if (turns.length === 0) throw nothingAsked();
  return {
    messages: turns.map(({ role, written }) => ({ role, content: resultsFirst(written) })),
    ...(system.length === 0 ? {} : { system }),
  };
}

function placeOf({ role }: Message): 'system' | 'user' | 'assistant' {
  return role === 'developer' ? 'system' : role;
}

function resultsFirst(written: readonly Written[]): JsonObject[] {
  const results = written.filter(({ isResult }) => isResult);
  const rest = written.filter(({ isResult }) => !isResult);
  return [...results, ...rest].flatMap(({ blocks }) => blocks);
}

function nothingAsked(): DialectError {
  const message = 'There must be a message of the user besides what the system says.';
  return new DialectError({ class: 'unsupported', message, field: 'messages' });
}
