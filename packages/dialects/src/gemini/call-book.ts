// Calls and answers of a caller's conversation, matched. Gemini may give a call no id, and callers
// leave it out: an answer then belongs to the first open call of its name, as Google reads it.

import { badField } from '../json.ts';

interface OpenCall {
  readonly name: string;
  readonly id: string;
}

export class CallBook {
  #open: OpenCall[] = [];
  readonly #taken = new Set<string>();
  #count = 0;

  /** The model speaks: what it asked before is no longer open. */
  beginTurn(): void {
    this.#open = [];
  }

  /** The id of a new call; one made up is the same each time the conversation is sent. */
  call(name: string, given: string | undefined): string {
    this.#count++;
    let id = given || `call_gemini_${this.#count}`;
    // Callers that number calls anew in each turn would make two calls one.
    while (this.#taken.has(id)) id = `${given || 'call_gemini'}_${++this.#count}`;
    this.#taken.add(id);
    this.#open.push({ name, id });
    return id;
  }

  /** The id of the call that is answered. Throws DialectError where there is none. */
  answer(name: string, given: string | undefined, path: string): string {
    let place = this.#open.findIndex(call => given !== undefined && call.id === given);
    if (place === -1) place = this.#open.findIndex(call => call.name === name);
    if (place === -1)
      throw badField(path, `no open call of ${JSON.stringify(name)} stands before it`);
    return this.#open.splice(place, 1)[0]!.id;
  }
}
