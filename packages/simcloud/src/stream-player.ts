// Plays an answer's events over a connection at the pace of its tokens: one timer for each step
// that is not due yet, everything that is due in one write, and no more than the reader takes.

import type { ServerResponse } from 'node:http';
import type { AnswerEvent } from './answer/answer.ts';
import { hangUp } from './front.ts';

export interface StreamBreak {
  readonly kind: 'cut' | 'stall' | 'error';
  /** How many content events pass before it. */
  readonly afterEvents: number;
}

export interface Play {
  readonly response: ServerResponse;
  readonly events: Iterator<AnswerEvent>;
  readonly msPerToken: number;
  readonly breaks: StreamBreak | null;
  encode(event: AnswerEvent['event']): Uint8Array;
  /** The cloud's own error event. */
  streamError(): Uint8Array;
  /** What comes after the last event, be it the error. */
  end(): Uint8Array;
}

/** Written at once at most. */
const mostBytes = 64 * 1024;

export class StreamPlayer {
  readonly #play: Play;
  #break: StreamBreak | null;
  #timer: NodeJS.Timeout | null = null;
  #next: AnswerEvent | null = null;
  #sentContent = 0;
  #dueMs = performance.now();
  #isOver = false;

  constructor(play: Play) {
    this.#play = play;
    this.#break = play.breaks;
    play.response.once('close', () => this.#stop());
  }

  start(): void {
    this.#advance();
    this.#step();
  }

  /** Cuts a stream that flows: now, if that many content events have passed. */
  cut(afterEvents: number): void {
    if (this.#isOver) return;
    this.#break = { kind: 'cut', afterEvents };
    if (this.#sentContent >= afterEvents) this.#strike([]);
  }

  #advance(): void {
    const { done, value } = this.#play.events.next();
    this.#next = done === true ? null : value;
    this.#dueMs += (this.#next?.tokens ?? 0) * this.#play.msPerToken;
  }

  #step(): void {
    const { response, encode, end } = this.#play;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const nowMs = performance.now();
    while (this.#next !== null && this.#dueMs <= nowMs) {
      if (this.#breaksHere()) {
        this.#strike(parts);
        return;
      }
      const encoded = encode(this.#next.event);
      if (encoded.length > 0) parts.push(encoded);
      bytes += encoded.length;
      if (this.#next.event.type === 'block_delta') this.#sentContent++;
      this.#advance();
      if (bytes >= mostBytes) break;
    }
    if (this.#next === null) {
      this.#stop();
      response.end(Buffer.concat([...parts, end()]));
      return;
    }
    const flows = parts.length === 0 || response.write(Buffer.concat(parts));
    if (!flows) response.once('drain', () => this.#wait());
    else this.#wait();
  }

  #wait(): void {
    if (this.#isOver) return;
    const waitMs = Math.max(0, this.#dueMs - performance.now());
    this.#timer = setTimeout(() => this.#step(), waitMs);
  }

  /** Short answers break before they stop. */
  #breaksHere(): boolean {
    if (this.#break === null) return false;
    const { type } = this.#next!.event;
    return (
      type === 'stop' || (type === 'block_delta' && this.#sentContent >= this.#break.afterEvents)
    );
  }

  #strike(parts: readonly Uint8Array[]): void {
    const { response, streamError, end } = this.#play;
    const { kind } = this.#break!;
    this.#stop();
    const last = kind === 'error' ? [...parts, streamError(), end()] : parts;
    if (kind === 'error') return void response.end(Buffer.concat(last));
    const flushed = (): void => {
      if (kind === 'cut') hangUp(response);
    };
    if (last.length > 0) response.write(Buffer.concat(last), flushed);
    else flushed();
  }

  #stop(): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
