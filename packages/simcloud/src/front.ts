// A port on loopback that speaks HTTP/1.1, and HTTP/2 without TLS to who begins with its preface
// (the AWS SDK does). It can stop to listen and take connections again on the same port.

import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Both versions of HTTP give the same shapes, as far as they are used here. */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse) => void;

interface Connection {
  readonly socket: Socket;
  active: number;
}

export class Front {
  readonly #handle: HandleRequest;
  readonly #http = createHttp({ keepAliveTimeout: 0, requestTimeout: 0 });
  readonly #http2 = createHttp2();
  readonly #connections = new Set<Connection>();
  /** By the socket, or by the HTTP/2 session, that requests come with. */
  readonly #carriers = new WeakMap<object, Connection>();
  #listener: Server | null = null;
  #port = 0;

  constructor(handle: HandleRequest) {
    this.#handle = handle;
    this.#http.on('request', (request, response) =>
      this.#serve(this.#carriers.get(request.socket), request, response),
    );
    this.#http2.on('request', (request, response) => {
      const carrier = request.stream.session;
      const connection = carrier === undefined ? undefined : this.#carriers.get(carrier);
      this.#serve(
        connection,
        request as unknown as IncomingMessage,
        response as unknown as ServerResponse,
      );
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get listens(): boolean {
    return this.#listener !== null;
  }

  /** Listens on the port; 0 takes a free one, which it keeps. Rejects when it is taken. */
  async listen(port: number = this.#port): Promise<void> {
    if (this.#listener !== null) return;
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, s => this.#accept(s));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', resolve);
    });
    this.#port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
  }

  /** New connections are refused; what is being answered is finished, then its connection ends. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = null;
    for (const connection of this.#connections) {
      if (connection.active === 0) connection.socket.destroy();
    }
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    const closed =
      listener === null ? null : new Promise<void>(resolve => listener.close(() => resolve()));
    const ended = [...this.#connections].map(
      ({ socket }) => new Promise<void>(resolve => socket.once('close', () => resolve())),
    );
    for (const { socket } of this.#connections) socket.destroy();
    await Promise.all([closed, ...ended]);
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, active: 0 };
    this.#connections.add(connection);
    this.#carriers.set(socket, connection);
    socket.once('close', () => this.#connections.delete(connection));
    socket.on('error', () => socket.destroy());
    socket.once('end', () => {
      if (socket.bytesRead === 0) socket.destroy();
    });
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first.toString('latin1', 0, 4) === 'PRI ') {
        this.#http2.once('session', session => this.#carriers.set(session, connection));
        this.#http2.emit('connection', socket);
      } else {
        this.#http.emit('connection', socket);
        process.nextTick(() => socket.resume());
      }
    });
  }

  #serve(
    connection: Connection | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (connection === undefined) return void request.destroy();
    if (!this.listens && connection.active === 0) return void connection.socket.destroy();
    connection.active++;
    response.once('close', () => {
      connection.active--;
      if (!this.listens && connection.active === 0) connection.socket.destroySoon();
    });
    this.#handle(request, response);
  }
}

/** Destroys the connection that carries a response, once what was written has left. */
export function hangUp(response: ServerResponse): void {
  const { stream } = response as { stream?: { session?: { destroy(): void } } };
  if (stream === undefined) response.socket?.destroySoon();
  else stream.session?.destroy();
}
