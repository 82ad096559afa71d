// A message of a stream to blocks, one for each of its parts. Text may come in deltas, whole in an
// event at its end, or only in the finished item: what has not been said yet is said then.

import { arrayAt, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';
import type { BlockSink, ItemReader } from './block-sink.ts';
import { GrowingText } from './growing-text.ts';
import { messageFields, ofItem } from './native.ts';

interface OpenPart {
  readonly index: number;
  readonly growing: GrowingText;
  annotations: number;
}

export class MessageReader implements ItemReader {
  readonly type = 'message';
  readonly #sink: BlockSink;
  readonly #item: JsonObject;
  readonly #parts = new Map<number, OpenPart>();
  readonly #closed = new Set<number>();
  refused = false;

  constructor(item: JsonObject, sink: BlockSink) {
    this.#item = item;
    this.#sink = sink;
  }

  read(type: string, event: JsonObject): void {
    const place = numberAt(event, 'content_index') ?? 0;
    switch (type) {
      case 'response.output_text.delta':
        this.#append('text', place, stringAt(event, 'delta') ?? '', arrayAt(event, 'logprobs'));
        break;
      case 'response.refusal.delta':
        this.#append('refusal', place, stringAt(event, 'delta') ?? '', []);
        break;
      case 'response.output_text.annotation.added':
        this.#annotate(place, event.annotation);
        break;
      case 'response.output_text.done':
        this.#complete('text', place, stringAt(event, 'text') ?? '');
        break;
      case 'response.refusal.done':
        this.#complete('refusal', place, stringAt(event, 'refusal') ?? '');
        break;
      case 'response.content_part.done':
        this.#closePart(place, objectAt(event, 'part') ?? {});
    }
  }

  finish(item: JsonObject): void {
    for (const [place, part] of objectsAt(item, 'content').entries()) this.#closePart(place, part);
    for (const place of [...this.#parts.keys()]) this.#closePart(place, {});
  }

  #part(type: 'text' | 'refusal', place: number): OpenPart {
    const known = this.#parts.get(place);
    if (known !== undefined) return known;
    const index = this.#sink.start({ type, ...ofItem(this.#item, messageFields) });
    if (type === 'refusal') this.refused = true;
    const part = { index, growing: new GrowingText(), annotations: 0 };
    this.#parts.set(place, part);
    return part;
  }

  #append(
    type: 'text' | 'refusal',
    place: number,
    text: string,
    logprobs: readonly unknown[],
  ): void {
    if (text === '' || this.#closed.has(place)) return;
    const { index, growing } = this.#part(type, place);
    if (logprobs.length > 0) this.#sink.native({ block: index, logprobs });
    this.#sink.delta(index, growing.push(text));
  }

  #complete(type: 'text' | 'refusal', place: number, whole: string): void {
    if (whole === '' || this.#closed.has(place)) return;
    const { index, growing } = this.#part(type, place);
    this.#sink.delta(index, growing.rest(whole));
  }

  #annotate(place: number, annotation: unknown): void {
    const part = this.#parts.get(place);
    if (part === undefined || annotation === undefined) return;
    part.annotations++;
    this.#sink.native({ block: part.index, annotation });
  }

  #closePart(place: number, whole: JsonObject): void {
    if (this.#closed.has(place)) return;
    if (whole.type === 'refusal')
      this.#complete('refusal', place, stringAt(whole, 'refusal') ?? '');
    else this.#complete('text', place, stringAt(whole, 'text') ?? '');
    this.#closed.add(place);
    const part = this.#parts.get(place);
    if (part === undefined) return;
    this.#parts.delete(place);
    this.#sink.delta(part.index, part.growing.rest(part.growing.text));
    const untold = arrayAt(whole, 'annotations').slice(part.annotations);
    for (const annotation of untold) this.#sink.native({ block: part.index, annotation });
    this.#sink.stop(part.index);
  }
}
