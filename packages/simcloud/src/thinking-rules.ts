// What Claude demands of thinking that comes back: that it is signed, unchanged, and stands before
// the tool calls that it led to.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { isSigned } from './signature.ts';
import { conversation } from './unanswered-calls.ts';

/** What is wrong with the thinking, and where (`messages.1.content.0`); null when all is right. */
export function thinkingProblem(request: CanonicalRequest): string | null {
  const messages = conversation(request.messages);
  for (const [m, { content }] of messages.entries()) {
    for (const [b, block] of content.entries()) {
      if (block.type !== 'thinking') continue;
      const where = `messages.${m}.content.${b}`;
      if (block.signature === undefined) return `${where}.thinking.signature: Field required`;
      if (!isSigned(block.text, block.signature)) {
        return `${where}: Invalid \`signature\` in \`thinking\` block`;
      }
    }
  }
  if (request.reasoning?.mode !== 'enabled') return null;
  const isContinued = messages.at(-1)?.content.some(block => block.type === 'tool_result');
  const [first] = messages.at(-2)?.content ?? [];
  if (!isContinued || first === undefined || /thinking/.test(first.type)) return null;
  const found = first.type === 'tool_call' ? 'tool_use' : first.type;
  return (
    `messages.${messages.length - 2}.content.0.type: Expected \`thinking\` or ` +
    `\`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a final ` +
    '`assistant` message must start with a thinking block.'
  );
}
