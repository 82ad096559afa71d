// One block of an upstream's stream. Only calls of tools say that they begin; anything else begins
// with its first delta, and an empty delta begins nothing.

import type { BlockStart, StreamEvent } from '../canonical.ts';
import { DialectError } from '../dialect.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { SurrogateJoin } from '../surrogate-join.ts';
import { native } from './native.ts';
import { isServerCall } from './response-decode.ts';

/** Where the events of blocks go, and the numbers that they take in the canonical form. */
export interface BlockSink {
  nextIndex(): number;
  put(index: number, event: StreamEvent): void;
}

export class BlockReader {
  readonly #issuer: string;
  readonly #sink: BlockSink;
  #open: { readonly start: BlockStart; readonly index: number } | null = null;
  readonly #join = new SurrogateJoin();
  /** Hidden thinking comes in pieces, each base64 of its own. */
  readonly #hidden: Uint8Array[] = [];

  constructor(issuer: string, sink: BlockSink) {
    this.#issuer = issuer;
    this.#sink = sink;
  }

  start(start: JsonObject): void {
    const call = objectAt(start, 'toolUse');
    if (call !== undefined && !isServerCall(call)) {
      const id = stringAt(call, 'toolUseId') ?? '';
      this.#begin({ type: 'tool_call', id, name: stringAt(call, 'name') ?? '' });
    } else if (Object.keys(start).length > 0) {
      this.#begin({ type: 'native', native: native({ start }) });
    }
  }

  read(delta: JsonObject): void {
    const reasoning = objectAt(delta, 'reasoningContent');
    const call = objectAt(delta, 'toolUse');
    const text = stringAt(delta, 'text');
    if (this.#open?.start.type === 'native') this.#native(delta);
    else if (text !== undefined) this.#say({ type: 'text' }, text);
    else if (reasoning !== undefined) this.#reason(reasoning);
    else if (call !== undefined) this.#continueCall(stringAt(call, 'input') ?? '');
    else if (objectAt(delta, 'citation') !== undefined) {
      this.#ensure({ type: 'text' });
      this.#native(delta);
    } else this.#begin({ type: 'native', native: native({ delta }) });
  }

  end(): void {
    if (this.#open === null) return;
    const { start, index } = this.#open;
    if (start.type === 'redacted_thinking') {
      this.#delta(Buffer.concat(this.#hidden.splice(0)).toString('base64'));
    }
    this.#delta(this.#join.flush());
    this.#open = null;
    this.#sink.put(index, { type: 'block_stop', candidate: 0, index });
  }

  #reason(reasoning: JsonObject): void {
    const issuer = this.#issuer;
    const text = stringAt(reasoning, 'text');
    if (text !== undefined) this.#say({ type: 'thinking', issuer }, text);
    const signature = stringAt(reasoning, 'signature');
    if (signature) {
      const index = this.#ensure({ type: 'thinking', issuer });
      this.#delta(this.#join.flush());
      this.#sink.put(index, { type: 'block_signature', candidate: 0, index, signature });
    }
    const hidden = stringAt(reasoning, 'redactedContent');
    if (!hidden) return;
    this.#ensure({ type: 'redacted_thinking', issuer });
    this.#hidden.push(Buffer.from(hidden, 'base64'));
  }

  #continueCall(input: string): void {
    if (this.#open?.start.type !== 'tool_call') {
      const message = 'The stream goes on with a tool call that has not begun.';
      throw new DialectError({ class: 'upstream', message });
    }
    this.#delta(this.#join.push(input));
  }

  #say(start: BlockStart, text: string): void {
    if (text === '') return;
    this.#ensure(start);
    this.#delta(this.#join.push(text));
  }

  #native(delta: JsonObject): void {
    this.#sink.put(this.#open!.index, { type: 'native', native: native({ delta }) });
  }

  /** A block of this type; another one ends. */
  #ensure(start: BlockStart): number {
    if (this.#open?.start.type === start.type) return this.#open.index;
    return this.#begin(start);
  }

  #begin(block: BlockStart): number {
    this.end();
    const index = this.#sink.nextIndex();
    this.#open = { start: block, index };
    this.#sink.put(index, { type: 'block_start', candidate: 0, index, block });
    return index;
  }

  #delta(text: string): void {
    if (text === '') return;
    const { index } = this.#open!;
    this.#sink.put(index, { type: 'block_delta', candidate: 0, index, text });
  }
}

/** The event of a stream begins a block: what the reader above makes an event of. */
export function beginsBlock(payload: JsonObject): boolean {
  const begun: StreamEvent[] = [];
  const sink = { nextIndex: () => 0, put: (_: number, event: StreamEvent) => begun.push(event) };
  const reader = new BlockReader('', sink);
  reader.start(objectAt(payload, 'start') ?? {});
  const delta = objectAt(payload, 'delta');
  if (begun.length === 0 && delta !== undefined) reader.read(delta);
  return begun.length > 0;
}
