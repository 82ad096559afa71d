// One connection to an origin, for one call at a time: its bytes out, its answer in.

import type { Socket } from 'node:net';
import type { HeaderMap } from '@entrepot/dialects/dialect';
import type { Call } from '../clouds/cloud.ts';
import type { AnswerHead } from './answer-head.ts';
import { answerReader } from './answer-reader.ts';
import { HttpError } from './http-error.ts';
import type { MessageReader } from './message-reader.ts';
import { requestBytes } from './request-bytes.ts';

/** What a call is answered to. After `onEnd` or `onError`, one of them once, nothing comes. */
export interface Carried {
  /** Set while the call is on a connection. */
  connection: Connection | null;
  /** Nobody waits for the answer: a call that waits for its turn is not sent. */
  readonly abandoned: boolean;
  onHead(status: number, headers: HeaderMap): void;
  onBody(bytes: Buffer): void;
  /** `isSent`: nothing reads the call's bytes any more. */
  onEnd(isSent: boolean): void;
  /** An HttpError, or what Node says of the socket. */
  onError(cause: Error): void;
}

/** Where a connection comes from, and goes when a call is over. */
export interface Owner {
  /** It can take another call. `idleLimitMs`: how long its server says that it stays open. */
  release(connection: Connection, idleLimitMs: number | null): void;
  /** It is closed, or will take no other call. */
  drop(connection: Connection): void;
}

/** Gives a socket at once, and calls back when it can be written to, or why it never can. */
export type Connect = (connected: (cause: Error | null) => void) => Socket;

export class Connection {
  readonly openedMs: number;
  /** How long it may stand idle; the owner's to write. */
  idleUntilMs = 0;
  readonly #owner: Owner;
  readonly #host: string;
  readonly #socket: Socket;
  readonly #reader: MessageReader<AnswerHead>;
  #call: Call | null = null; // until it is sent
  #carried: Carried | null = null;
  #isOpen = false;
  #idleLimitMs: number | null = null;

  constructor(owner: Owner, host: string, connect: Connect, nowMs: number) {
    this.#owner = owner;
    this.#host = host;
    this.openedMs = nowMs;
    this.#reader = answerReader({
      head: (status, headers) => this.#head(status, headers),
      body: bytes => this.#carried?.onBody(bytes),
      end: keepsAlive => this.#end(keepsAlive),
    });
    this.#socket = connect(cause => {
      if (cause !== null) this.#fail(cause);
      else this.#opened();
    });
  }

  /** Sends the call, at the latest when the connection is open. */
  carry(call: Call, carried: Carried): void {
    carried.connection = this;
    this.#carried = carried;
    this.#call = call;
    if (this.#isOpen) this.#send();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Lets the call go: its answer is not read, and nothing more is told of it. */
  abandon(): void {
    this.#detach();
    this.#close();
  }

  /** Ends it, with the call that is on it. */
  destroy(): void {
    this.#fail(new HttpError('closed', 'the connections are closed'));
  }

  #opened(): void {
    this.#isOpen = true;
    this.#socket
      .on('data', (bytes: Buffer) => this.#read(bytes))
      .on('end', () => this.#ended())
      .on('error', cause => this.#fail(cause))
      .on('close', () => this.#fail(cutOff()));
    this.#send();
  }

  #send(): void {
    const call = this.#call;
    this.#call = null;
    if (call === null) return;
    try {
      const pieces = requestBytes(call, this.#host);
      if (pieces.length > 1) this.#socket.cork();
      for (const piece of pieces) this.#socket.write(piece);
      if (pieces.length > 1) this.#socket.uncork();
    } catch (cause) {
      this.#fail(cause as Error);
    }
  }

  #read(bytes: Buffer): void {
    // Nobody has asked: what it would be taken for the answer of, cannot be known.
    if (this.#carried === null) this.#close();
    else this.#attempt(() => this.#reader.push(bytes));
  }

  #ended(): void {
    if (this.#carried !== null) this.#attempt(() => this.#reader.endOfBytes());
    this.#close();
  }

  #attempt(read: () => void): void {
    try {
      read();
    } catch (cause) {
      // Of bytes behind a call that was let go nobody is told; of a fault of ours all are.
      if (this.#carried === null && !(cause instanceof HttpError)) throw cause;
      this.#fail(cause as Error);
    }
  }

  #head(status: number, headers: HeaderMap): void {
    this.#idleLimitMs = idleLimitMs(headers['keep-alive']);
    this.#carried?.onHead(status, headers);
  }

  #end(keepsAlive: boolean): void {
    // Whoever was answered let go of it before the end.
    if (!this.#isOpen) return;
    const carried = this.#detach();
    // An answer may come before the whole request has gone.
    const isSent = this.#socket.writableLength === 0;
    if (keepsAlive && isSent) this.#release();
    else this.#close();
    carried?.onEnd(isSent);
  }

  #release(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#owner.release(this, this.#idleLimitMs);
  }

  #fail(cause: Error): void {
    const carried = this.#detach();
    this.#close();
    carried?.onError(cause);
  }

  #detach(): Carried | null {
    const carried = this.#carried;
    this.#carried = null;
    this.#call = null;
    if (carried !== null) carried.connection = null;
    return carried;
  }

  #close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
    this.#owner.drop(this);
  }
}

function cutOff(): HttpError {
  return new HttpError('cut_off', 'the connection was closed');
}

/** What a server says of how long it keeps an idle connection, as in `timeout=5, max=100`. */
function idleLimitMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  const found = /(?:^|[ ,;])timeout=(\d{1,9})\b/i.exec(header);
  return found === null ? null : Number(found[1]) * 1000;
}
