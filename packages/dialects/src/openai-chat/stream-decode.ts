// The chunks of an upstream's stream to events. Tolerant of what hosts and filters do to chunks:
// see the reader of candidates. What follows the finish of an answer is awaited, because a filter
// may still overrule it there.

import type { CanonicalError, StreamEvent } from '../canonical.ts';
import { type AnswerContext, DialectError, type StreamDecoder } from '../dialect.ts';
import {
  isObject,
  type JsonObject,
  numberAt,
  objectsAt,
  parseJsonText,
  stringAt,
} from '../json.ts';
import { errorInside } from '../openai-stream-error.ts';
import { ChunkUsage } from '../openai-usage.ts';
import { Silence } from '../silence.ts';
import { type SseEvent, SseParser } from '../sse.ts';
import { empty, truncated } from '../stream-ends.ts';
import { CandidateReader } from './candidate-reader.ts';

export class OpenaiChatDecoder implements StreamDecoder {
  readonly #context: AnswerContext;
  readonly #parser = new SseParser();
  readonly #silence = new Silence();
  readonly #usage = new ChunkUsage();
  readonly #candidates = new Map<number, CandidateReader>();
  #id: string | null = null;
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
    if (this.#allFinished()) this.#complete(events);
    else this.#fail(truncated, events);
    return events;
  }

  #read(sse: SseEvent, events: StreamEvent[]): void {
    if (this.#over) return;
    if (sse.data === '[DONE]') {
      if (this.#candidates.size > 0) this.#complete(events);
      else this.#fail(empty, events);
      return;
    }
    const chunk = parseJsonText(sse.data, 'upstream');
    if (!isObject(chunk)) throw notAChunk();
    const error = errorInside(sse.event === 'error' ? { error: chunk.error ?? chunk } : chunk);
    if (error === null) this.#readChunk(chunk, events);
    else this.#fail(error, events);
  }

  #readChunk(chunk: JsonObject, events: StreamEvent[]): void {
    const choices = objectsAt(chunk, 'choices');
    const usage = this.#usage.read(chunk);
    this.#start(chunk, choices.length > 0 || usage !== null, events);
    for (const [place, choice] of choices.entries()) {
      this.#candidate(numberAt(choice, 'index') ?? place).read(choice, events);
    }
    if (usage !== null) events.push({ type: 'usage', usage });
  }

  /** Azure's first chunk, about the prompt alone, has an empty id: it does not begin the answer. */
  #start(chunk: JsonObject, isAnswer: boolean, events: StreamEvent[]): void {
    if (this.#id !== null) return;
    const id = stringAt(chunk, 'id');
    if (!id && !isAnswer) return;
    this.#begin(id || this.#context.id, stringAt(chunk, 'model') || this.#context.model, events);
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

  #allFinished(): boolean {
    const readers = [...this.#candidates.values()];
    return readers.length > 0 && readers.every(reader => reader.finish !== null);
  }

  #complete(events: StreamEvent[]): void {
    this.#over = true;
    for (const reader of this.#candidates.values()) reader.close(events);
    events.push({ type: 'end' });
  }

  #fail(error: CanonicalError, events: StreamEvent[]): void {
    if (this.#id === null) this.#begin(this.#context.id, this.#context.model, events);
    this.#over = true;
    events.push({ type: 'error', error });
  }
}

function notAChunk(): DialectError {
  const message = 'An event of the stream is not a JSON object.';
  return new DialectError({ class: 'upstream', message });
}
