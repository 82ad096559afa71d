// The port that callers come to. A connection is HTTP/1.1, or HTTP/2 where it begins with the
// preface of that; its first bytes are looked at once, and what then reads it never knows.

import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Http2Sessions } from './http2-sessions.ts';

/** How HTTP/2 begins; no method of HTTP/1.1 does. */
const preface = 'PRI';

export interface Where {
  readonly host: string;
  readonly port: number;
  /** Others that say so too may listen there; the kernel deals connections out among them. */
  readonly reusePort: boolean;
}

export class Front {
  readonly #http1: Server;
  readonly #http2: Http2Sessions;
  readonly #serveHttp1: (socket: Socket) => void;
  readonly #headMs: number;
  /** Connections that have said too little. */
  readonly #silent = new Set<Socket>();

  /** Takes the connections of `http1`. One that says nothing for `headMs` is closed. */
  constructor(http1: Server, http2: Http2Sessions, headMs: number) {
    const [serve] = http1.listeners('connection');
    if (serve === undefined) throw new Error('this server takes no connections');
    this.#serveHttp1 = socket => serve.call(http1, socket);
    http1.removeAllListeners('connection');
    http1.on('connection', socket => this.#sort(socket));
    this.#http1 = http1;
    this.#http2 = http2;
    this.#headMs = headMs;
  }

  /** Gives the port; 0 takes a free one. Rejects when it is taken. */
  async listen(where: Where): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http1.once('error', reject);
      this.#http1.listen(where, resolve);
    });
    return (this.#http1.address() as AddressInfo).port;
  }

  /** Takes no more, lets what is open finish within `drainMs`, then ends it. */
  async close(drainMs: number): Promise<void> {
    const closed = new Promise<void>(resolve => this.#http1.close(() => resolve()));
    this.#http1.closeIdleConnections();
    this.#http2.drain();
    for (const socket of this.#silent) socket.destroy();
    const force = setTimeout(() => {
      this.#http1.closeAllConnections();
      this.#http2.destroy();
    }, drainMs);
    await closed;
    clearTimeout(force);
  }

  #sort(socket: Socket): void {
    let head = '';
    const chunks: Buffer[] = [];
    const drop = (): void => void socket.destroy();
    const look = (bytes: Buffer): void => {
      chunks.push(bytes);
      head += bytes.toString('latin1', 0, preface.length);
      const isHttp2 = head.startsWith(preface);
      if (!isHttp2 && preface.startsWith(head)) return;
      socket.off('data', look).off('end', drop).off('error', drop).off('timeout', drop);
      socket.setTimeout(0).pause().unshift(Buffer.concat(chunks));
      this.#silent.delete(socket);
      if (isHttp2) this.#http2.take(socket);
      else {
        this.#serveHttp1(socket);
        socket.resume();
      }
    };
    this.#silent.add(socket);
    socket.once('close', () => this.#silent.delete(socket));
    socket.on('data', look).on('end', drop).on('error', drop).on('timeout', drop);
    socket.setTimeout(this.#headMs);
  }
}
