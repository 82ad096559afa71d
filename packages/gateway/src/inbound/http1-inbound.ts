// One request of HTTP/1.1 and its answer, on the connection that it came by.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { chunk, headText, joined, lastChunk } from './answer-bytes.ts';
import type { BodyTaker, Inbound } from './inbound.ts';
import type { RequestHead } from './request-head.ts';

/** What a request needs of its connection. */
export interface Line {
  /** Writes pieces as one. False: the caller is slow. */
  write(pieces: readonly Uint8Array[]): boolean;
  /** The headers of each answer; `keeps`: another request may follow it. */
  ownHeaders(keeps: boolean): string;
  /** No other request is taken. */
  readonly isLast: boolean;
  pause(): void;
  resume(): void;
  /** The last byte of the answer was written. */
  answered(keeps: boolean): void;
  destroy(): void;
}

type Stage = 'asked' | 'begun' | 'chunks' | 'until-close' | 'over';

const proceed = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

export class Http1Inbound implements Inbound {
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  gone = false;
  readonly #line: Line;
  readonly #head: RequestHead;
  #taker: BodyTaker | null = null;
  /** What came before anyone took it. */
  #early: Buffer[] | null = null;
  #hasEnded = false;
  #stage: Stage = 'asked';
  /** The answer's head, until something goes with it. */
  #begun = '';
  #keeps = false;

  constructor(line: Line, head: RequestHead) {
    this.#line = line;
    this.#head = head;
  }

  get method(): string {
    return this.#head.method;
  }

  get target(): string {
    return this.#head.target;
  }

  get headers(): HeaderMap {
    return this.#head.headers;
  }

  get isWhole(): boolean {
    return this.#hasEnded || this.#head.bodyEnd === 0;
  }

  get headSent(): boolean {
    return this.#stage !== 'asked';
  }

  readBody(taker: BodyTaker): void {
    this.#taker = taker;
    const early = this.#early;
    this.#early = null;
    if (early !== null) {
      for (const piece of early) taker.piece(piece);
      this.#line.resume();
    } else if (this.#head.waits && !this.#hasEnded) this.#line.write([proceed]);
    if (this.#hasEnded) taker.end();
  }

  send(status: number, head: readonly string[], body: Uint8Array): void {
    if (this.gone || this.#stage !== 'asked') return;
    this.#stage = 'over';
    const text = `${this.#headOf(status, head)}content-length: ${body.length}\r\n\r\n`;
    if (this.method === 'HEAD') this.#line.write([Buffer.from(text, 'latin1')]);
    else this.#line.write(joined(text, body));
    this.#line.answered(this.#keeps);
  }

  begin(status: number, head: readonly string[]): void {
    if (this.gone || this.#stage !== 'asked') return;
    this.#stage = 'begun';
    this.#begun = this.#headOf(status, head);
  }

  write(bytes: Uint8Array): boolean {
    // A piece of no length would end the body.
    if (this.gone || bytes.length === 0) return true;
    const before = this.#before();
    if (this.#stage === 'chunks') return this.#line.write(chunk(before, bytes));
    return this.#stage === 'over' || this.#line.write(joined(before, bytes));
  }

  end(last?: Uint8Array): void {
    if (this.gone || this.#stage === 'over') return;
    if (last !== undefined) this.write(last);
    const before = this.#before();
    const text = this.#stage === 'chunks' ? before + lastChunk : before;
    if (text !== '') this.#line.write([Buffer.from(text, 'latin1')]);
    this.#stage = 'over';
    this.#line.answered(this.#keeps);
  }

  cutOff(): void {
    this.#line.destroy();
  }

  /** A piece of the body has come. */
  piece(bytes: Buffer): void {
    if (this.#taker !== null) this.#taker.piece(bytes);
    else {
      this.#early ??= [];
      this.#early.push(bytes);
      this.#line.pause();
    }
  }

  /** The body is whole. */
  bodyEnds(): void {
    this.#hasEnded = true;
    this.#taker?.end();
  }

  /** The caller went away, or what it sends cannot be read any more. */
  leave(): void {
    if (this.gone || this.#stage === 'over') return;
    this.gone = true;
    if (!this.isWhole) this.#taker?.broken();
    this.onGone?.();
  }

  /** The head, if it has not gone yet, with how the body goes. */
  #before(): string {
    if (this.#stage !== 'begun') return '';
    const isChunked = this.#head.is11;
    this.#stage = isChunked ? 'chunks' : 'until-close';
    const text = this.#begun;
    this.#begun = '';
    return isChunked ? `${text}transfer-encoding: chunked\r\n\r\n` : `${text}\r\n`;
  }

  #headOf(status: number, head: readonly string[]): string {
    const { keepsAlive, is11 } = this.#head;
    const isBounded = is11 || this.#stage === 'over';
    this.#keeps = keepsAlive && isBounded && this.isWhole && !this.#line.isLast;
    return headText(status, head) + this.#line.ownHeaders(this.#keeps);
  }
}
