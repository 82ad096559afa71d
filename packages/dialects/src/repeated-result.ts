// A call of a tool that two results answer. Every vendor refuses such a conversation, some in words
// that nobody understands, and some hang on to the wrong one.

import type { CanonicalRequest } from './canonical.ts';
import { DialectError } from './dialect.ts';

/**
 * Throws DialectError (invalid_request) that names the call. An id may be used for a later call.
 */
export function refuseRepeatedResults({ messages }: CanonicalRequest): void {
  const open = new Set<string>();
  const answered = new Set<string>();
  for (const [m, { content }] of messages.entries()) {
    for (const [b, block] of content.entries()) {
      if (block.type === 'tool_call') open.add(block.id);
      if (block.type !== 'tool_result') continue;
      const { callId } = block;
      const isRepeated = !open.delete(callId) && answered.has(callId);
      answered.add(callId);
      if (!isRepeated) continue;
      const id = JSON.stringify(callId.slice(0, 80));
      const message = `The tool call ${id} has more than one result. Send one result for each call.`;
      const field = `messages[${m}].content[${b}]`;
      throw new DialectError({ class: 'invalid_request', message, field });
    }
  }
}
