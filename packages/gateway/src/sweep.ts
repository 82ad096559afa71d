// Deadlines of all open attempts, checked by one timer: a timer per attempt and per chunk would
// cost more than the check. The timer stops at the first tick that finds nothing to watch.

import type { Clock } from './clock.ts';

export interface Watched {
  /** Where the sweep has it; null while it is not watched. The sweep's own to write. */
  sweepPlace: number | null;
  /** How many were watched before it. The sweep's own to write. */
  sweepNumber: number;
  /** Asked at each tick with Clock.nowMs(); `expire` follows a yes. */
  isLate(now: number): boolean;
  expire(): void;
}

/** Resolution of every deadline. */
const tickMs = 20;

export class Sweep {
  readonly #clock: Clock;
  /**
   * Not a Set: under churn that makes a new table every few requests, each held by the one before,
   * so that once one is old they all live, with what they held, until the next full collection.
   */
  readonly #watched: Watched[] = [];
  #timer: NodeJS.Timeout | null = null;
  #added = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(watched: Watched): void {
    if (watched.sweepPlace !== null) return;
    watched.sweepPlace = this.#watched.length;
    watched.sweepNumber = this.#added++;
    this.#watched.push(watched);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  /** The last one takes the place of the one that leaves. */
  remove(watched: Watched): void {
    const place = watched.sweepPlace;
    if (place === null) return;
    watched.sweepPlace = null;
    const last = this.#watched.pop()!;
    if (last === watched) return;
    this.#watched[place] = last;
    last.sweepPlace = place;
  }

  /** Resolves after `ms`, or when `cancel` is called by the caller going away. */
  wait(ms: number, onCancel: (cancel: () => void) => void): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        this.remove(entry);
        resolve();
      };
      const untilMs = this.#clock.nowMs() + ms;
      const isLate = (now: number): boolean => now >= untilMs;
      const entry: Watched = { sweepPlace: null, sweepNumber: 0, isLate, expire: done };
      onCancel(done);
      this.add(entry);
    });
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    if (this.#watched.length === 0) this.close();
    const now = this.#clock.nowMs();
    // Who waits longest goes first. One that expires leaves, and may take others with it.
    const late = this.#watched.filter(one => one.isLate(now));
    for (const watched of late.sort((a, b) => a.sweepNumber - b.sweepNumber)) {
      if (watched.sweepPlace !== null) watched.expire();
    }
  }
}
