// Connections to an origin: how many, which is taken, and that none is lost to an error.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, test } from 'node:test';
import type { Carried, Connection } from '../../src/http1/connection.ts';
import { Connections } from '../../src/http1/connections.ts';

const open: { server: Server; connections: Connections }[] = [];
after(async () => {
  for (const { server, connections } of open) {
    connections.destroy();
    server.closeAllConnections();
    server.close();
  }
});

/** A server that holds each answer until it is told, and the connections to it. */
async function rig(perOrigin: number) {
  const held: ServerResponse[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    held.push(response);
    server.emit('held');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const time = { nowMs: 0 };
  const clock = { nowMs: () => time.nowMs, unixMs: () => time.nowMs };
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = new Connections(origin, { connectTimeoutMs: 5_000, perOrigin }, clock);
  open.push({ server, connections });
  const isHeld = async (count: number): Promise<void> => {
    while (held.length < count) await once(server, 'held');
  };
  return { server, connections, held, sockets, time, isHeld };
}

/** A call that tells when it is over. */
class Call implements Carried {
  connection: Connection | null = null;
  abandoned = false;
  readonly ended: Promise<'answered' | 'failed'>;
  #end: (how: 'answered' | 'failed') => void = () => {};

  constructor(connections: Connections) {
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    const origin = 'not asked for';
    const body = [Buffer.from('x')];
    connections.dispatch({ origin, path: '/', method: 'POST', headers: [], body }, this);
  }

  onHead(): void {}

  onBody(): void {}

  onEnd(): void {
    this.#end('answered');
  }

  onError(): void {
    this.#end('failed');
  }
}

test('calls beyond the limit wait, and each is answered in its turn', async () => {
  const { connections, held, sockets, isHeld } = await rig(2);
  const calls = Array.from({ length: 5 }, () => new Call(connections));
  for (let n = 0; n < 5; n++) {
    await isHeld(n + 1);
    assert.ok(held.length <= n + 2, 'no more than two are open');
    held[n]!.end('x');
    assert.equal(await calls[n]!.ended, 'answered');
  }
  assert.equal(sockets.size, 2);
});

test('the connection that was used last is used again', async () => {
  const { connections, held, sockets, isHeld } = await rig(10);
  for (let n = 0; n < 3; n++) {
    const call = new Call(connections);
    await isHeld(n + 1);
    held[n]!.end('x');
    await call.ended;
  }
  assert.equal(sockets.size, 1);
});

test('a call that is cut or let go frees its place', async () => {
  const { connections, held, isHeld } = await rig(1);
  const cut = new Call(connections);
  const letGo = new Call(connections);
  const served = new Call(connections);
  await isHeld(1);
  held[0]!.destroy();
  assert.equal(await cut.ended, 'failed');
  await isHeld(2);
  letGo.connection!.abandon();
  await isHeld(3);
  held[2]!.end('x');
  assert.equal(await served.ended, 'answered');
});

test('nobody listens: each call is told, and a later one may succeed', async () => {
  const { connections, server } = await rig(1);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const calls = [new Call(connections), new Call(connections)];
  assert.deepEqual(await Promise.all(calls.map(c => c.ended)), ['failed', 'failed']);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.once('request', (_request, response: ServerResponse) => response.end('x'));
  assert.equal(await new Call(connections).ended, 'answered');
});

test('a connection is renewed when it is five minutes old', async () => {
  const { connections, held, sockets, time, isHeld } = await rig(10);
  const everyMs = 3_000;
  for (let n = 0; n * everyMs <= 303_000; n++) {
    time.nowMs = n * everyMs;
    const call = new Call(connections);
    await isHeld(n + 1);
    held[n]!.end('x');
    await call.ended;
    assert.equal(sockets.size, time.nowMs < 300_000 ? 1 : 2);
  }
});

test('the end of all: each open or waiting call is told, and nothing is opened any more', async () => {
  const { connections, sockets, isHeld } = await rig(2);
  const calls = Array.from({ length: 7 }, () => new Call(connections));
  await isHeld(2);
  const unheard: unknown[] = [];
  const hear = (cause: unknown): void => void unheard.push(cause);
  process.on('unhandledRejection', hear);
  connections.destroy();
  calls.push(new Call(connections));
  assert.deepEqual(await Promise.all(calls.map(c => c.ended)), Array(8).fill('failed'));
  // What is rejected unheard is told of after the microtasks.
  await new Promise(resolve => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  assert.deepEqual(unheard, []);
  assert.equal(sockets.size, 2);
});
