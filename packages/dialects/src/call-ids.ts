// Ids of tool calls where a service does not take every one. Dialects allow different lengths and
// characters, and ids only need to match within one request.

import type { Message } from './canonical.ts';

export interface CallIdRules {
  /** The service takes the id as it is. */
  readonly fits: (id: string) => boolean;
  /** The id to be tried as the one that is `count`th; each is another. */
  readonly made: (count: number) => string;
}

export class CallIds {
  readonly #rules: CallIdRules;
  /** Ids that go out as they are: no other id may be written as one of them. */
  readonly #kept = new Set<string>();
  readonly #made = new Map<string, string>();
  #count = 0;

  constructor(messages: readonly Message[], rules: CallIdRules) {
    this.#rules = rules;
    for (const block of messages.flatMap(message => message.content)) {
      if (block.type === 'tool_call') this.#keep(block.id);
      if (block.type === 'tool_result') this.#keep(block.callId);
    }
  }

  /** The id itself, or one that stands for it, and for no other, throughout the request. */
  write(id: string): string {
    if (this.#rules.fits(id)) return id;
    let made = this.#made.get(id);
    if (made === undefined) {
      do made = this.#rules.made(++this.#count);
      while (this.#kept.has(made));
      this.#made.set(id, made);
    }
    return made;
  }

  #keep(id: string): void {
    if (this.#rules.fits(id)) this.#kept.add(id);
  }
}
