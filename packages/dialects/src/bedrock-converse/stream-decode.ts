// The frames of an upstream's stream to events. An answer is whole when both `messageStop` and
// `metadata` have come: the last of them, in whichever order, ends it.

import { errorOfMessage } from '../bedrock-error.ts';
import { eventName } from '../bedrock-frames.ts';
import type { CanonicalError, StreamEvent } from '../canonical.ts';
import { type AnswerContext, DialectError, type StreamDecoder } from '../dialect.ts';
import { EventStreamFramer, MessageReader } from '../event-stream.ts';
import { type JsonObject, numberAt, objectAt, parseJsonObject } from '../json.ts';
import { Silence } from '../silence.ts';
import { truncated } from '../stream-ends.ts';
import { BlockReader } from './block-reader.ts';
import { BlockSequence } from './block-sequence.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';
import { issuerOf } from './vendor.ts';

export class BedrockConverseDecoder implements StreamDecoder {
  readonly #context: AnswerContext;
  readonly #issuer: string;
  readonly #framer = new EventStreamFramer();
  readonly #messages = new MessageReader();
  readonly #silence = new Silence();
  /** Those that are open, by the upstream's numbers. */
  readonly #blocks = new Map<number, BlockReader>();
  readonly #sequence = new BlockSequence();
  #nextIndex = 0;
  #events: StreamEvent[] = [];
  #begun = false;
  #stopped = false;
  #counted = false;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#issuer = issuerOf(context.model);
  }

  push(bytes: Uint8Array): StreamEvent[] {
    if (this.#over) return [];
    for (const frame of this.#framer.push(bytes)) {
      const before = this.#events.length;
      this.#read(frame);
      if (this.#over) break;
      this.#silence.heard(this.#events.length > before);
    }
    return this.#taken();
  }

  end(): StreamEvent[] {
    if (!this.#over) this.#fail(truncated);
    return this.#taken();
  }

  #taken(): StreamEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #read(frame: Uint8Array): void {
    const message = this.#messages.read(frame);
    const name = eventName(message);
    if (name === null) this.#fail(errorOfMessage(message));
    else this.#readEvent(name, parseJsonObject(message.payload, 'upstream'));
  }

  #readEvent(name: string, payload: JsonObject): void {
    switch (name) {
      case 'messageStart':
        if (this.#nextIndex > 0 || this.#stopped) throw outOfOrder(name);
        this.#begin();
        break;
      case 'contentBlockStart':
        this.#block(payload).start(objectAt(payload, 'start') ?? {});
        break;
      case 'contentBlockDelta':
        this.#block(payload).read(objectAt(payload, 'delta') ?? {});
        break;
      case 'contentBlockStop':
        this.#block(payload).end();
        this.#blocks.delete(placeOf(payload));
        break;
      case 'messageStop':
        this.#stop(payload);
        break;
      case 'metadata':
        this.#count(payload);
        break;
      default:
    }
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#events.push({ type: 'start', id: this.#context.id, model: this.#context.model });
  }

  #block(payload: JsonObject): BlockReader {
    if (this.#stopped) throw outOfOrder('content');
    this.#begin();
    const place = placeOf(payload);
    let reader = this.#blocks.get(place);
    if (reader === undefined) {
      reader = new BlockReader(this.#issuer, {
        nextIndex: () => this.#nextIndex++,
        put: (index, event) => {
          for (const ready of this.#sequence.push(index, event)) this.#events.push(ready);
        },
      });
      this.#blocks.set(place, reader);
    }
    return reader;
  }

  #stop(payload: JsonObject): void {
    if (this.#stopped) throw outOfOrder('messageStop');
    this.#begin();
    for (const reader of this.#blocks.values()) reader.end();
    this.#stopped = true;
    this.#events.push({ type: 'stop', candidate: 0, stop: decodeStop(payload) });
    this.#endIfWhole();
  }

  #count(payload: JsonObject): void {
    this.#begin();
    this.#counted = true;
    const usage = decodeUsage(payload);
    if (usage !== null) this.#events.push({ type: 'usage', usage });
    this.#endIfWhole();
  }

  #endIfWhole(): void {
    if (!this.#stopped || !this.#counted) return;
    this.#over = true;
    this.#events.push({ type: 'end' });
  }

  #fail(error: CanonicalError): void {
    this.#begin();
    this.#over = true;
    this.#events.push({ type: 'error', error });
  }
}

function placeOf(payload: JsonObject): number {
  return numberAt(payload, 'contentBlockIndex') ?? 0;
}

function outOfOrder(what: string): DialectError {
  const message = `The stream says ${what} where it cannot follow.`;
  return new DialectError({ class: 'upstream', message });
}
