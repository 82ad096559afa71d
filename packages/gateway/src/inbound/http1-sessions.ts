// The connections of HTTP/1.1, and the one timer that looks for those that take too long.

import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { Http1Session, type Http1Terms } from './http1-session.ts';
import type { Dispatch } from './inbound.ts';
import type { InboundLimits } from './limits.ts';
import { requestForm } from './request-head.ts';

/** How often they are looked at, at the most seldom. */
const checkMs = 5_000;

export class Http1Sessions {
  readonly #sessions = new Set<Http1Session>();
  readonly #terms: Http1Terms;
  readonly #clock: Clock;
  readonly #checking: NodeJS.Timeout;
  readonly #keepAlive: string;
  #isDraining = false;
  /** The second for which `#date` is. */
  #second = 0;
  #date = '';

  constructor(limits: InboundLimits, clock: Clock, dispatch: Dispatch) {
    const { headMs, requestMs, idleMs, headBytes, headers } = limits;
    this.#clock = clock;
    this.#keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(idleMs / 1000)}\r\n`;
    const isDraining = (): boolean => this.#isDraining;
    this.#terms = {
      form: requestForm(headBytes, headers),
      headMs,
      requestMs,
      idleMs,
      clock,
      dispatch,
      ownHeaders: keeps => this.#ownHeaders(keeps),
      get isDraining() {
        return isDraining();
      },
    };
    this.#checking = setInterval(() => this.#check(), Math.min(checkMs, headMs)).unref();
  }

  /** Serves a connection of which `bytes` have come. */
  take(socket: Socket, bytes: Buffer): void {
    const session = new Http1Session(socket, this.#terms);
    this.#sessions.add(session);
    socket.once('close', () => this.#sessions.delete(session));
    session.take(bytes);
  }

  /** What is asked is answered; then its connection ends, as those that are idle do at once. */
  drain(): void {
    this.#isDraining = true;
    for (const session of this.#sessions) session.drain();
  }

  /** Ends everything at once. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  /** No connection is left. */
  close(): void {
    clearInterval(this.#checking);
  }

  #check(): void {
    const nowMs = this.#clock.nowMs();
    for (const session of this.#sessions) session.check(nowMs);
  }

  #ownHeaders(keeps: boolean): string {
    const unixMs = this.#clock.unixMs();
    const second = Math.floor(unixMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = `date: ${new Date(unixMs).toUTCString()}\r\n`;
    }
    return this.#date + (keeps ? this.#keepAlive : 'connection: close\r\n');
  }
}
