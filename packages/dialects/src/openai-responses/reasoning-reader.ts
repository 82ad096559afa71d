// A reasoning item of a stream to a block of thinking: its parts, summaries or the thought itself,
// one after the other, and at its end the signature that brings it back.

import { type JsonObject, numberAt, objectAt, stringAt } from '../json.ts';
import type { BlockSink, ItemReader } from './block-sink.ts';
import { GrowingText } from './growing-text.ts';
import { native } from './native.ts';
import {
  ownIssuer,
  partSeparator,
  partsOf,
  type Sealed,
  signatureOf,
  unseal,
} from './reasoning-item.ts';

type Kind = 'summary' | 'content';

interface Part {
  readonly kind: Kind;
  readonly place: number;
  readonly growing: GrowingText;
}

export class ReasoningReader implements ItemReader {
  readonly type = 'reasoning';
  readonly #sink: BlockSink;
  /** What another vendor's thinking says of itself in the item's first event. */
  readonly #sealed: Sealed | null;
  readonly #index: number;
  readonly #parts: Part[] = [];

  constructor(item: JsonObject, sink: BlockSink) {
    this.#sink = sink;
    this.#sealed = unseal(item);
    const id = stringAt(item, 'id');
    const of = id === undefined || this.#sealed !== null ? {} : { item: native({ id }) };
    const issuer = this.#sealed === null ? ownIssuer : this.#sealed.issuer;
    const issued = issuer === undefined ? {} : { issuer };
    this.#index = this.#isRedacted
      ? sink.start({ type: 'redacted_thinking', ...issued })
      : sink.start({ type: 'thinking', ...issued, ...of });
  }

  read(type: string, event: JsonObject): void {
    const match =
      /^response\.(reasoning_summary|reasoning|content)_?(?:text|part)?\.(delta|done)$/.exec(type);
    if (match === null || this.#isRedacted) return;
    const kind = match[1] === 'reasoning_summary' ? 'summary' : 'content';
    const key = kind === 'summary' ? 'summary_index' : 'content_index';
    const place = numberAt(event, key) ?? 0;
    if (match[2] === 'delta') {
      const text = stringAt(event, 'delta') ?? '';
      if (text !== '') this.#sink.delta(this.#index, this.#part(kind, place).growing.push(text));
      return;
    }
    const whole = stringAt(event, 'text') ?? stringAt(objectAt(event, 'part'), 'text') ?? '';
    this.#complete(kind, place, whole);
  }

  finish(item: JsonObject): void {
    if (this.#isRedacted) {
      this.#sink.delta(this.#index, unseal(item)?.opaque ?? this.#sealed!.opaque);
      this.#sink.stop(this.#index);
      return;
    }
    const places = { summary: 0, content: 0 };
    for (const { kind, text } of partsOf(item)) this.#complete(kind, places[kind]++, text);
    const signature = this.#signature(item);
    if (signature) this.#sink.signature(this.#index, signature);
    this.#sink.stop(this.#index);
  }

  get #isRedacted(): boolean {
    return this.#sealed?.kind === 'redacted';
  }

  /** Whose it is was said when the block began: what is not sealed then is openai's. */
  #signature(item: JsonObject): string | null {
    const sealed = unseal(item);
    if (this.#sealed !== null) return sealed?.opaque ?? this.#sealed.opaque;
    if (sealed !== null) return sealed.issuer === ownIssuer ? sealed.opaque : null;
    return signatureOf(
      item,
      this.#parts.map(({ kind, growing }) => [kind, growing.text.length]),
    );
  }

  #part(kind: Kind, place: number): Part {
    const known = this.#parts.find(part => part.kind === kind && part.place === place);
    if (known !== undefined) return known;
    if (this.#parts.length > 0) this.#sink.delta(this.#index, partSeparator);
    const part = { kind, place, growing: new GrowingText() };
    this.#parts.push(part);
    return part;
  }

  #complete(kind: Kind, place: number, whole: string): void {
    if (whole === '') return;
    this.#sink.delta(this.#index, this.#part(kind, place).growing.rest(whole));
  }
}
