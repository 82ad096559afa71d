// The events of an upstream's stream to canonical ones. Blocks follow one another. Only
// `message_stop` makes an answer whole: why it stopped is told then, for `message_delta` may come
// more than once.

import type { CanonicalError, StreamEvent } from '../canonical.ts';
import { type AnswerContext, DialectError, type StreamDecoder } from '../dialect.ts';
import { type JsonObject, numberAt, objectAt, stringAt } from '../json.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, SseParser } from '../sse.ts';
import { empty, truncated } from '../stream-ends.ts';
import { native } from './block-decode.ts';
import { BlockReader } from './block-reader.ts';
import { errorInside } from './errors.ts';
import { decodeStop } from './stop.ts';
import { eventOf, secondAnswer } from './stream-event.ts';
import { StreamUsage } from './usage.ts';

export class AnthropicMessagesDecoder implements StreamDecoder {
  readonly #context: AnswerContext;
  readonly #parser = new SseParser();
  readonly #silence = new Silence();
  readonly #usage = new StreamUsage();
  #started = false;
  #open: { readonly place: number; readonly reader: BlockReader } | null = null;
  #nextIndex = 0;
  #stopRaw: string | null = null;
  #stopSequence: string | undefined;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const sse of this.#parser.push(bytes)) {
      if (this.#over) break;
      const before = events.length;
      this.#read(sse, events);
      this.#silence.heard(events.length > before);
    }
    return events;
  }

  end(): StreamEvent[] {
    const events: StreamEvent[] = [];
    try {
      for (const sse of this.#parser.end()) this.#read(sse, events);
    } catch (cause) {
      // The last event was cut off, and the answer with it.
      if (!(cause instanceof DialectError)) throw cause;
    }
    if (!this.#over) this.#fail(truncated, events);
    return events;
  }

  #read(sse: SseEvent, events: StreamEvent[]): void {
    if (this.#over) return;
    const event = eventOf(sse);
    switch (event?.type) {
      case undefined:
      case 'ping':
        return;
      case 'error':
        this.#fail(errorInside(event), events);
        break;
      case 'message_start':
        this.#readStart(event, events);
        break;
      case 'content_block_start':
        this.#startBlock(event, events);
        break;
      case 'content_block_delta':
        this.#readDelta(event, events);
        break;
      case 'content_block_stop':
        this.#closeBlock(events);
        break;
      case 'message_delta':
        this.#readEnd(event, events);
        break;
      case 'message_stop':
        this.#complete(events);
        break;
      default:
        this.#begin(undefined, events);
        events.push({ type: 'native', native: native(event) });
    }
  }

  /** Proxies repeat it. After content it would begin another answer in the middle of this one. */
  #readStart(event: JsonObject, events: StreamEvent[]): void {
    if (this.#nextIndex > 0 || this.#open?.reader.begun) throw secondAnswer();
    this.#open = null;
    const message = objectAt(event, 'message');
    this.#begin(message, events);
    this.#readUsage(objectAt(message, 'usage'), events);
  }

  #begin(message: JsonObject | undefined, events: StreamEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    const id = stringAt(message, 'id') || this.#context.id;
    const model = stringAt(message, 'model') || this.#context.model;
    events.push({ type: 'start', id, model });
  }

  #startBlock(event: JsonObject, events: StreamEvent[]): void {
    this.#begin(undefined, events);
    this.#closeBlock(events);
    const place = numberAt(event, 'index') ?? -1;
    const block = objectAt(event, 'content_block') ?? {};
    this.#open = { place, reader: new BlockReader(this.#nextIndex, block, events) };
  }

  #readDelta(event: JsonObject, events: StreamEvent[]): void {
    const place = numberAt(event, 'index') ?? -1;
    if (this.#open?.place !== place) throw noSuchBlock(place);
    this.#open.reader.read(objectAt(event, 'delta') ?? {}, events);
  }

  #closeBlock(events: StreamEvent[]): void {
    if (this.#open === null) return;
    this.#open.reader.end(events);
    if (this.#open.reader.begun) this.#nextIndex++;
    this.#open = null;
  }

  #readEnd(event: JsonObject, events: StreamEvent[]): void {
    this.#begin(undefined, events);
    const { stop_reason, stop_sequence, ...more } = objectAt(event, 'delta') ?? {};
    if (typeof stop_reason === 'string') this.#stopRaw = stop_reason;
    if (typeof stop_sequence === 'string') this.#stopSequence = stop_sequence;
    const { delta: _delta, usage: _usage, ...rest } = event;
    const value = { ...withValues(rest), delta: withValues(more) };
    // Where a tool ran, what was done to the context, why the answer was refused.
    if (Object.keys(value).length > 2 || Object.keys(value.delta).length > 0) {
      events.push({ type: 'native', native: native(value) });
    }
    this.#readUsage(objectAt(event, 'usage'), events);
  }

  #readUsage(given: JsonObject | undefined, events: StreamEvent[]): void {
    const usage = this.#usage.read(given);
    if (usage !== null) events.push({ type: 'usage', usage });
  }

  #complete(events: StreamEvent[]): void {
    if (!this.#started) {
      this.#fail(empty, events);
      return;
    }
    this.#closeBlock(events);
    this.#over = true;
    const stop = decodeStop(this.#stopRaw ?? '', this.#stopSequence);
    events.push({ type: 'stop', candidate: 0, stop }, { type: 'end' });
  }

  #fail(error: CanonicalError, events: StreamEvent[]): void {
    this.#begin(undefined, events);
    this.#over = true;
    events.push({ type: 'error', error });
  }
}

function withValues(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function noSuchBlock(place: number): DialectError {
  const message = `The stream goes on with a block ${place} that is not open.`;
  return new DialectError({ class: 'upstream', message });
}
