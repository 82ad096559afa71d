// The port that callers come to. A connection is HTTP/1.1, or HTTP/2 where it begins with the
// preface of that; its first bytes are looked at once, and what then reads it never knows.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Http1Sessions } from './http1-sessions.ts';
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
  readonly #server: Server;
  readonly #http1: Http1Sessions;
  readonly #http2: Http2Sessions;
  readonly #headMs: number;
  /** Connections that have said too little. */
  readonly #silent = new Set<Socket>();

  /** A connection that says nothing for `headMs` is closed. */
  constructor(http1: Http1Sessions, http2: Http2Sessions, headMs: number) {
    this.#server = createServer({ noDelay: true }, socket => this.#sort(socket));
    this.#http1 = http1;
    this.#http2 = http2;
    this.#headMs = headMs;
  }

  /** Gives the port; 0 takes a free one. Rejects when it is taken. */
  async listen(where: Where): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(where, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more, lets what is open finish within `drainMs`, then ends it. */
  async close(drainMs: number): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    this.#http1.drain();
    this.#http2.drain();
    for (const socket of this.#silent) socket.destroy();
    const force = setTimeout(() => {
      this.#http1.destroy();
      this.#http2.destroy();
    }, drainMs);
    await closed;
    clearTimeout(force);
    this.#http1.close();
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
      socket.setTimeout(0);
      this.#silent.delete(socket);
      const first = chunks.length === 1 ? bytes : Buffer.concat(chunks);
      if (isHttp2) {
        socket.pause().unshift(first);
        this.#http2.take(socket);
      } else this.#http1.take(socket, first);
    };
    this.#silent.add(socket);
    socket.once('close', () => this.#silent.delete(socket));
    socket.on('data', look).on('end', drop).on('error', drop).on('timeout', drop);
    socket.setTimeout(this.#headMs);
  }
}
