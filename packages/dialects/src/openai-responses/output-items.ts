// The items of an answer as a caller sees them, and the ids of those that come from another
// dialect.

import type { Native, OfItem, RedactedThinkingBlock, ThinkingBlock } from '../canonical.ts';
import type { AnswerContext } from '../dialect.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { ownValue } from './native.ts';
import { encodeOwn, ownIssuer, partOf, seal } from './reasoning-item.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

const prefixes = { message: 'msg', function_call: 'fc', reasoning: 'rs' } as const;

/** openai refuses ids of items that are longer than 64 characters, or begin with another prefix. */
const maxAnswerChars = 48;

/** Ids for items that have none, made from the answer's own: the same each time. */
export class ItemIds {
  readonly #answer: string;
  #count = 0;

  constructor(answerId: string) {
    this.#answer = answerId.replace(/[^A-Za-z0-9_-]/g, '').slice(-maxAnswerChars);
  }

  /** The item's own id, or a new one. */
  of(item: Native | undefined, type: keyof typeof prefixes): string {
    return stringAt(ownValue(item), 'id') ?? `${prefixes[type]}_${this.#answer}_${this.#count++}`;
  }
}

export function messageItem(
  id: string,
  of: OfItem,
  status: ItemStatus,
  content: readonly JsonObject[],
): JsonObject {
  return { ...ownValue(of.item), id, type: 'message', status, role: 'assistant', content };
}

/** `argumentsJson` is as the model wrote it; callers parse it, so that nothing becomes `{}`. */
export function callItem(
  id: string,
  of: OfItem,
  status: ItemStatus,
  call: { readonly id: string; readonly name: string; readonly argumentsJson: string },
): JsonObject {
  return {
    ...ownValue(of.item),
    id,
    type: 'function_call',
    status,
    call_id: call.id,
    name: call.name,
    arguments: call.argumentsJson,
  };
}

/** What openai made as it was; what another made in a new item, with its signature sealed. */
export function reasoningItem(
  block: ThinkingBlock | RedactedThinkingBlock,
  unsigned: ThoughtPlace,
  newId: () => string,
): JsonObject {
  if (block.type === 'redacted_thinking') {
    const encrypted_content = seal('redacted', block.data, block.issuer);
    return { id: newId(), type: 'reasoning', summary: [], encrypted_content };
  }
  const { text, signature, issuer } = block;
  const own = issuer === ownIssuer && signature ? encodeOwn(text, signature) : null;
  if (own !== null) return { id: stringAt(own, 'id') ?? newId(), ...own };
  return {
    id: newId(),
    type: 'reasoning',
    ...shown(text, shownAs(issuer, unsigned)),
    encrypted_content: seal('thinking', signature ?? '', issuer),
  };
}

export type ThoughtPlace = 'summary' | 'content';

/**
 * Where thinking stands that nobody signed: callers who asked for a summary look nowhere else, and
 * others see it as what hosts of open weights show, the thought itself.
 */
export function placeOfThought({ request }: AnswerContext): ThoughtPlace {
  return request?.reasoning?.display === 'summarized' ? 'summary' : 'content';
}

/** Vendors that sign show a summary of what was thought. */
export function shownAs(issuer: string | undefined, unsigned: ThoughtPlace): ThoughtPlace {
  return issuer === undefined ? unsigned : 'summary';
}

function shown(text: string, kind: ThoughtPlace): JsonObject {
  const parts = text === '' ? [] : [partOf(kind, text)];
  return kind === 'summary' ? { summary: parts } : { summary: [], content: parts };
}
