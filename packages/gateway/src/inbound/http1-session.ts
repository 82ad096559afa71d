// One connection of a caller in HTTP/1.1: its requests one after another, each with its answer. A
// request that comes before the last one was answered waits, and so does the connection.

import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { HttpError } from '../http1/http-error.ts';
import { type HeadForm, MessageReader } from '../http1/message-reader.ts';
import { Http1Inbound, type Line } from './http1-inbound.ts';
import type { Dispatch } from './inbound.ts';
import type { RequestHead } from './request-head.ts';
import { unreadable } from './unreadable.ts';

export interface Http1Terms {
  readonly form: HeadForm<RequestHead>;
  /** Until a head is whole, from its first byte on. */
  readonly headMs: number;
  /** Until a request is whole, from the first byte of its head on. */
  readonly requestMs: number;
  /** Until a connection on which nothing is asked is closed. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly dispatch: Dispatch;
  /** The headers of every answer that say nothing of it. */
  ownHeaders(keeps: boolean): string;
  /** Answers are the last ones of their connections. */
  readonly isDraining: boolean;
}

/** A caller that is still sending when it was answered is given this long and this much. */
const lingerMs = 2_000;
const lingerBytes = 64 * 1024 * 1024;

export class Http1Session implements Line {
  readonly #socket: Socket;
  readonly #terms: Http1Terms;
  readonly #reader: MessageReader<RequestHead>;
  /** Asked, and not wholly answered. */
  #inbound: Http1Inbound | null = null;
  /** What came behind a request that is not answered yet. */
  #rest: Buffer | null = null;
  #isReading = false;
  /** The last answer was written; what still comes is read and forgotten. */
  #isOver = false;
  #isUnreadable = false;
  #forgottenBytes = 0;
  /** When the request, or the silence before one, or the end began: Clock.nowMs(). */
  #sinceMs: number;

  constructor(socket: Socket, terms: Http1Terms) {
    this.#socket = socket;
    this.#terms = terms;
    this.#sinceMs = terms.clock.nowMs();
    this.#reader = new MessageReader(terms.form, {
      head: head => this.#ask(head),
      body: bytes => this.#piece(bytes),
      end: rest => this.#whole(rest),
    });
    socket
      .on('data', (bytes: Buffer) => this.take(bytes))
      .on('drain', () => this.#drained())
      .on('end', () => this.#inbound?.leave())
      .on('close', () => this.#inbound?.leave())
      .on('error', () => socket.destroy());
  }

  /** Ends it where nothing is asked, when the last answer has gone. */
  drain(): void {
    if (this.#isOver || this.#inbound !== null || !this.#reader.isBetween) return;
    if (this.#socket.writableLength === 0) this.destroy();
    else this.answered(false);
  }

  get isLast(): boolean {
    return this.#terms.isDraining;
  }

  /** Bytes that have come. */
  take(bytes: Buffer): void {
    if (this.#isOver) this.#forget(bytes);
    else if (this.#inbound === null || !this.#inbound.isWhole) this.#read(bytes);
    else this.#wait(bytes);
  }

  /** Ends what takes too long: Clock.nowMs(). */
  check(nowMs: number): void {
    // Its answer is still on the way: slow is not idle.
    if (this.#inbound === null && this.#socket.writableLength > 0) this.#sinceMs = nowMs;
    const ms = nowMs - this.#sinceMs;
    if (this.#isOver) {
      if (ms >= lingerMs) this.destroy();
    } else if (this.#inbound !== null) {
      if (!this.#inbound.isWhole && ms >= this.#terms.requestMs) this.#refuse(late('body'));
    } else if (this.#reader.isBetween) {
      if (ms >= this.#terms.idleMs) this.destroy();
    } else if (ms >= this.#terms.headMs) this.#refuse(late('head'));
  }

  write(pieces: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (pieces.length === 1) return socket.write(pieces[0]!);
    socket.cork();
    let isFast = true;
    for (const piece of pieces) isFast = socket.write(piece);
    socket.uncork();
    return isFast;
  }

  ownHeaders(keeps: boolean): string {
    return this.#terms.ownHeaders(keeps);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  answered(keeps: boolean): void {
    const isWhole = this.#inbound?.isWhole ?? true;
    this.#inbound = null;
    this.#sinceMs = this.#terms.clock.nowMs();
    if (keeps) {
      if (!this.#isReading) this.#next();
      return;
    }
    this.#isOver = true;
    // While it is still sending it would see a reset connection instead of the answer.
    if (isWhole) this.#socket.end();
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    let rest: Buffer | null = bytes;
    this.#isReading = true;
    try {
      while (rest !== null && this.#canRead()) {
        this.#rest = null;
        this.#message(rest);
        rest = this.#rest;
      }
    } catch (cause) {
      if (!(cause instanceof HttpError)) throw cause;
      this.#refuse(cause);
    } finally {
      this.#isReading = false;
    }
    if (this.#rest !== null && !this.#isOver) this.#socket.pause();
  }

  /** A caller that does not read its answers is not asked for more requests. */
  #canRead(): boolean {
    if (this.#isOver) return false;
    return this.#inbound === null ? !this.#socket.writableNeedDrain : !this.#inbound.isWhole;
  }

  #message(bytes: Buffer): void {
    const isFirst = this.#reader.isBetween && this.#inbound === null;
    const read = isFirst ? withoutEmptyLines(bytes) : bytes;
    if (read.length === 0) return;
    if (isFirst) this.#sinceMs = this.#terms.clock.nowMs();
    this.#reader.push(read);
  }

  #ask(head: RequestHead): void {
    this.#inbound = new Http1Inbound(this, head);
    this.#terms.dispatch(this.#inbound);
  }

  #piece(bytes: Buffer): void {
    if (this.#isOver) this.#count(bytes.length);
    else this.#inbound?.piece(bytes);
  }

  #whole(rest: Buffer | null): void {
    this.#rest = rest;
    if (this.#isOver) this.#socket.end();
    else this.#inbound?.bodyEnds();
  }

  #wait(bytes: Buffer): void {
    this.#rest = this.#rest === null ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#socket.pause();
  }

  #next(): void {
    if (!this.#canRead()) {
      this.#socket.pause();
      return;
    }
    const rest = this.#rest;
    this.#rest = null;
    if (this.#socket.isPaused()) this.#socket.resume();
    if (rest !== null) this.#read(rest);
  }

  #drained(): void {
    if (this.#inbound !== null) this.#inbound.onDrain?.();
    else if (!this.#isOver) this.#next();
  }

  #forget(bytes: Buffer): void {
    try {
      if (this.#isUnreadable || this.#reader.isBetween) this.#count(bytes.length);
      else this.#reader.push(bytes);
    } catch (cause) {
      if (!(cause instanceof HttpError)) throw cause;
      this.destroy();
    }
  }

  #count(bytes: number): void {
    this.#forgottenBytes += bytes;
    if (this.#forgottenBytes > lingerBytes) this.destroy();
  }

  /** Says what was wrong where no answer has begun, and ends the connection. */
  #refuse(cause: HttpError): void {
    const inbound = this.#inbound;
    this.#isOver = true;
    this.#isUnreadable = true;
    this.#sinceMs = this.#terms.clock.nowMs();
    if (inbound?.headSent === true) this.destroy();
    else this.#socket.end(unreadable(cause));
    inbound?.leave();
  }
}

function late(what: string): HttpError {
  return new HttpError('late', `its ${what} did not come in time`);
}

/** RFC 9112, section 2.2: some callers send a line end behind a body. */
function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at++;
  return at === 0 ? bytes : bytes.subarray(at);
}
