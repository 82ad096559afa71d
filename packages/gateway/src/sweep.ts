// Deadlines of all open attempts, checked by one timer: a timer per attempt and per chunk would
// cost more than the check. The timer runs only while something is watched.

import type { Clock } from './clock.ts';

export interface Watched {
  /** Asked at each tick with Clock.nowMs(); `expire` follows a yes. */
  isLate(now: number): boolean;
  expire(): void;
}

/** Resolution of every deadline. */
const tickMs = 20;

export class Sweep {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size === 0) this.close();
  }

  /** Resolves after `ms`, or when `cancel` is called by the caller going away. */
  wait(ms: number, onCancel: (cancel: () => void) => void): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        this.remove(entry);
        resolve();
      };
      const untilMs = this.#clock.nowMs() + ms;
      const entry: Watched = { isLate: now => now >= untilMs, expire: done };
      onCancel(done);
      this.add(entry);
    });
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const now = this.#clock.nowMs();
    for (const watched of this.#watched) if (watched.isLate(now)) watched.expire();
  }
}
