// Events to the stream of a Messages answer. `message_start` waits for one event, which may tell
// the usage of the input; `message_delta` waits for the end, since other upstreams count last.

import type { Native, Stop, StreamEvent, Usage } from '../canonical.ts';
import { carryEvent } from '../carried-signature.ts';
import type { AnswerContext, Loss, StreamEncoder } from '../dialect.ts';
import { isObject, type JsonObject, numberAt, objectAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { encodeSse } from '../sse.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { joinBytes } from '../utf8.ts';
import { BlockWriter } from './block-writer.ts';
import { encodeStreamError } from './errors.ts';
import { encodeStop, stopWords } from './stop.ts';
import { encodeDeltaUsage, encodeUsage } from './usage.ts';

const nothing = new Uint8Array(0);

export class AnthropicMessagesEncoder implements StreamEncoder {
  readonly #losses = new Losses();
  readonly #blocks = new BlockWriter(this.#losses);
  #id: string;
  #model: string;
  #begun = false;
  #usage: Usage | null = null;
  /** `message_start` has told the usage of the input. */
  #inputTold = false;
  #stop: Stop | null = null;
  /** What else `message_delta` is to say. */
  #more: JsonObject = {};
  #over = false;

  constructor({ id, model }: AnswerContext) {
    this.#id = id;
    this.#model = model;
  }

  get losses(): readonly Loss[] {
    return this.#losses.list;
  }

  push(event: StreamEvent): Uint8Array {
    const carried = carryEvent(event);
    return carried === null ? this.#say(event) : joinBytes(carried.map(one => this.#say(one)));
  }

  #say(event: StreamEvent): Uint8Array {
    if (this.#over) return nothing;
    switch (event.type) {
      case 'start':
        this.#id = event.id || this.#id;
        this.#model = event.model || this.#model;
        return nothing;
      case 'usage':
        this.#usage = event.usage;
        return nothing;
      case 'error':
        this.#over = true;
        return encodeStreamError(event.error);
      case 'end':
        this.#over = true;
        return this.#write([...this.#blocks.end(), this.#messageDelta(), messageStop]);
      case 'native':
        return this.#write(this.#native(event.native));
      default:
        if (event.candidate === 0) return this.#write(this.#answer(event));
        this.#losses.add(`candidates[${event.candidate}]`, 'there is one answer here');
        return nothing;
    }
  }

  #answer(event: Extract<StreamEvent, { candidate: number }>): Uint8Array[] {
    switch (event.type) {
      case 'block_start': {
        const { block, index } = event;
        if (block.type === 'native' && block.native.dialect !== 'anthropic-messages') {
          const { dialect } = block.native;
          this.#losses.add(`candidates[0].content[${index}]`, `only ${dialect} has it`);
          return [];
        }
        return this.#blocks.start(index, block);
      }
      case 'block_delta':
        return this.#blocks.text(event.index, event.text);
      case 'block_signature':
        return this.#blocks.signature(event.index, event.signature, event.issuer);
      case 'block_stop':
        return this.#blocks.stop(event.index);
      case 'stop':
        this.#stop ??= event.stop;
        leaveStopDetail(event.stop, stopWords, 0, this.#losses);
        return [];
    }
  }

  #native({ dialect, value }: Native): Uint8Array[] {
    if (dialect !== 'anthropic-messages' || !isObject(value)) {
      this.#losses.add('candidates', `only ${dialect} has this event`);
      return [];
    }
    const { type } = value;
    if (type === 'content_block_delta') {
      return this.#blocks.delta(numberAt(value, 'index') ?? -1, objectAt(value, 'delta') ?? {});
    }
    if (type === 'message_delta') {
      this.#more = { ...this.#more, ...value };
      return [];
    }
    return [encodeSse(String(type), JSON.stringify(value))];
  }

  #write(events: readonly Uint8Array[]): Uint8Array {
    if (events.length === 0) return nothing;
    if (this.#begun) return joinBytes(events);
    this.#begun = true;
    this.#inputTold = this.#usage !== null;
    return joinBytes([this.#messageStart(), ...events]);
  }

  #messageStart(): Uint8Array {
    const message = {
      id: this.#id,
      type: 'message',
      role: 'assistant',
      model: this.#model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: encodeUsage(this.#usage),
    };
    return encodeSse('message_start', JSON.stringify({ type: 'message_start', message }));
  }

  #messageDelta(): Uint8Array {
    const stop_reason = encodeStop(this.#stop?.reason ?? 'end');
    const stop_sequence = this.#stop?.sequence ?? null;
    const event = {
      ...this.#more,
      type: 'message_delta',
      delta: { stop_reason, stop_sequence, ...objectAt(this.#more, 'delta') },
      usage: this.#inputTold ? encodeDeltaUsage(this.#usage) : encodeUsage(this.#usage),
    };
    return encodeSse('message_delta', JSON.stringify(event));
  }
}

const messageStop = encodeSse('message_stop', '{"type":"message_stop"}');
