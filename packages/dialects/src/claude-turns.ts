// How a conversation stands when Claude comes to read it: neighbours of one role are one turn, and
// what is not written for it is not there.

import type { Block, CanonicalRequest, Message } from './canonical.ts';

export type ClaudesDialect = 'anthropic-messages' | 'bedrock-converse';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: Block[];
}

/** Claude refuses to go on thinking after calls that came without signed thinking of its own. */
export function lacksThinking(request: CanonicalRequest, dialect: ClaudesDialect): boolean {
  const turns = turnsOf(request, dialect);
  const last = turns.pop();
  const isAnswered =
    last?.role === 'user' && last.blocks.some(({ type }) => type === 'tool_result');
  const first = turns.at(-1)?.blocks[0];
  if (!isAnswered || first === undefined || first.type === 'native') return false;
  return first.type !== 'thinking' && first.type !== 'redacted_thinking';
}

function turnsOf({ messages }: CanonicalRequest, dialect: ClaudesDialect): Turn[] {
  const turns: Turn[] = [];
  for (const { role, content } of messages) {
    if (role !== 'user' && role !== 'assistant') continue;
    const blocks = content.filter(block => isWritten(block, role, dialect));
    if (blocks.length === 0) continue;
    if (turns.at(-1)?.role === role) turns.at(-1)!.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }
  return turns;
}

function isWritten(block: Block, role: Message['role'], dialect: ClaudesDialect): boolean {
  switch (block.type) {
    case 'text':
    case 'refusal': {
      const takesBlank = role === 'user' && dialect === 'anthropic-messages';
      return (takesBlank ? block.text : block.text.trim()) !== '';
    }
    case 'native':
      return block.native.dialect === dialect;
    case 'thinking':
      return block.signature !== undefined && block.issuer === 'anthropic';
    case 'redacted_thinking':
      return block.issuer === 'anthropic';
    default:
      return true;
  }
}
