// Puts events of blocks that may be open at the same time one block after the other: what is said
// of a later block waits until the one before it has ended.

import type { StreamEvent } from '../canonical.ts';

export class BlockSequence {
  #open: number | null = null;
  /** In the order in which the blocks began. */
  readonly #waiting = new Map<number, StreamEvent[]>();

  /** The event belongs to the block `index`; gives the events that may follow now. */
  push(index: number, event: StreamEvent): readonly StreamEvent[] {
    if (this.#open !== null && this.#open !== index) {
      const queue = this.#waiting.get(index);
      if (queue === undefined) this.#waiting.set(index, [event]);
      else queue.push(event);
      return [];
    }
    this.#open = event.type === 'block_stop' ? null : index;
    if (this.#open !== null || this.#waiting.size === 0) return [event];
    return [event, ...this.#release()];
  }

  /** Whole blocks, up to the first that has not ended, which is the open one then. */
  #release(): StreamEvent[] {
    const released: StreamEvent[] = [];
    for (const [index, queue] of this.#waiting) {
      this.#waiting.delete(index);
      for (const event of queue) released.push(event);
      if (queue.at(-1)?.type === 'block_stop') continue;
      this.#open = index;
      break;
    }
    return released;
  }
}
