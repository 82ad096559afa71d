// Calls and answers of a caller's conversation, matched. Gemini may give a call no id, and callers
// leave it out: an answer then belongs to the first open call of its name, as Google reads it.

import { badField } from '../json.ts';

interface Call {
  readonly id: string;
  isOpen: boolean;
}

/** Calls of one name, in their order; those before `next` have been answered. */
interface Line {
  readonly calls: Call[];
  next: number;
}

export class CallBook {
  #byId = new Map<string, Call>();
  #byName = new Map<string, Line>();
  readonly #taken = new Set<string>();
  #count = 0;

  /** The model speaks: what it asked before is no longer open. */
  beginTurn(): void {
    this.#byId = new Map();
    this.#byName = new Map();
  }

  /** The id of a new call; one made up is the same each time the conversation is sent. */
  call(name: string, given: string | undefined): string {
    this.#count++;
    let id = given || `call_gemini_${this.#count}`;
    // Callers that number calls anew in each turn would make two calls one.
    while (this.#taken.has(id)) id = `${given || 'call_gemini'}_${++this.#count}`;
    this.#taken.add(id);
    const call = { id, isOpen: true };
    this.#byId.set(given || id, call);
    const line = this.#byName.get(name) ?? { calls: [], next: 0 };
    this.#byName.set(name, line);
    line.calls.push(call);
    return id;
  }

  /** The id of the call that is answered. Throws DialectError where there is none. */
  answer(name: string, given: string | undefined, path: string): string {
    const named = given === undefined ? undefined : this.#byId.get(given);
    const call = named?.isOpen ? named : this.#firstOpen(name);
    if (call === undefined) {
      throw badField(path, `no open call of ${JSON.stringify(name)} stands before it`);
    }
    call.isOpen = false;
    return call.id;
  }

  #firstOpen(name: string): Call | undefined {
    const line = this.#byName.get(name);
    if (line === undefined) return undefined;
    while (line.calls[line.next]?.isOpen === false) line.next++;
    return line.calls[line.next];
  }
}
