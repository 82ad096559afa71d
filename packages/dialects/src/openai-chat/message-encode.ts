// Canonical messages to those of Chat Completions: answers of tools become messages of their own,
// before what else the user says.

import { CallIds } from '../call-ids.ts';
import type { CanonicalRequest, Message, ToolResultBlock } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { encodeAssistant } from './assistant-encode.ts';
import { callIdRules } from './call-ids.ts';
import { encodeContent, plainest } from './part-encode.ts';

export function encodeMessages(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject[] {
  const callIds = new CallIds(request.messages, callIdRules);
  return request.messages.flatMap((message, index) => {
    const path = `messages[${index}]`;
    if (message.role !== 'assistant') return encodeOther(message, path, target, callIds, losses);
    const said = encodeAssistant(message.content, `${path}.content`, target, callIds, losses);
    return [{ ...said, ...nameOf(message, target, path, losses) }];
  });
}

function encodeOther(
  message: Message,
  path: string,
  target: TargetModel,
  callIds: CallIds,
  losses: Losses,
): JsonObject[] {
  const { role, content } = message;
  const messages: JsonObject[] = [];
  for (const [index, block] of content.entries()) {
    if (block.type !== 'tool_result') continue;
    const place = `${path}.content[${index}].content`;
    messages.push(encodeToolResult(block, place, callIds, losses));
  }
  const answersAlone = messages.length > 0 && messages.length === content.length;
  if (!answersAlone || message.name !== undefined) {
    const written = role === 'developer' && !knowsDeveloper(target) ? 'system' : role;
    const rest = encodeContent(content, `${path}.content`, losses);
    const name = nameOf(message, target, path, losses);
    messages.push({ role: written, content: rest, ...name });
  }
  return messages;
}

/** Hosts of open weights know no `developer`. */
function knowsDeveloper({ vendor, host }: TargetModel): boolean {
  return host === undefined ? vendor === 'openai' : host.developerRole === true;
}

function nameOf(
  { name }: Message,
  { host }: TargetModel,
  path: string,
  losses: Losses,
): { name?: string } {
  if (name === undefined) return {};
  if (host?.messageNames !== false) return { name };
  losses.add(`${path}.name`, 'the host takes no names of speakers');
  return {};
}

/** A failed call is told in words: the dialect has no flag for it. */
function encodeToolResult(
  block: ToolResultBlock,
  path: string,
  callIds: CallIds,
  losses: Losses,
): JsonObject {
  const texts: string[] = [];
  for (const [index, inner] of block.content.entries()) {
    if (inner.type === 'text') texts.push(inner.text);
    else losses.add(`${path}[${index}]`, `a tool answers with text only here, not ${inner.type}`);
  }
  if (block.isError) texts[0] = `Error: ${texts[0] ?? ''}`;
  const content = plainest(texts.map(text => ({ type: 'text', text })));
  return { role: 'tool', tool_call_id: callIds.write(block.callId), content };
}
