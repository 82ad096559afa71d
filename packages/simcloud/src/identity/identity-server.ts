// What the simulated identity services stand on: a port on loopback, with or without TLS, whose
// calls are counted and can be made to fail.

import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SelfSigned } from './self-signed.ts';

/** A call as it came; `body` is a form or JSON, as each service has it. */
export interface IdentityCall {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface IdentityAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly body: object | string;
}

export class IdentityServer {
  readonly calls: IdentityCall[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #scheme: 'http' | 'https';

  constructor(answer: (call: IdentityCall) => IdentityAnswer, tls: SelfSigned | null = null) {
    const handle: Parameters<typeof createServer>[1] = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers: sent } = request;
        const call = { method, target: url, headers: sent, body: Buffer.concat(chunks).toString() };
        this.calls.push(call);
        const { status, headers = {}, body } = answer(call);
        const isText = typeof body === 'string';
        const type = isText ? 'text/plain' : 'application/json';
        response.writeHead(status, { 'content-type': type, ...headers });
        response.end(isText ? body : JSON.stringify(body));
      });
    };
    this.#server = tls === null ? createServer(handle) : createTlsServer(tls, handle);
    this.#scheme = tls === null ? 'http' : 'https';
  }

  async listen(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `${this.#scheme}://${this.host}`;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
