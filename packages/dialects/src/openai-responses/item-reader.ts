// Which reader an item of a stream needs, by its type; and the one for what only this dialect
// knows.

import { type JsonObject, stringAt } from '../json.ts';
import type { BlockSink, ItemReader } from './block-sink.ts';
import { CallReader } from './call-reader.ts';
import { MessageReader } from './message-reader.ts';
import { native } from './native.ts';
import { ReasoningReader } from './reasoning-reader.ts';

/** `callId` stands for the id that a host leaves out. */
export function readerOf(item: JsonObject, callId: string, sink: BlockSink): ItemReader {
  const type = stringAt(item, 'type') ?? '';
  switch (type) {
    case 'message':
      return new MessageReader(item, sink);
    case 'function_call':
      return new CallReader(item, callId, sink);
    case 'reasoning':
      return new ReasoningReader(item, sink);
    default:
      return new NativeReader(type, sink);
  }
}

/** A hosted tool's call: what it is, is known at its end. */
class NativeReader implements ItemReader {
  readonly type: string;
  readonly #sink: BlockSink;

  constructor(type: string, sink: BlockSink) {
    this.type = type;
    this.#sink = sink;
  }

  read(): void {}

  finish(item: JsonObject): void {
    if (item.type === undefined) return;
    this.#sink.stop(this.#sink.start({ type: 'native', native: native({ item }) }));
  }
}
