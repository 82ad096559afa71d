// The part of a tap that all dialects over server-sent events share: whole events of bytes that
// pass untouched go to a judge, and what it lets through goes on without a copy where that is
// possible.

import { SseFramer } from './sse.ts';
import { joinBytes } from './utf8.ts';

/** What becomes of an event: on to the caller, left out, or the end of everything. */
export type Verdict = 'forward' | 'hide' | 'stop';

/**
 * Sees each event once, its blank line included. `last` marks what stands behind the last blank
 * line at the end of the bytes: it may be half an event, and is to be hidden then.
 */
export type Judge = (frame: Uint8Array, last: boolean) => Verdict;

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
    return this.#sift(this.#framer.push(bytes), false);
  }

  /** The last event, if its blank line is missing and the judge takes it for a whole one. */
  end(): Uint8Array {
    const rest = this.#framer.end();
    // The second half of a CRLF whose first half ended the last event is no event.
    if (rest.every(byte => byte === 0x0a || byte === 0x0d)) return this.#stopped ? nothing : rest;
    return this.#sift([rest], true);
  }

  #sift(frames: readonly Uint8Array[], last: boolean): Uint8Array {
    const runs = new Runs();
    for (const frame of frames) {
      if (this.#stopped) break;
      const verdict = this.#judge(frame, last);
      if (verdict === 'stop') this.#stopped = true;
      if (verdict === 'forward') runs.add(frame);
    }
    return runs.joined();
  }
}

/** Joins pieces, without a copy as long as each lies behind the one before in the same memory. */
class Runs {
  readonly #done: Uint8Array[] = [];
  #first: Uint8Array | null = null;
  #bytes = 0;

  add(piece: Uint8Array): void {
    const first = this.#first;
    const isNext =
      first !== null &&
      first.buffer === piece.buffer &&
      first.byteOffset + this.#bytes === piece.byteOffset;
    if (!isNext) {
      this.#endRun();
      this.#first = piece;
    }
    this.#bytes += piece.length;
  }

  joined(): Uint8Array {
    this.#endRun();
    return joinBytes(this.#done);
  }

  #endRun(): void {
    const first = this.#first;
    if (first === null) return;
    const isWhole = first.length === this.#bytes;
    this.#done.push(isWhole ? first : Buffer.from(first.buffer, first.byteOffset, this.#bytes));
    this.#bytes = 0;
  }
}
