// Ids of tool calls as the service takes them. Other dialects allow other characters, and ids only
// need to match within one request.

import type { Message } from '../canonical.ts';
import { callIdPattern } from './block-decode.ts';

/** The models of mistral take ids of nine letters and digits alone. */
const mistralPattern = /^[a-zA-Z0-9]{9}$/;

export class CallIds {
  readonly #allowed: RegExp;
  readonly #prefix: string;
  readonly #digits: number;
  /** Ids that go out as they are: no other id may be written as one of them. */
  readonly #kept = new Set<string>();
  readonly #made = new Map<string, string>();
  #count = 0;

  constructor(messages: readonly Message[], vendor: string) {
    const isMistral = vendor === 'mistral';
    this.#allowed = isMistral ? mistralPattern : callIdPattern;
    this.#prefix = isMistral ? 'c' : 'tooluse_entrepot_';
    this.#digits = isMistral ? 8 : 1;
    for (const block of messages.flatMap(message => message.content)) {
      if (block.type === 'tool_call') this.#keep(block.id);
      if (block.type === 'tool_result') this.#keep(block.callId);
    }
  }

  /** The id itself, or one that stands for it, and for no other, throughout the request. */
  write(id: string): string {
    if (this.#allowed.test(id)) return id;
    let made = this.#made.get(id);
    if (made === undefined) {
      do made = this.#prefix + String(++this.#count).padStart(this.#digits, '0');
      while (this.#kept.has(made));
      this.#made.set(id, made);
    }
    return made;
  }

  #keep(id: string): void {
    if (this.#allowed.test(id)) this.#kept.add(id);
  }
}
