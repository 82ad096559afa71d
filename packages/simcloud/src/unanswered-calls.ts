// Tool calls that the next message does not answer. Every cloud refuses such a conversation, each
// in its own words.

import type { Message } from '@entrepot/dialects/canonical';

export interface UnansweredCalls {
  /** Which of the messages made the calls, counted without system messages. */
  readonly messageIndex: number;
  readonly ids: readonly string[];
}

export function unansweredCalls(messages: readonly Message[]): UnansweredCalls | null {
  const spoken = conversation(messages);
  for (const [messageIndex, { role, content }] of spoken.entries()) {
    if (role !== 'assistant') continue;
    const made = content.flatMap(block => (block.type === 'tool_call' ? [block.id] : []));
    if (made.length === 0) continue;
    const next = spoken[messageIndex + 1]?.content ?? [];
    const answered = next.flatMap(block => (block.type === 'tool_result' ? [block.callId] : []));
    const ids = made.filter(id => !answered.includes(id));
    if (ids.length > 0) return { messageIndex, ids };
  }
  return null;
}

/** The messages of user and assistant. */
export function conversation(messages: readonly Message[]): readonly Message[] {
  return messages.filter(m => m.role === 'user' || m.role === 'assistant');
}
