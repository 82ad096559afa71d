// A limit per minute, as a bucket that refills all the time and holds what one minute gives.

import type { Ms } from '@entrepot/engine/engine';

const minuteMs = 60_000;

export class Bucket {
  readonly perMinute: number;
  /** A number from the start, so that it is never kept in a box of its own. */
  #left = 0;
  #atMs: Ms = 0;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
    this.#left = perMinute;
  }

  /**
   * How long until it has so much; 0 for now. What is larger than the whole bucket fits when the
   * bucket is full.
   */
  waitMs(amount: number, now: Ms): Ms {
    this.#refill(now);
    const lacking = Math.min(amount, this.perMinute) - this.#left;
    return lacking <= 0 ? 0 : (lacking * minuteMs) / this.perMinute;
  }

  /** Takes it, also where it was not there: then those who come later wait for that too. */
  take(amount: number): void {
    this.#left -= amount;
  }

  #refill(now: Ms): void {
    const gained = ((now - this.#atMs) * this.perMinute) / minuteMs;
    this.#left = Math.min(this.perMinute, this.#left + gained);
    this.#atMs = now;
  }
}

/** The same, where null has no limit. */
export function waitFor(bucket: Bucket | null, amount: number, now: Ms): Ms {
  return bucket === null ? 0 : bucket.waitMs(amount, now);
}
