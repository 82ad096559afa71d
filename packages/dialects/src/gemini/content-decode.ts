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
  const messages = decodeSystem(body);
  let draft: Draft | null = null;
  for (const content of contents) {
    const role = content.oneOf('role', roles) === 'model' ? 'model' : 'user';
    if (draft?.role !== role) {
      draft = new Draft(role);
      messages.push(draft.message);
      if (role === 'model') book.beginTurn();
    }
    for (const part of content.objects('parts') ?? []) draft.add(decodePart(part, role, book));
  }
  return messages;
}

/** A message as long as its neighbours are of the same role. */
class Draft {
  readonly role: 'user' | 'model';
  readonly message: Message;
  readonly #content: Block[] = [];
  #answers = 0;

  constructor(role: 'user' | 'model') {
    this.role = role;
    this.message = { role: role === 'model' ? 'assistant' : 'user', content: this.#content };
  }

  add(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (block.type === 'tool_result') this.#content.splice(this.#answers++, 0, block);
      else this.#content.push(block);
    }
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
