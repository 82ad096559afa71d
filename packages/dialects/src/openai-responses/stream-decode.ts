// The events of an upstream's stream to canonical ones. Items are told apart by their place in the
// output alone: some hosts give an item another id in each event. Only a terminal event makes an
// answer whole, and it repeats all that was said, for those who missed some of it.

import type { CanonicalError, StreamEvent } from '../canonical.ts';
import { type AnswerContext, DialectError, type StreamDecoder } from '../dialect.ts';
import {
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  parseJsonText,
  stringAt,
} from '../json.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, SseParser } from '../sse.ts';
import { truncated } from '../stream-ends.ts';
import { BlockSink, type ItemReader } from './block-sink.ts';
import { errorOfEvent } from './errors.ts';
import { readerOf } from './item-reader.ts';
import { callIdOf } from './response-decode.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

export class OpenaiResponsesDecoder implements StreamDecoder {
  readonly #context: AnswerContext;
  readonly #parser = new SseParser();
  readonly #silence = new Silence();
  readonly #sink = new BlockSink();
  readonly #open = new Map<number, ItemReader>();
  /** Types of all items, by their places. */
  readonly #types = new Map<number, string>();
  #id: string | null = null;
  #refused = false;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    for (const sse of this.#parser.push(bytes)) {
      if (this.#over) break;
      const before = this.#sink.events.length;
      this.#read(sse);
      this.#silence.heard(this.#sink.events.length > before);
    }
    return this.#taken();
  }

  end(): StreamEvent[] {
    try {
      for (const sse of this.#parser.end()) this.#read(sse);
    } catch (cause) {
      // The last event was cut off, and the answer with it.
      if (!(cause instanceof DialectError)) throw cause;
    }
    if (!this.#over) this.#fail(truncated);
    return this.#taken();
  }

  #taken(): StreamEvent[] {
    const { events } = this.#sink;
    this.#sink.events = [];
    return events;
  }

  #read(sse: SseEvent): void {
    if (this.#over || sse.data === '[DONE]') return;
    const event = eventOf(sse);
    const type = stringAt(event, 'type') ?? sse.event;
    const error = errorOfEvent(event, sse.event);
    if (error !== null) {
      this.#readUsage(objectAt(event, 'response'));
      this.#fail(error);
    } else if (type === 'response.completed' || type === 'response.incomplete') {
      this.#complete(objectAt(event, 'response') ?? {}, type);
    } else if (type.startsWith('response.')) {
      this.#begin(objectAt(event, 'response'));
      this.#readItem(type, event);
    }
  }

  #begin(response: JsonObject | undefined): void {
    if (this.#id !== null) return;
    this.#id = stringAt(response, 'id') || this.#context.id;
    const model = stringAt(response, 'model') || this.#context.model;
    this.#sink.events.push({ type: 'start', id: this.#id, model });
  }

  #readItem(type: string, event: JsonObject): void {
    const place = numberAt(event, 'output_index');
    if (place === undefined) return;
    const item = objectAt(event, 'item');
    if (type === 'response.output_item.added') this.#reader(place, item ?? {});
    else if (type === 'response.output_item.done') this.#finish(place, item ?? {});
    else this.#reader(place, { type: impliedType(type) })?.read(type, event);
  }

  /** The reader of the item, a new one at a new place; undefined when the item is done. */
  #reader(place: number, item: JsonObject): ItemReader | undefined {
    const known = this.#open.get(place);
    const type = stringAt(item, 'type');
    if (known !== undefined || this.#types.has(place) || type === undefined) return known;
    const reader = readerOf(item, callIdOf(this.#id!, place), this.#sink);
    this.#types.set(place, type);
    this.#open.set(place, reader);
    return reader;
  }

  #finish(place: number, item: JsonObject): void {
    const reader = this.#reader(place, item);
    if (reader === undefined) return;
    this.#open.delete(place);
    const isSame = item.type === undefined || item.type === reader.type;
    reader.finish(isSame ? item : {});
    this.#refused ||= reader.refused === true;
  }

  #complete(response: JsonObject, type: string): void {
    this.#begin(response);
    const output = objectsAt(response, 'output');
    for (const [place, item] of output.entries()) {
      // A place that was left out in the stream is none: places there may have gaps.
      if (this.#open.has(place) || place >= this.#types.size) this.#finish(place, item);
    }
    for (const place of [...this.#open.keys()]) this.#finish(place, {});
    this.#over = true;
    const toolCalls = [...this.#types.values()].includes('function_call');
    const status = type.slice('response.'.length);
    const stop = decodeStop({ status, ...response }, { toolCalls, refusal: this.#refused });
    this.#sink.events.push({ type: 'stop', candidate: 0, stop });
    this.#readUsage(response);
    this.#sink.events.push({ type: 'end' });
  }

  #readUsage(response: JsonObject | undefined): void {
    const usage = response === undefined ? null : decodeUsage(response);
    if (usage === null) return;
    this.#begin(response);
    this.#sink.events.push({ type: 'usage', usage });
  }

  #fail(error: CanonicalError): void {
    this.#begin(undefined);
    this.#over = true;
    this.#sink.events.push({ type: 'error', error });
  }
}

/** Throws DialectError (upstream). */
export function eventOf(sse: SseEvent): JsonObject {
  const event = parseJsonText(sse.data, 'upstream');
  if (isObject(event)) return event;
  const message = 'An event of the stream is not a JSON object.';
  throw new DialectError({ class: 'upstream', message });
}

/** Of the item whose first event a host left out; undefined for what only a whole item tells. */
function impliedType(eventType: string): string | undefined {
  if (/^response\.(output_text|refusal)\./.test(eventType)) return 'message';
  if (eventType.startsWith('response.function_call_arguments.')) return 'function_call';
  return eventType.startsWith('response.reasoning') ? 'reasoning' : undefined;
}
