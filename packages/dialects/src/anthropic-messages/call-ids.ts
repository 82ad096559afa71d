// Ids of tool calls as the API takes them. Other dialects allow other characters, and ids only need
// to match within one request.

import type { Message } from '../canonical.ts';

const allowed = /^[a-zA-Z0-9_-]+$/;

export class CallIds {
  /** Ids that go out as they are: no other id may be written as one of them. */
  readonly #kept = new Set<string>();
  readonly #made = new Map<string, string>();
  #count = 0;

  constructor(messages: readonly Message[]) {
    for (const block of messages.flatMap(message => message.content)) {
      const id = block.type === 'tool_call' ? block.id : null;
      const answered = block.type === 'tool_result' ? block.callId : id;
      if (answered !== null && allowed.test(answered)) this.#kept.add(answered);
    }
  }

  /** The id itself, or one that stands for it, and for no other, throughout the request. */
  write(id: string): string {
    if (allowed.test(id)) return id;
    let made = this.#made.get(id);
    if (made === undefined) {
      do made = `call_entrepot_${++this.#count}`;
      while (this.#kept.has(made));
      this.#made.set(id, made);
    }
    return made;
  }
}
