// What a client keeps of an answer that it sends back, where it keeps the fields alone that the
// dialect's vendor documents: as the types of the official SDKs name them.

import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import type { Fields } from './samples/body.ts';

/** By the list that the model's words stand in. */
const known: Readonly<Record<SpokenDialect, ReadonlySet<string>>> = {
  // openai 6: ChatCompletionMessage, ChatCompletionMessageToolCall.
  'openai-chat': names(
    'role content refusal audio annotations function_call name tool_calls id type function',
    'arguments',
  ),
  // openai 6: ResponseOutputMessage, ResponseReasoningItem, ResponseFunctionToolCall.
  'openai-responses': names(
    'id type role status content text annotations logprobs phase summary encrypted_content',
    'call_id name arguments',
  ),
  // @anthropic-ai/sdk: TextBlock, ThinkingBlock, RedactedThinkingBlock, ToolUseBlock.
  'anthropic-messages': names('type text citations thinking signature data id name input caller'),
  // @aws-sdk/client-bedrock-runtime: ContentBlock, ReasoningContentBlock, ToolUseBlock.
  'bedrock-converse': names(
    'role content text reasoningContent reasoningText signature redactedContent toolUse',
    'toolUseId name input type',
  ),
  // @google/genai: Content, Part, FunctionCall.
  gemini: names('role parts text thought thoughtSignature functionCall id name args'),
};

/** What holds words of the caller's own, in which any name may stand. */
const free: ReadonlySet<string> = new Set(['input', 'args', 'arguments']);

/** The same answer without what such a client does not know. */
export function withoutUnknown(dialect: SpokenDialect, wire: Fields): Fields {
  const keep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(keep);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([name]) => known[dialect].has(name));
    return Object.fromEntries(
      kept.map(([name, inner]) => [name, free.has(name) ? inner : keep(inner)]),
    );
  };
  const said = (value: unknown): unknown => (Array.isArray(value) ? value.map(keep) : value);
  switch (dialect) {
    case 'openai-chat':
      return { choices: each(wire.choices, ({ message }) => ({ message: keep(message) })) };
    case 'openai-responses':
      return { output: said(wire.output) };
    case 'anthropic-messages':
      return { content: said(wire.content) };
    case 'bedrock-converse':
      return { output: { message: keep((wire.output as Fields).message) } };
    case 'gemini':
      return { candidates: each(wire.candidates, ({ content }) => ({ content: keep(content) })) };
  }
}

function each(list: unknown, of: (item: Fields) => Fields): readonly Fields[] {
  return (list as readonly Fields[]).map(of);
}

function names(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}
