// The part of a tap that all dialects over server-sent events share: whole events of bytes that
// pass untouched go to a judge, and what it lets through goes on without a copy where that is
// possible.

import { SseFramer } from './sse.ts';
import { joinBytes } from './utf8.ts';

/** What becomes of an event: on to the caller, left out, or the end of everything. */
export type Verdict = 'forward' | 'hide' | 'stop';

export interface Judge {
  /**
   * True where none of the events has to be looked at: all of them go on. The first begins at
   * `start`, each next one where the one before it ends.
   */
  skips(bytes: Uint8Array, start: number, ends: readonly number[]): boolean;
  /**
   * Sees each event once, its blank line included. `last` marks what stands behind the last blank
   * line at the end of the bytes: it may be half an event, and is to be hidden then.
   */
  judge(event: Uint8Array, last: boolean): Verdict;
}

const nothing = new Uint8Array(0);

export class SseSieve {
  readonly #framer = new SseFramer();
  readonly #judge: Judge;
  #stopped = false;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** The bytes that may be forwarded now. After a verdict of `stop`: nothing more. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.#stopped) return nothing;
    const passed: Uint8Array[] = [];
    const { first, start, ends } = this.#framer.push(bytes);
    if (first !== null) this.#sift(first, 0, [first.length], passed);
    this.#sift(bytes, start, ends, passed);
    return joinBytes(passed);
  }

  /** The last event, if its blank line is missing and the judge takes it for a whole one. */
  end(): Uint8Array {
    const rest = this.#framer.end();
    if (this.#stopped) return nothing;
    // The second half of a CRLF whose first half ended the last event is no event.
    if (rest.every(byte => byte === 0x0a || byte === 0x0d)) return rest;
    return this.#judge.judge(rest, true) === 'forward' ? rest : nothing;
  }

  #sift(bytes: Uint8Array, start: number, ends: readonly number[], passed: Uint8Array[]): void {
    const end = ends.at(-1);
    if (end === undefined || this.#stopped) return;
    if (this.#judge.skips(bytes, start, ends)) {
      passed.push(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
      return;
    }
    let runStart = start;
    let at = start;
    for (const next of ends) {
      const isSkipped = ends.length > 1 && this.#judge.skips(bytes, at, [next]);
      if (!isSkipped && !this.#passes(bytes.subarray(at, next))) {
        if (runStart < at) passed.push(bytes.subarray(runStart, at));
        if (this.#stopped) return;
        runStart = next;
      }
      at = next;
    }
    if (runStart < at) passed.push(bytes.subarray(runStart, at));
  }

  #passes(event: Uint8Array): boolean {
    const verdict = this.#judge.judge(event, false);
    if (verdict === 'stop') this.#stopped = true;
    return verdict === 'forward';
  }
}
