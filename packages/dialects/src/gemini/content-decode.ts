// Contents of a caller's request to canonical messages. Neighbours of one role are one message: the
// SDK's chats keep each chunk of a stream as a content of its own. Answers come first in it.

import type { Block, Message } from '../canonical.ts';
import { badField } from '../json.ts';
import { CallBook } from './call-book.ts';
import { decodePart } from './part-decode.ts';
import type { ProtoReader } from './proto-reader.ts';

/** `function` is the older word for who answers calls. */
const roles = ['user', 'model', 'function'] as const;

export function decodeMessages(body: ProtoReader): Message[] {
  const contents = body.objects('contents');
  if (contents === undefined || contents.length === 0) {
    throw badField('contents', 'expected at least one content');
  }
  const book = new CallBook();
  const drafts: Draft[] = [];
  for (const content of contents) {
    const role = content.oneOf('role', roles) === 'model' ? 'model' : 'user';
    if (drafts.at(-1)?.role !== role) {
      drafts.push(new Draft(role));
      if (role === 'model') book.beginTurn();
    }
    const draft = drafts.at(-1)!;
    for (const part of content.objects('parts') ?? []) draft.add(decodePart(part, role, book));
  }
  return [...decodeSystem(body), ...drafts.map(draft => draft.message())];
}

/** A message as long as its neighbours are of the same role. */
class Draft {
  readonly role: 'user' | 'model';
  readonly #answers: Block[] = [];
  readonly #said: Block[] = [];

  constructor(role: 'user' | 'model') {
    this.role = role;
  }

  add(blocks: readonly Block[]): void {
    for (const block of blocks) {
      (block.type === 'tool_result' ? this.#answers : this.#said).push(block);
    }
  }

  message(): Message {
    const role = this.role === 'model' ? 'assistant' : 'user';
    return { role, content: [...this.#answers, ...this.#said] };
  }
}

function decodeSystem(body: ProtoReader): Message[] {
  const instruction = body.child('systemInstruction');
  const parts = instruction?.objects('parts') ?? [];
  const content = parts.flatMap((part): Block[] => {
    const text = part.requiredString('text');
    return text === '' ? [] : [{ type: 'text', text }];
  });
  return content.length === 0 ? [] : [{ role: 'system', content }];
}
