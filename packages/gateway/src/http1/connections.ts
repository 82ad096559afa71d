// Connections to one origin, each for one call at a time. The one that was used last is taken
// first, so that few stay warm and the others close.

import type { Clock } from '../clock.ts';
import type { Call } from '../clouds/cloud.ts';
import { type Carried, type Connect, Connection, type Owner } from './connection.ts';
import { buildConnector, type Connector } from './connector.ts';
import { HttpError } from './http-error.ts';

export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  /** At most so many calls are open; further ones wait for their turn. */
  readonly perOrigin: number;
}

/** A connection on which nothing is asked is closed after this. */
const idleMs = 30_000;
/** Less than its server says: it must not close the connection while a call is on its way. */
const idleMarginMs = 1_000;
/** Connections are renewed, so that a change of address is seen. */
const lifetimeMs = 300_000;

interface Waiting {
  readonly call: Call;
  readonly carried: Carried;
}

export class Connections implements Owner {
  readonly #host: string;
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #connect: Connect;
  readonly #all = new Set<Connection>();
  /** The one used last stands last. */
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #tidying: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(origin: string, options: ConnectionOptions, clock: Clock) {
    const { protocol, hostname, host, port } = new URL(origin);
    this.#host = host;
    this.#options = options;
    this.#clock = clock;
    // One for all, so that TLS sessions are resumed.
    const connector: Connector = buildConnector({
      timeout: options.connectTimeoutMs,
      allowH2: false,
    });
    // Node takes an address of IPv6 without its brackets.
    const plain = hostname.replace(/^\[(.*)\]$/, '$1');
    this.#connect = connected => connector({ protocol, hostname: plain, host, port }, connected);
  }

  /** Sends the call at once, or when a connection is free. Never throws: the carried is told. */
  dispatch(call: Call, carried: Carried): void {
    if (this.#ended) {
      carried.onError(new HttpError('closed', 'the connections are closed'));
      return;
    }
    const connection = this.#take();
    if (connection === null) this.#waiting.push({ call, carried });
    else connection.carry(call, carried);
  }

  release(connection: Connection, idleLimitMs: number | null): void {
    const next = this.#nextWaiting();
    if (next !== null) {
      connection.carry(next.call, next.carried);
      return;
    }
    const limitMs = idleLimitMs === null ? idleMs : Math.min(idleMs, idleLimitMs - idleMarginMs);
    connection.idleUntilMs = this.#clock.nowMs() + limitMs;
    this.#idle.push(connection);
    this.#tidying ??= setInterval(() => this.#tidy(), idleMs).unref();
  }

  drop(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    const next = this.#nextWaiting();
    if (next !== null) this.dispatch(next.call, next.carried);
  }

  /** Ends every call, also those that wait; no other is sent. */
  destroy(): void {
    this.#ended = true;
    if (this.#tidying !== null) clearInterval(this.#tidying);
    for (const { carried } of this.#waiting.splice(0)) {
      carried.onError(new HttpError('closed', 'the connections are closed'));
    }
    for (const connection of [...this.#all]) connection.destroy();
  }

  #nextWaiting(): Waiting | null {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) return null;
      if (!next.carried.abandoned) return next;
    }
  }

  #take(): Connection | null {
    const nowMs = this.#clock.nowMs();
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) break;
      if (nowMs < idle.idleUntilMs && nowMs - idle.openedMs < lifetimeMs) return idle;
      idle.destroy();
    }
    return this.#all.size < this.#options.perOrigin ? this.#open(nowMs) : null;
  }

  #open(nowMs: number): Connection {
    const connection = new Connection(this, this.#host, this.#connect, nowMs);
    this.#all.add(connection);
    return connection;
  }

  /** Those used longest ago stand first. */
  #tidy(): void {
    const nowMs = this.#clock.nowMs();
    for (const connection of this.#idle.filter(one => nowMs >= one.idleUntilMs)) {
      connection.destroy();
    }
    if (this.#idle.length > 0 || this.#tidying === null) return;
    clearInterval(this.#tidying);
    this.#tidying = null;
  }
}
