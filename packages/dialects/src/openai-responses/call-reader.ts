// A function call of a stream to a block: it begins when its name is known.

import { type JsonObject, stringAt } from '../json.ts';
import type { BlockSink, ItemReader } from './block-sink.ts';
import { GrowingText } from './growing-text.ts';
import { callFields, ofItem } from './native.ts';
import { argumentsText } from './output-decode.ts';

export class CallReader implements ItemReader {
  readonly type = 'function_call';
  readonly #sink: BlockSink;
  readonly #callId: string;
  readonly #growing = new GrowingText();
  /** null until the name has come. */
  #index: number | null = null;
  /** Arguments that came before the name. */
  #early = '';

  constructor(item: JsonObject, callId: string, sink: BlockSink) {
    this.#sink = sink;
    this.#callId = callId;
    if (stringAt(item, 'name')) this.#start(item);
  }

  read(type: string, event: JsonObject): void {
    if (type === 'response.function_call_arguments.delta') {
      this.#say(this.#growing.push(stringAt(event, 'delta') ?? ''));
    } else if (type === 'response.function_call_arguments.done') {
      this.#say(this.#growing.rest(argumentsText(event.arguments)));
    }
  }

  finish(item: JsonObject): void {
    if (this.#index === null) this.#start(item);
    const whole = argumentsText(item.arguments);
    this.#say(this.#growing.rest(whole === '' ? this.#growing.text : whole));
    this.#sink.stop(this.#index!);
  }

  #start(item: JsonObject): void {
    const id = stringAt(item, 'call_id') || this.#callId;
    const name = stringAt(item, 'name') ?? '';
    const of = ofItem(item, callFields);
    this.#index = this.#sink.start({ type: 'tool_call', id, name, ...of });
    this.#say(this.#early);
  }

  #say(text: string): void {
    if (this.#index === null) this.#early += text;
    else this.#sink.delta(this.#index, text);
  }
}
