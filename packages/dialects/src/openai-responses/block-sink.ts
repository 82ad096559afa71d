// What the readers of a stream's items write to.

import type { BlockStart, StreamEvent } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import { native } from './native.ts';

/** Where blocks get their numbers and events go; one for the whole answer. */
export class BlockSink {
  events: StreamEvent[] = [];
  #nextIndex = 0;

  start(block: BlockStart): number {
    const index = this.#nextIndex++;
    this.events.push({ type: 'block_start', candidate: 0, index, block });
    return index;
  }

  delta(index: number, text: string): void {
    if (text !== '') this.events.push({ type: 'block_delta', candidate: 0, index, text });
  }

  signature(index: number, signature: string): void {
    this.events.push({ type: 'block_signature', candidate: 0, index, signature });
  }

  stop(index: number): void {
    this.events.push({ type: 'block_stop', candidate: 0, index });
  }

  native(value: JsonObject): void {
    this.events.push({ type: 'native', native: native(value) });
  }
}

export interface ItemReader {
  readonly type: string;
  /** A message in which the model refused. */
  readonly refused?: boolean;
  /** An event about the item, neither its first nor its last. */
  read(type: string, event: JsonObject): void;
  /** The item as it is at its end. Called once. */
  finish(item: JsonObject): void;
}
