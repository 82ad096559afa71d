// One block of an upstream's stream. It begins, as an event, when it first says something, so that
// empty blocks leave no trace.

import type { BlockStart, StreamEvent } from '../canonical.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { SurrogateJoin } from '../surrogate-join.ts';
import { native } from './block-decode.ts';
import { isDirectCall } from './response-decode.ts';

export class BlockReader {
  readonly #index: number;
  readonly #start: BlockStart;
  /** Input that came whole at the start, as some hosts send it; it counts if no other comes. */
  #wholeInput = '';
  readonly #join = new SurrogateJoin();
  begun = false;

  /** `index` is the place that the block takes if it ever begins. */
  constructor(index: number, block: JsonObject, events: StreamEvent[]) {
    this.#index = index;
    this.#start = startOf(block);
    switch (this.#start.type) {
      case 'text':
        this.#say(stringAt(block, 'text'), events);
        break;
      case 'thinking':
        this.#say(stringAt(block, 'thinking'), events);
        this.#sign(stringAt(block, 'signature'), events);
        break;
      case 'redacted_thinking':
        this.#say(stringAt(block, 'data'), events);
        break;
      case 'tool_call': {
        const input = objectAt(block, 'input') ?? {};
        this.#wholeInput = Object.keys(input).length === 0 ? '' : JSON.stringify(input);
        this.#begin(events);
        break;
      }
      default:
        this.#begin(events);
    }
  }

  read(delta: JsonObject, events: StreamEvent[]): void {
    const kind = this.#start.type === 'native' ? null : delta.type;
    switch (kind) {
      case 'text_delta':
        this.#say(stringAt(delta, 'text'), events);
        break;
      case 'thinking_delta':
        this.#say(stringAt(delta, 'thinking'), events);
        break;
      case 'input_json_delta':
        this.#say(stringAt(delta, 'partial_json'), events);
        break;
      case 'signature_delta':
        this.#sign(stringAt(delta, 'signature'), events);
        break;
      default: {
        this.#begin(events);
        const value = { type: 'content_block_delta', index: this.#index, delta };
        events.push({ type: 'native', native: native(value) });
      }
    }
  }

  end(events: StreamEvent[]): void {
    if (!this.begun) return;
    this.#say(this.#wholeInput, events);
    this.#delta(this.#join.flush(), events);
    events.push({ type: 'block_stop', candidate: 0, index: this.#index });
  }

  #begin(events: StreamEvent[]): void {
    if (this.begun) return;
    this.begun = true;
    events.push({ type: 'block_start', candidate: 0, index: this.#index, block: this.#start });
  }

  #say(text: string | undefined, events: StreamEvent[]): void {
    if (!text) return;
    this.#begin(events);
    this.#wholeInput = '';
    this.#delta(this.#join.push(text), events);
  }

  #delta(text: string, events: StreamEvent[]): void {
    if (text === '') return;
    events.push({ type: 'block_delta', candidate: 0, index: this.#index, text });
  }

  #sign(signature: string | undefined, events: StreamEvent[]): void {
    if (!signature) return;
    this.#begin(events);
    this.#delta(this.#join.flush(), events);
    events.push({ type: 'block_signature', candidate: 0, index: this.#index, signature });
  }
}

function startOf(block: JsonObject): BlockStart {
  switch (block.type) {
    case 'text':
      return { type: 'text' };
    case 'thinking':
    case 'redacted_thinking':
      return { type: block.type, issuer: 'anthropic' };
    case 'tool_use':
      if (!isDirectCall(block)) break;
      return {
        type: 'tool_call',
        id: stringAt(block, 'id') ?? '',
        name: stringAt(block, 'name') ?? '',
      };
    default:
  }
  return { type: 'native', native: native(block) };
}

/** The block says something where it starts: a text that is still empty does not. */
export function saysAtStart(block: JsonObject | undefined): boolean {
  if (!isObject(block)) return false;
  const events: StreamEvent[] = [];
  return new BlockReader(0, block, events).begun;
}
