// One candidate of a stream: parts to blocks. Texts that follow each other are one block, until one
// of them is signed; a call comes whole, or value by value.

import type { BlockStart, Signed, StreamEvent } from '../canonical.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../json.ts';
import { SurrogateJoin } from '../surrogate-join.ts';
import { decodeFinish, finishWord } from './finish.ts';
import { citationsOf, pick, readPart, type SaidPart } from './part-read.ts';
import { PartialArgs } from './partial-args.ts';
import { ownIssuer } from './signature.ts';

type LinearType = 'text' | 'thinking';

export class CandidateReader {
  readonly #candidate: number;
  readonly #idPrefix: string;
  #nextIndex = 0;
  #linear: {
    readonly type: LinearType;
    readonly index: number;
    readonly join: SurrogateJoin;
  } | null = null;
  /** A call whose arguments have not all come. */
  #call: { readonly index: number; readonly args: PartialArgs } | null = null;
  #hasCalls = false;
  /** The upstream's word, as soon as it has come. */
  finish: string | null = null;

  /** `idPrefix` makes ids for calls that have none. */
  constructor(candidate: number, idPrefix: string) {
    this.#candidate = candidate;
    this.#idPrefix = idPrefix;
  }

  read(candidate: JsonObject, events: StreamEvent[]): void {
    for (const part of objectsAt(objectAt(candidate, 'content'), 'parts')) {
      const said = readPart(part);
      if (said !== null) this.#readSaid(said, events);
    }
    const more = { ...citationsOf(candidate), ...pick(candidate, ['logprobsResult']) };
    if (Object.keys(more).length > 0) {
      const native = { dialect: 'gemini', value: { index: this.#candidate, ...more } };
      events.push({ type: 'native', native });
    }
    this.finish = finishWord(candidate.finishReason) ?? this.finish;
  }

  /** The answer is whole: ends what is open and says why it stopped. */
  close(events: StreamEvent[]): void {
    this.#closeOpen(events);
    const stop = decodeFinish(this.finish ?? '', this.#hasCalls);
    events.push({ type: 'stop', candidate: this.#candidate, stop });
  }

  #readSaid(said: SaidPart, events: StreamEvent[]): void {
    switch (said.type) {
      case 'text':
      case 'thinking':
        this.#readText(said.type, said.text, said, events);
        break;
      case 'call':
        this.#readCall(said.call, said, events);
        break;
      case 'redacted_thinking': {
        const { data, ...start } = said;
        this.#whole(start, data, events);
        break;
      }
      case 'native':
        this.#whole(
          { type: 'native', native: { dialect: 'gemini', value: said.part } },
          '',
          events,
        );
    }
  }

  /** A signature belongs to the text before it, also where it comes with an empty one. */
  #readText(type: LinearType, text: string, signed: Signed, events: StreamEvent[]): void {
    if (this.#linear?.type !== type) {
      this.#closeOpen(events);
      const start: BlockStart = type === 'text' ? { type } : { type, issuer: ownIssuer };
      const { signature, issuer } = signed;
      const foreign = type === 'thinking' && signature !== undefined && issuer !== ownIssuer;
      const index = this.#startBlock(foreign ? { type, ...issuerOf(issuer) } : start, events);
      this.#linear = { type, index, join: new SurrogateJoin() };
    }
    const { index, join } = this.#linear;
    this.#delta(index, join.push(text), events);
    if (signed.signature === undefined) return;
    this.#delta(index, join.flush(), events);
    this.#sign(index, signed, events);
    this.#closeOpen(events);
  }

  /** A piece without a name goes on with the call that is open. */
  #readCall(call: JsonObject, signed: Signed, events: StreamEvent[]): void {
    const name = stringAt(call, 'name');
    if (name) {
      this.#closeOpen(events);
      this.#hasCalls = true;
      const id = stringAt(call, 'id') || `${this.#idPrefix}_${this.#nextIndex}`;
      const { signature, issuer } = signed;
      const state = signature === undefined ? {} : { signature, ...issuerOf(issuer) };
      const index = this.#startBlock({ type: 'tool_call', id, name, ...state }, events);
      this.#call = { index, args: new PartialArgs() };
    } else if (this.#call !== null) this.#sign(this.#call.index, signed, events);
    if (this.#call === null) return;
    this.#call.args.read(call);
    if (call.willContinue !== true) this.#closeOpen(events);
  }

  #whole(start: BlockStart, text: string, events: StreamEvent[]): void {
    this.#closeOpen(events);
    const index = this.#startBlock(start, events);
    this.#delta(index, text, events);
    events.push({ type: 'block_stop', candidate: this.#candidate, index });
  }

  #closeOpen(events: StreamEvent[]): void {
    const open = this.#linear ?? this.#call;
    if (open === null) return;
    const rest = this.#linear === null ? this.#call!.args.json : this.#linear.join.flush();
    this.#linear = null;
    this.#call = null;
    this.#delta(open.index, rest, events);
    events.push({ type: 'block_stop', candidate: this.#candidate, index: open.index });
  }

  #sign(index: number, { signature, issuer }: Signed, events: StreamEvent[]): void {
    if (signature === undefined) return;
    const at = { candidate: this.#candidate, index };
    events.push({ type: 'block_signature', ...at, signature, ...issuerOf(issuer) });
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

function issuerOf(issuer: string | undefined): { issuer?: string } {
  return issuer === undefined ? {} : { issuer };
}
