// Canonical messages to those of Chat Completions: answers of tools become messages of their own,
// before what else the user says.

import type { CanonicalRequest, Message, ToolResultBlock } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { encodeAssistant } from './assistant-encode.ts';
import { CallIds } from './call-ids.ts';
import { encodeContent, plainest } from './part-encode.ts';

export function encodeMessages(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject[] {
  const callIds = new CallIds();
  return request.messages.flatMap((message, index) => {
    const path = `messages[${index}].content`;
    return message.role === 'assistant'
      ? [
          {
            ...encodeAssistant(message.content, path, target, callIds, losses),
            ...nameOf(message),
          },
        ]
      : encodeOther(message, path, target, callIds, losses);
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
    messages.push(encodeToolResult(block, `${path}[${index}].content`, callIds, losses));
  }
  const answersAlone = messages.length > 0 && messages.length === content.length;
  if (!answersAlone || message.name !== undefined) {
    // Hosts of open weights know no `developer`.
    const written = role === 'developer' && target.vendor !== 'openai' ? 'system' : role;
    const rest = encodeContent(content, path, losses);
    messages.push({ role: written, content: rest, ...nameOf(message) });
  }
  return messages;
}

function nameOf(message: Message): { name?: string } {
  return message.name === undefined ? {} : { name: message.name };
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
