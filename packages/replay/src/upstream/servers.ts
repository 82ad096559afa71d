// An upstream that serves so many requests at a time, and lets others queue in the order in which
// they come. The times at which each place is free again are kept as a heap: who comes next takes
// the place that is free first.

import type { Ms } from '@entrepot/engine/engine';

export class Servers {
  readonly #freeAtMs: Float64Array;

  constructor(places: number) {
    this.#freeAtMs = new Float64Array(places);
  }

  /** When the next place is free; not later than `now` when one is. */
  get nextFreeMs(): Ms {
    return this.#freeAtMs[0]!;
  }

  /** Takes the place that is free first, until a time. */
  take(untilMs: Ms): void {
    const heap = this.#freeAtMs;
    let at = 0;
    for (;;) {
      let least = 2 * at + 1;
      if (least >= heap.length) break;
      if (least + 1 < heap.length && heap[least + 1]! < heap[least]!) least += 1;
      if (heap[least]! >= untilMs) break;
      heap[at] = heap[least]!;
      at = least;
    }
    heap[at] = untilMs;
  }

  /** Whoever had a place until `untilMs` leaves it now. */
  leave(untilMs: Ms, now: Ms): void {
    const heap = this.#freeAtMs;
    let at = heap.indexOf(untilMs);
    if (at === -1) return;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= now) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = now;
  }
}
