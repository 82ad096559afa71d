// What of a request a feature is, for the features that live in messages and tools.

import type { Block, CanonicalRequest, Message, Tool } from '../canonical.ts';

/** undefined where the list is empty: the feature is not used. */
export function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Every block of the conversation, those inside of answers of tools too. */
export function blocksOf({ messages }: CanonicalRequest): readonly Block[] {
  return messages.flatMap(({ content }) => content.flatMap(withInner));
}

function withInner(block: Block): readonly Block[] {
  return block.type === 'tool_result' ? [block, ...block.content] : [block];
}

export function blocksOfType<T extends Block['type']>(
  request: CanonicalRequest,
  type: T,
): readonly Extract<Block, { type: T }>[] {
  return blocksOf(request).filter(
    (block): block is Extract<Block, { type: T }> => block.type === type,
  );
}

/** Role and texts of the messages of these roles. */
export function saidBy(
  { messages }: CanonicalRequest,
  ...roles: readonly Message['role'][]
): readonly unknown[] | undefined {
  return some(
    messages
      .filter(({ role }) => roles.includes(role))
      .map(({ role, content }) => [role, content.flatMap(textOf)]),
  );
}

export function textOf(block: Block): readonly string[] {
  return block.type === 'text' ? [block.text] : [];
}

/** Tools that the caller runs. */
export function functionsOf({ tools = [] }: CanonicalRequest): readonly Tool[] {
  return tools.filter(tool => tool.native === undefined);
}
