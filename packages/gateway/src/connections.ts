// Connections to one origin, each for one call at a time. The one that was used last is taken
// first, so that few stay warm and the others close. undici's Pool looks through all that are busy
// for one that is not, at each call: with a thousand streams open that costs more than the call.

import type { buildConnector as ConnectorBuilder, Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import { buildConnector, Client } from './undici-client.ts';

export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  /** At most so many calls are open; further ones wait for their turn. */
  readonly perOrigin: number;
}

/** What a call is answered to; undici ends it once, with `onResponseEnd` or `onResponseError`. */
export interface Carried extends Dispatcher.DispatchHandler {
  /** Set when the call is sent. To be released or dropped when it has ended. */
  connection: Connection | null;
  /** The controller is null where the call was never sent. */
  onResponseError(controller: Dispatcher.DispatchController | null, cause: Error): void;
}

/** undici closes a connection that is idle for so long; what it leaves is then let go here. */
const idleMs = 30_000;
/** Connections are renewed, so that a change of address is seen. */
const lifetimeMs = 300_000;

export class Connection {
  readonly client: Client;
  readonly openedMs: number;
  idleSinceMs: number;
  readonly #pool: Connections;

  constructor(pool: Connections, client: Client, nowMs: number) {
    this.#pool = pool;
    this.client = client;
    this.openedMs = nowMs;
    this.idleSinceMs = nowMs;
  }

  /** The call on it was answered: it can take another. */
  release(): void {
    this.#pool.release(this);
  }

  /** The call on it failed: it takes no other. */
  drop(): void {
    this.#pool.drop(this);
  }
}

interface Waiting {
  readonly call: Dispatcher.DispatchOptions;
  readonly handler: Carried;
}

export class Connections {
  readonly #origin: string;
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  /** Shared, so that TLS sessions are resumed. */
  readonly #connect: ConnectorBuilder.connector;
  readonly #all = new Set<Connection>();
  /** The one used last stands last. */
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #ended = false;

  constructor(origin: string, options: ConnectionOptions, clock: Clock) {
    this.#origin = origin;
    this.#options = options;
    this.#clock = clock;
    this.#connect = buildConnector({ timeout: options.connectTimeoutMs, allowH2: false });
  }

  /** Sends the call at once, or when a connection is free. Never throws: the handler is told. */
  dispatch(call: Dispatcher.DispatchOptions, handler: Carried): void {
    if (this.#ended) {
      handler.onResponseError(null, closed());
      return;
    }
    const connection = this.#take();
    if (connection === null) this.#waiting.push({ call, handler });
    else send(connection, call, handler);
  }

  release(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      send(connection, next.call, next.handler);
      return;
    }
    const nowMs = this.#clock.nowMs();
    connection.idleSinceMs = nowMs;
    this.#idle.push(connection);
    if (nowMs - this.#idle[0]!.idleSinceMs > idleMs) this.#retire(this.#idle.shift()!);
  }

  drop(connection: Connection): void {
    this.#retire(connection);
    const next = this.#waiting.shift();
    if (next !== undefined) this.dispatch(next.call, next.handler);
  }

  /** Ends every call, also those that wait; no other is sent. */
  async destroy(): Promise<void> {
    this.#ended = true;
    for (const { handler } of this.#waiting.splice(0)) handler.onResponseError(null, closed());
    await Promise.all([...this.#all].map(({ client }) => client.destroy()));
  }

  #take(): Connection | null {
    const nowMs = this.#clock.nowMs();
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      if (nowMs - idle.openedMs < lifetimeMs) return idle;
      this.#retire(idle);
    }
    return this.#all.size < this.#options.perOrigin ? this.#open(nowMs) : null;
  }

  #open(nowMs: number): Connection {
    const client = new Client(this.#origin, {
      connect: this.#connect,
      pipelining: 1,
      allowH2: false,
      // Deadlines are the engine's, kept by the sweep; undici's own would only double the work.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleMs,
    });
    const connection = new Connection(this, client, nowMs);
    this.#all.add(connection);
    return connection;
  }

  #retire(connection: Connection): void {
    this.#all.delete(connection);
    // Not `close`: it rejects where all was destroyed before.
    void connection.client.destroy();
  }
}

function send(connection: Connection, call: Dispatcher.DispatchOptions, handler: Carried): void {
  handler.connection = connection;
  connection.client.dispatch(call, handler);
}

function closed(): Error {
  return new Error('the connections are closed');
}
