// The chunks of an upstream's stream to events. There is no terminator: the end of the bytes is the
// end, and the answer is whole if each candidate has said why it stopped, or the prompt was
// refused.

import type { CanonicalError, Stop, StreamEvent } from '../canonical.ts';
import { type AnswerContext, DialectError, type StreamDecoder } from '../dialect.ts';
import {
  isObject,
  type JsonObject,
  numberAt,
  objectsAt,
  parseJsonText,
  stringAt,
} from '../json.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, SseParser } from '../sse.ts';
import { truncated } from '../stream-ends.ts';
import { CandidateReader } from './candidate-reader.ts';
import { errorInside } from './errors.ts';
import { blockedOf } from './response-decode.ts';
import { ChunkUsage } from './usage.ts';

export class GeminiDecoder implements StreamDecoder {
  readonly #context: AnswerContext;
  readonly #parser = new SseParser();
  readonly #silence = new Silence();
  readonly #usage = new ChunkUsage();
  readonly #candidates = new Map<number, CandidateReader>();
  #id: string | null = null;
  #blocked: Stop | null = null;
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
      // The last event was cut off: whether the answer was whole is decided below.
      if (!(cause instanceof DialectError)) throw cause;
    }
    if (this.#over) return events;
    const readers = [...this.#candidates.values()];
    if (readers.length > 0 && readers.every(reader => reader.finish !== null)) {
      for (const reader of readers) reader.close(events);
      this.#complete(events);
    } else if (readers.length === 0 && this.#blocked !== null) {
      events.push({ type: 'stop', candidate: 0, stop: this.#blocked });
      this.#complete(events);
    } else this.#fail(truncated, events);
    return events;
  }

  #read(sse: SseEvent, events: StreamEvent[]): void {
    if (this.#over) return;
    const chunk = chunkOf(sse);
    const error = errorInside(chunk);
    if (error !== null) this.#fail(error, events);
    else if (isObject(chunk)) this.#readChunk(chunk, events);
  }

  #readChunk(chunk: JsonObject, events: StreamEvent[]): void {
    if (this.#id === null) {
      const id = stringAt(chunk, 'responseId') || this.#context.id;
      this.#begin(id, stringAt(chunk, 'modelVersion') || this.#context.model, events);
    }
    this.#blocked = blockedOf(chunk) ?? this.#blocked;
    for (const [place, candidate] of objectsAt(chunk, 'candidates').entries()) {
      this.#candidate(numberAt(candidate, 'index') ?? place).read(candidate, events);
    }
    const usage = this.#usage.read(chunk);
    if (usage !== null) events.push({ type: 'usage', usage });
  }

  #begin(id: string, model: string, events: StreamEvent[]): void {
    this.#id = id;
    events.push({ type: 'start', id, model });
  }

  #candidate(index: number): CandidateReader {
    let reader = this.#candidates.get(index);
    if (reader === undefined) {
      reader = new CandidateReader(index, `call_${this.#id}_${index}`);
      this.#candidates.set(index, reader);
    }
    return reader;
  }

  #complete(events: StreamEvent[]): void {
    this.#over = true;
    events.push({ type: 'end' });
  }

  #fail(error: CanonicalError, events: StreamEvent[]): void {
    if (this.#id === null) this.#begin(this.#context.id, this.#context.model, events);
    this.#over = true;
    events.push({ type: 'error', error });
  }
}

/** The JSON of an event: an object, or an array around an error. */
export function chunkOf(sse: SseEvent): unknown {
  const chunk = parseJsonText(sse.data, 'upstream');
  if (isObject(chunk) || errorInside(chunk) !== null) return chunk;
  const message = 'An event of the stream is not a JSON object.';
  throw new DialectError({ class: 'upstream', message });
}
