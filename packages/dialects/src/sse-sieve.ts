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
    const runs: Uint8Array[] = [];
    for (const frame of frames) {
      if (this.#stopped) break;
      const verdict = this.#judge(frame, last);
      if (verdict === 'stop') this.#stopped = true;
      if (verdict !== 'forward') continue;
      const before = runs.at(-1);
      const joined = before === undefined ? null : joinNeighbours(before, frame);
      if (joined === null) runs.push(frame);
      else runs[runs.length - 1] = joined;
    }
    return joinBytes(runs);
  }
}

/** One view of two pieces that lie side by side in the same memory; null if they do not. */
function joinNeighbours(first: Uint8Array, second: Uint8Array): Uint8Array | null {
  if (first.buffer !== second.buffer) return null;
  if (first.byteOffset + first.length !== second.byteOffset) return null;
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}
