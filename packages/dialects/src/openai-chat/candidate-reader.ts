// One candidate of a stream: deltas to blocks. Text, thinking and refusals follow each other; calls
// of tools stay open to the end, because chunks of several calls may come in turns.

import type { BlockStart, Signed, StreamEvent } from '../canonical.ts';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.ts';
import { SurrogateJoin } from '../surrogate-join.ts';
import { callSignature } from './call-signature.ts';
import { decodeFinish } from './finish.ts';
import { argumentsText, textOfContent, thinkingText } from './response-decode.ts';

type LinearType = 'text' | 'thinking' | 'refusal';

interface Linear {
  readonly type: LinearType;
  readonly index: number;
  readonly join: SurrogateJoin;
}

interface Call {
  /** The host's own number; null where it gives none. */
  readonly place: number | null;
  readonly id: string;
  /** The host gave no id: this one was made up. */
  readonly madeUp: boolean;
  /** null until the name has come. */
  index: number | null;
  /** Arguments that came before the name. */
  early: string;
  signed: boolean;
  readonly join: SurrogateJoin;
}

export class CandidateReader {
  readonly #candidate: number;
  readonly #idPrefix: string;
  #nextIndex = 0;
  #linear: Linear | null = null;
  readonly #calls: Call[] = [];
  #refused = false;
  /** The host's word, as soon as it has come; a filter's word is not taken back. */
  finish: string | null = null;

  /** `idPrefix` makes ids for calls that have none. */
  constructor(candidate: number, idPrefix: string) {
    this.#candidate = candidate;
    this.#idPrefix = idPrefix;
  }

  /** One choice of a chunk; azure's annotations have no delta. */
  read(choice: JsonObject, events: StreamEvent[]): void {
    const delta = objectAt(choice, 'delta');
    if (delta !== undefined) this.#readDelta(delta, events);
    this.#readNative(choice, delta, events);
    const finish = stringAt(choice, 'finish_reason');
    if (finish && this.finish !== 'content_filter') this.finish = finish;
  }

  /** The answer is whole: ends what is open and says why it stopped. */
  close(events: StreamEvent[]): void {
    this.#closeLinear(events);
    for (const call of this.#calls) {
      if (call.index === null) this.#startCall(call, '', {}, events);
      this.#delta(call.index!, call.join.flush(), events);
      events.push({ type: 'block_stop', candidate: this.#candidate, index: call.index! });
    }
    const said = { toolCalls: this.#calls.length > 0, refusal: this.#refused };
    const stop = decodeFinish(this.finish ?? '', said);
    events.push({ type: 'stop', candidate: this.#candidate, stop });
  }

  #readDelta(delta: JsonObject, events: StreamEvent[]): void {
    const reasoning = thinkingText(delta);
    if (reasoning !== '') this.#append('thinking', reasoning, events);
    for (const block of objectsAt(delta, 'thinking_blocks')) {
      this.#readThinkingBlock(block, reasoning !== '', events);
    }
    const text = textOfContent(delta.content);
    if (text !== '') this.#append('text', text, events);
    const refusal = stringAt(delta, 'refusal');
    if (refusal) {
      this.#refused = true;
      this.#append('refusal', refusal, events);
    }
    for (const call of objectsAt(delta, 'tool_calls')) this.#readCall(call, events);
    const legacy = objectAt(delta, 'function_call');
    if (legacy !== undefined) this.#readCall({ index: 0, function: legacy }, events);
  }

  /**
   * A signature ends its thinking; its text has come already where there was `reasoning_content`.
   */
  #readThinkingBlock(block: JsonObject, textHasCome: boolean, events: StreamEvent[]): void {
    const data = stringAt(block, 'data');
    if (data !== undefined) {
      this.#closeLinear(events);
      const issuer = stringAt(block, 'issuer') ?? 'anthropic';
      const index = this.#startBlock({ type: 'redacted_thinking', issuer }, events);
      this.#delta(index, data, events);
      events.push({ type: 'block_stop', candidate: this.#candidate, index });
      return;
    }
    const text = stringAt(block, 'thinking') ?? '';
    const signature = stringAt(block, 'signature');
    const open = this.#linear?.type === 'thinking';
    if (!textHasCome && !(open && signature)) this.#append('thinking', text, events);
    if (!signature) return;
    const { index } = this.#openLinear('thinking', events);
    this.#delta(index, this.#linear!.join.flush(), events);
    events.push({ type: 'block_signature', candidate: this.#candidate, index, signature });
    this.#closeLinear(events);
  }

  #readCall(delta: JsonObject, events: StreamEvent[]): void {
    const fn = objectAt(delta, 'function') ?? objectAt(delta, 'custom');
    const name = stringAt(fn, 'name') ?? '';
    const call = this.#callOf(numberAt(delta, 'index') ?? null, stringAt(delta, 'id') ?? '', name);
    if (call.index === null && name !== '') {
      this.#closeLinear(events);
      this.#startCall(call, name, callSignature(delta), events);
    }
    const text = argumentsText(fn?.arguments ?? fn?.input);
    if (call.index === null) call.early += text;
    else this.#delta(call.index, call.join.push(text), events);
    this.#signCall(call, delta, events);
  }

  #signCall(call: Call, delta: JsonObject, events: StreamEvent[]): void {
    const { signature, issuer } = callSignature(delta);
    if (signature === undefined || issuer === undefined) return;
    if (call.signed || call.index === null) return;
    call.signed = true;
    const at = { candidate: this.#candidate, index: call.index };
    events.push({ type: 'block_signature', ...at, signature, issuer });
  }

  /** By number, else by id, else the last; a new id at a number that is taken is a new call. */
  #callOf(place: number | null, id: string, name: string): Call {
    const atPlace = this.#calls.findLast(call => place !== null && call.place === place);
    if (atPlace !== undefined) {
      if (id === '' || atPlace.id === id || (atPlace.madeUp && name === '')) return atPlace;
    }
    const sameId = this.#calls.findLast(call => call.id === id);
    if (sameId !== undefined && (place === null || place === sameId.place || name === '')) {
      return sameId;
    }
    const last = this.#calls.at(-1);
    if (last !== undefined && place === null && id === '' && name === '') return last;
    const call: Call = {
      place,
      id: id || `${this.#idPrefix}_${this.#calls.length}`,
      madeUp: id === '',
      index: null,
      early: '',
      signed: false,
      join: new SurrogateJoin(),
    };
    this.#calls.push(call);
    return call;
  }

  #startCall(call: Call, name: string, signed: Signed, events: StreamEvent[]): void {
    call.signed = signed.signature !== undefined;
    call.index = this.#startBlock({ type: 'tool_call', id: call.id, name, ...signed }, events);
    this.#delta(call.index, call.join.push(call.early), events);
  }

  /** What no other dialect has: sound, annotations, probabilities. */
  #readNative(choice: JsonObject, delta: JsonObject | undefined, events: StreamEvent[]): void {
    const value: Record<string, unknown> = {};
    if (isObject(choice.logprobs)) value.logprobs = choice.logprobs;
    const own: Record<string, unknown> = {};
    if (isObject(delta?.audio)) own.audio = delta.audio;
    if (Array.isArray(delta?.annotations) && delta.annotations.length > 0) {
      own.annotations = delta.annotations;
    }
    if (Object.keys(own).length > 0) value.delta = own;
    if (Object.keys(value).length === 0) return;
    const native = { dialect: 'openai-chat', value: { index: this.#candidate, ...value } };
    events.push({ type: 'native', native });
  }

  #append(type: LinearType, text: string, events: StreamEvent[]): void {
    const { index, join } = this.#openLinear(type, events);
    this.#delta(index, join.push(text), events);
  }

  #openLinear(type: LinearType, events: StreamEvent[]): Linear {
    if (this.#linear?.type === type) return this.#linear;
    this.#closeLinear(events);
    const index = this.#startBlock({ type }, events);
    this.#linear = { type, index, join: new SurrogateJoin() };
    return this.#linear;
  }

  #closeLinear(events: StreamEvent[]): void {
    if (this.#linear === null) return;
    const { index, join } = this.#linear;
    this.#linear = null;
    this.#delta(index, join.flush(), events);
    events.push({ type: 'block_stop', candidate: this.#candidate, index });
  }

  #startBlock(block: BlockStart, events: StreamEvent[]): number {
    const index = this.#nextIndex++;
    events.push({ type: 'block_start', candidate: this.#candidate, index, block });
    return index;
  }

  #delta(index: number, text: string, events: StreamEvent[]): void {
    if (text === '') return;
    events.push({ type: 'block_delta', candidate: this.#candidate, index, text });
  }
}
