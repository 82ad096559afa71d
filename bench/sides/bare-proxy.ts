// What any Node proxy costs: Node's server and undici's dispatch with nothing between them. Neither
// key, routing, failover, usage nor ledger. Run as a process of its own; prints its port.
//
//   node bench/sides/bare-proxy.ts http://127.0.0.1:UPSTREAM_PORT [PROCESSES]

import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

const headers = ['content-type', 'application/json'];
const pool = new Pool(process.argv[2]!, { connections: 1024, headersTimeout: 0, bodyTimeout: 0 });

class Pass implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    answered: Record<string, string | string[] | undefined>,
  ): void {
    const length = answered['content-length'];
    const head = ['content-type', String(answered['content-type'])];
    this.#response.writeHead(
      status,
      length === undefined ? head : [...head, 'content-length', String(length)],
    );
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#response.write(chunk);
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    pool.dispatch({ path: request.url!, method: 'POST', headers, body }, new Pass(response));
  });
});
server.keepAliveTimeout = 120_000;

const processes = Number(process.argv[3] ?? 1);
if (processes > 1 && cluster.isPrimary) {
  // They take connections themselves, as the gateway's do.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const all = Array.from({ length: processes }, () => cluster.fork());
  const told = await Promise.all(all.map(one => once(one, 'listening')));
  process.stdout.write(`${(told[0]![0] as AddressInfo).port}\n`);
} else {
  server.listen(0, '127.0.0.1', () => {
    if (cluster.isPrimary) process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}
