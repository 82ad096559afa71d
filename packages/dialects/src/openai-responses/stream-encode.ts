// Events to the stream of a response. Texts that follow one another are parts of one message;
// each other block is an item. The last event of an item waits for what comes next: a message may
// go on, and only why the model stopped tells whether its last item is whole.

import type { BlockStart, Native, Stop, StreamEvent, Usage } from '../canonical.ts';
import { carryEvent } from '../carried-signature.ts';
import type { AnswerContext, Loss, StreamEncoder } from '../dialect.ts';
import { arrayAt, type JsonObject, numberAt } from '../json.ts';
import { Losses } from '../losses.ts';
import { leaveStreamSignature } from '../signed.ts';
import { leaveStopDetail } from '../stop-detail.ts';
import { joinBytes } from '../utf8.ts';
import { encodeEnvelope } from './envelope.ts';
import { encodeStreamError } from './errors.ts';
import { EventWire } from './event-wire.ts';
import {
  type BlockWriter,
  CallWriter,
  type ItemWriter,
  MessageWriter,
  PartWriter,
  type Place,
  ThinkingWriter,
} from './item-writer.ts';
import { itemIdOf } from './message-item.ts';
import { ownBlock, ownValue } from './native.ts';
import { ItemIds, type ItemStatus, placeOfThought } from './output-items.ts';
import { type Ending, encodeStop, stopWords } from './stop.ts';

const inProgress: Ending = { status: 'in_progress', incomplete: null };

export class OpenaiResponsesEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #losses = new Losses();
  readonly #wire = new EventWire();
  readonly #open = new Map<number, BlockWriter>();
  /** Items whose last event has gone, each at its place. */
  readonly #output: JsonObject[] = [];
  #places = 0;
  /** The item that is done but for its last event. */
  #held: ItemWriter | null = null;
  #id = '';
  #model = '';
  #ids: ItemIds | null = null;
  #refused = false;
  #stop: Stop | null = null;
  #usage: Usage | null = null;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  get losses(): readonly Loss[] {
    return this.#losses.list;
  }

  push(event: StreamEvent): Uint8Array {
    for (const one of carryEvent(event) ?? [event]) if (!this.#over) this.#write(one);
    return joinBytes(this.#wire.take());
  }

  #write(event: StreamEvent): void {
    if (event.type === 'error') {
      this.#over = true;
      this.#wire.sendMade(number => encodeStreamError(event.error, number));
      return;
    }
    if (event.type === 'start') this.#begin(event.id, event.model);
    else if (this.#ids === null) this.#begin('', '');
    switch (event.type) {
      case 'block_start':
      case 'block_delta':
      case 'block_signature':
      case 'block_stop':
      case 'stop':
        if (event.candidate === 0) this.#writeAnswer(event);
        else if (event.type === 'block_start' || event.type === 'stop') {
          this.#losses.add(`candidates[${event.candidate}]`, 'there is one answer in this dialect');
        }
        break;
      case 'usage':
        this.#usage = event.usage;
        break;
      case 'native':
        this.#native(event.native);
        break;
      case 'end':
        this.#end();
    }
  }

  #writeAnswer(
    event: StreamEvent & {
      type: 'block_start' | 'block_delta' | 'block_signature' | 'block_stop' | 'stop';
    },
  ): void {
    switch (event.type) {
      case 'block_start':
        this.#startBlock(event.index, event.block);
        break;
      case 'block_delta':
        if (event.text !== '') this.#open.get(event.index)?.delta(event.text);
        break;
      case 'block_signature':
        this.#sign(event);
        break;
      case 'block_stop':
        this.#stopBlock(event.index);
        break;
      case 'stop':
        this.#stop ??= event.stop;
        leaveStopDetail(event.stop, stopWords(event.stop), 0, this.#losses);
        this.#flush(this.#ending().status === 'incomplete' ? 'incomplete' : 'completed');
    }
  }

  #sign({ index, signature, issuer }: StreamEvent & { type: 'block_signature' }): void {
    const block = this.#open.get(index);
    if (block?.sign === undefined) leaveStreamSignature(index, this.#losses);
    else block.sign(signature, issuer);
  }

  #begin(id: string, model: string): void {
    if (this.#ids !== null) return;
    this.#id = id || this.#context.id;
    this.#model = model || this.#context.model;
    this.#ids = new ItemIds(this.#id);
    this.#wire.send('response.created', { response: this.#response(inProgress) });
    this.#wire.send('response.in_progress', { response: this.#response(inProgress) });
  }

  #startBlock(index: number, start: BlockStart): void {
    switch (start.type) {
      case 'text':
      case 'refusal':
        this.#refused ||= start.type === 'refusal';
        this.#open.set(index, new PartWriter(this.#message(start), start, this.#wire));
        break;
      case 'tool_call':
        this.#openItem(
          index,
          new CallWriter(this.#place(start.item, 'function_call'), start, this.#wire),
        );
        break;
      case 'thinking':
      case 'redacted_thinking': {
        const item = start.type === 'thinking' ? start.item : undefined;
        const place = this.#place(item, 'reasoning');
        const unsigned = placeOfThought(this.#context);
        this.#openItem(index, new ThinkingWriter(place, start, unsigned, this.#wire));
        break;
      }
      case 'native':
        this.#nativeBlock(index, start.native);
    }
  }

  /** The message that waits, if the block is of it; else a new one. */
  #message(start: BlockStart & { type: 'text' | 'refusal' }): MessageWriter {
    const held = this.#held;
    const id = itemIdOf(start);
    if (held instanceof MessageWriter && (id === undefined || id === held.place.id)) {
      this.#held = null;
      return held;
    }
    this.#flush('completed');
    const message = new MessageWriter(this.#place(start.item, 'message'), start);
    this.#sendItem('added', message.place.index, message.item('in_progress'));
    return message;
  }

  #openItem(index: number, writer: CallWriter | ThinkingWriter): void {
    this.#flush('completed');
    this.#open.set(index, writer);
    this.#sendItem('added', writer.place.index, writer.item('in_progress'));
  }

  #place(item: Native | undefined, type: 'message' | 'function_call' | 'reasoning'): Place {
    return { index: this.#places++, id: this.#ids!.of(item, type) };
  }

  #stopBlock(index: number): void {
    const block = this.#open.get(index);
    if (block === undefined) return;
    this.#open.delete(index);
    block.stop();
    this.#flush('completed');
    this.#held = block.owner;
  }

  /** The last event of the item that waits. */
  #flush(status: ItemStatus): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#finish(held.place.index, held.item(status));
  }

  #finish(index: number, item: JsonObject): void {
    this.#output[index] = item;
    this.#sendItem('done', index, item);
  }

  #sendItem(word: 'added' | 'done', index: number, item: JsonObject): void {
    this.#wire.send(`response.output_item.${word}`, { output_index: index, item });
  }

  #nativeBlock(index: number, native: Native): void {
    const item = ownBlock(native, 'item');
    if (item === undefined) {
      this.#losses.add(`candidates[0].content[${index}]`, `only ${native.dialect} has it`);
      return;
    }
    this.#flush('completed');
    const place = this.#places++;
    this.#sendItem('added', place, item);
    this.#finish(place, item);
  }

  /** Annotations and probabilities of a text, as the decoder of this dialect gives them. */
  #native(native: Native): void {
    const value = ownValue(native);
    const part = this.#open.get(numberAt(value, 'block') ?? -1);
    if (value === undefined || !(part instanceof PartWriter)) {
      this.#losses.add('candidates', `only ${native.dialect} has this event`);
    } else if (value.annotation !== undefined) part.annotate(value.annotation);
    else part.addLogprobs(arrayAt(value, 'logprobs'));
  }

  /** A stream that has come to its end is not in the background any more. */
  #ending(): Ending & { status: 'completed' | 'incomplete' | 'failed' } {
    const stop = this.#stop ?? { reason: 'end', raw: '' };
    const { status, incomplete } = encodeStop(stop, { refusal: this.#refused });
    const isLast = status === 'incomplete' || status === 'failed';
    return { status: isLast ? status : 'completed', incomplete };
  }

  #end(): void {
    for (const index of [...this.#open.keys()]) this.#stopBlock(index);
    this.#flush('completed');
    this.#over = true;
    const ending = this.#ending();
    this.#wire.send(`response.${ending.status}`, { response: this.#response(ending) });
  }

  #response(ending: Ending): JsonObject {
    const answer = {
      id: this.#id,
      model: this.#model,
      createdSeconds: this.#context.createdSeconds,
      ending,
      output: this.#output,
      usage: this.#usage,
    };
    return encodeEnvelope(answer, this.#context);
  }
}
