// How long an upstream may go on without saying anything: what keeps a connection open comes about
// once in a second, and an upstream that sends nothing else for a day and longer is broken.

import { DialectError } from './dialect.ts';

/** Events in a row that say nothing; beyond them the stream is refused. */
export const maxSilentEvents: number = 100_000;

export class Silence {
  #events = 0;

  /** After each event that has been read. Throws DialectError (upstream) when it is too long. */
  heard(saysSomething: boolean): void {
    this.#events = saysSomething ? 0 : this.#events + 1;
    if (this.#events <= maxSilentEvents) return;
    const message = `More than ${maxSilentEvents} events in a row say nothing of an answer.`;
    throw new DialectError({ class: 'upstream', message, code: 'endless_silence' });
  }
}
