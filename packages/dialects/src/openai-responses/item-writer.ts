// The items of a stream as they grow: each has its place and its id from its first event to its
// last, and repeats in its last what was said in between.

import type { BlockStart, OfItem } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { EventWire } from './event-wire.ts';
import {
  callItem,
  type ItemStatus,
  messageItem,
  shownAs,
  type ThoughtPlace,
} from './output-items.ts';
import { ownIssuer, partOf, readSignature, seal } from './reasoning-item.ts';

/** Where an item stands in the answer. */
export interface Place {
  readonly index: number;
  readonly id: string;
}

export interface ItemWriter {
  readonly place: Place;
  /** The item as it stands now. */
  item(status: ItemStatus): JsonObject;
}

/** What a block of the stream is written to; the blocks of one message share their item. */
export interface BlockWriter {
  readonly owner: ItemWriter;
  delta(text: string): void;
  sign?(signature: string, issuer: string | undefined): void;
  stop(): void;
}

export class MessageWriter implements ItemWriter {
  readonly place: Place;
  readonly #of: OfItem;
  readonly parts: JsonObject[] = [];

  constructor(place: Place, of: OfItem) {
    this.place = place;
    this.#of = of;
  }

  item(status: ItemStatus): JsonObject {
    return messageItem(this.place.id, this.#of, status, this.parts);
  }
}

/** A text or a refusal: one part of a message. */
export class PartWriter implements BlockWriter {
  readonly owner: MessageWriter;
  readonly #wire: EventWire;
  readonly #at: JsonObject;
  readonly #contentIndex: number;
  readonly #isRefusal: boolean;
  readonly #annotations: unknown[] = [];
  readonly #logprobs: unknown[] = [];
  #nextLogprobs: readonly unknown[] = [];
  #text = '';

  constructor(owner: MessageWriter, start: BlockStart, wire: EventWire) {
    this.owner = owner;
    this.#wire = wire;
    this.#isRefusal = start.type === 'refusal';
    this.#contentIndex = owner.parts.length;
    const { id, index } = owner.place;
    this.#at = { item_id: id, output_index: index, content_index: this.#contentIndex };
    owner.parts.push(this.#part());
    wire.send('response.content_part.added', { ...this.#at, part: this.#part() });
  }

  delta(text: string): void {
    this.#text += text;
    if (this.#isRefusal) {
      this.#wire.send('response.refusal.delta', { ...this.#at, delta: text });
      return;
    }
    const logprobs = this.#nextLogprobs;
    this.#nextLogprobs = [];
    this.#logprobs.push(...logprobs);
    this.#wire.send('response.output_text.delta', { ...this.#at, delta: text, logprobs });
  }

  /** They go with the next delta. */
  addLogprobs(logprobs: readonly unknown[]): void {
    this.#nextLogprobs = logprobs;
  }

  annotate(annotation: unknown): void {
    const annotation_index = this.#annotations.push(annotation) - 1;
    const fields = { ...this.#at, annotation_index, annotation };
    this.#wire.send('response.output_text.annotation.added', fields);
  }

  stop(): void {
    const part = this.#part();
    this.owner.parts[this.#contentIndex] = part;
    if (this.#isRefusal) {
      this.#wire.send('response.refusal.done', { ...this.#at, refusal: this.#text });
    } else {
      const fields = { ...this.#at, text: this.#text, logprobs: this.#logprobs };
      this.#wire.send('response.output_text.done', fields);
    }
    this.#wire.send('response.content_part.done', { ...this.#at, part });
  }

  #part(): JsonObject {
    if (this.#isRefusal) return { type: 'refusal', refusal: this.#text };
    const annotations = [...this.#annotations];
    const logprobs = [...this.#logprobs];
    return { type: 'output_text', text: this.#text, annotations, logprobs };
  }
}

export class CallWriter implements ItemWriter, BlockWriter {
  readonly owner: this = this;
  readonly place: Place;
  readonly #start: BlockStart & { type: 'tool_call' };
  readonly #wire: EventWire;
  #arguments = '';

  constructor(place: Place, start: BlockStart & { type: 'tool_call' }, wire: EventWire) {
    this.place = place;
    this.#start = start;
    this.#wire = wire;
  }

  item(status: ItemStatus): JsonObject {
    const { id, name } = this.#start;
    const call = { id, name, argumentsJson: this.#arguments };
    return callItem(this.place.id, this.#start, status, call);
  }

  delta(text: string): void {
    this.#arguments += text;
    const fields = { item_id: this.place.id, output_index: this.place.index, delta: text };
    this.#wire.send('response.function_call_arguments.delta', fields);
  }

  /** A call without arguments: callers parse what they have gathered. */
  stop(): void {
    if (this.#arguments === '') this.delta('{}');
    this.#wire.send('response.function_call_arguments.done', {
      item_id: this.place.id,
      output_index: this.place.index,
      name: this.#start.name,
      arguments: this.#arguments,
    });
  }
}

/** Thinking, shown as a summary or as it is, or redacted: then its text is the data. */
export class ThinkingWriter implements ItemWriter, BlockWriter {
  readonly owner: this = this;
  readonly place: Place;
  #issuer: string | undefined;
  readonly #kind: ThoughtPlace;
  readonly #isRedacted: boolean;
  readonly #wire: EventWire;
  #text = '';
  #signature = '';

  constructor(
    place: Place,
    start: BlockStart & { type: 'thinking' | 'redacted_thinking' },
    unsigned: ThoughtPlace,
    wire: EventWire,
  ) {
    this.place = place;
    this.#issuer = start.issuer;
    this.#kind = shownAs(start.issuer, unsigned);
    this.#isRedacted = start.type === 'redacted_thinking';
    this.#wire = wire;
  }

  item(status: ItemStatus): JsonObject {
    const parts = this.#text === '' || this.#isRedacted ? [] : [partOf(this.#kind, this.#text)];
    const { id } = this.place;
    const shown = this.#kind === 'summary' ? { summary: parts } : { summary: [], content: parts };
    return { id, type: 'reasoning', ...shown, ...this.#opaque(status) };
  }

  delta(text: string): void {
    const isFirst = this.#text === '';
    this.#text += text;
    if (this.#isRedacted) return;
    if (isFirst) this.#sendPart('added', '');
    this.#sendText('delta', { delta: text });
  }

  sign(signature: string, issuer: string | undefined): void {
    this.#signature = signature;
    this.#issuer = issuer ?? this.#issuer;
  }

  stop(): void {
    if (this.#text === '' || this.#isRedacted) return;
    this.#sendText('done', { text: this.#text });
    this.#sendPart('done', this.#text);
  }

  /**
   * What openai encrypted is bound to the id of its item: under another id it travels sealed.
   * Whose the thinking is stands in the first event already; what it signed comes in the last.
   */
  #opaque(status: ItemStatus): JsonObject {
    if (this.#isRedacted) {
      const data = status === 'in_progress' ? '' : this.#text;
      return { encrypted_content: seal('redacted', data, this.#issuer) };
    }
    if (this.#issuer === ownIssuer) {
      if (this.#signature === '') return {};
      const kept = readSignature(this.#signature);
      if (kept?.id === this.place.id) {
        const { layout: _layout, ...rest } = kept;
        return rest;
      }
    }
    return { encrypted_content: seal('thinking', this.#signature, this.#issuer) };
  }

  #sendPart(word: 'added' | 'done', text: string): void {
    const part = partOf(this.#kind, text);
    const name = this.#kind === 'summary' ? 'reasoning_summary_part' : 'content_part';
    this.#wire.send(`response.${name}.${word}`, { ...this.#at(), part });
  }

  #sendText(word: 'delta' | 'done', fields: JsonObject): void {
    const name = this.#kind === 'summary' ? 'reasoning_summary_text' : 'reasoning_text';
    this.#wire.send(`response.${name}.${word}`, { ...this.#at(), ...fields });
  }

  #at(): JsonObject {
    const { id, index } = this.place;
    const part = this.#kind === 'summary' ? { summary_index: 0 } : { content_index: 0 };
    return { item_id: id, output_index: index, ...part };
  }
}
