// One connection to an upstream that answers with bytes of the test's choice: when it is used
// again, and when it must not be.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import type { HeaderMap } from '@entrepot/dialects/dialect';
import type { Carried, Connection } from '../../src/http1/connection.ts';
import { Connections } from '../../src/http1/connections.ts';

const open: { server: Server; connections: Connections; sockets: Socket[] }[] = [];
after(() => {
  for (const { server, connections, sockets } of open) {
    connections.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

type Serve = (socket: Socket, received: string) => void;

/** Does as it is told with all that has come on a connection since its last answer. */
async function rig(serve: Serve, nowMs: () => number = () => performance.now()) {
  const sockets: Socket[] = [];
  const server = createServer(socket => {
    sockets.push(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('data', data => {
      received += data.toString('latin1');
      const [, length] = /content-length: (\d+)\r\n/.exec(received) ?? [];
      const end = received.indexOf('\r\n\r\n') + 4 + Number(length ?? 0);
      if (end < 4 || received.length < end) return;
      const whole = received;
      received = '';
      serve(socket, whole);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { nowMs, unixMs: nowMs };
  const connections = new Connections(origin, { connectTimeoutMs: 5_000, perOrigin: 4 }, clock);
  open.push({ server, connections, sockets });
  return { connections, sockets };
}

/** A call and what it was answered. */
class Call implements Carried {
  connection: Connection | null = null;
  abandoned = false;
  status: number | null = null;
  headers: HeaderMap = {};
  readonly pieces: Buffer[] = [];
  onPiece: (() => void) | null = null;
  readonly over: Promise<'answered' | string>;
  #over: (how: string) => void = () => {};

  constructor(connections: Connections, body = 'x', headers: string[] = []) {
    this.over = new Promise(resolve => {
      this.#over = resolve;
    });
    const call = { origin: 'the one', path: '/v1?a=b', method: 'POST', headers } as const;
    connections.dispatch({ ...call, body: [Buffer.from(body)] }, this);
  }

  onHead(status: number, headers: HeaderMap): void {
    this.status = status;
    this.headers = headers;
  }

  onBody(bytes: Buffer): void {
    this.pieces.push(bytes);
    this.onPiece?.();
  }

  onEnd(): void {
    this.#over('answered');
  }

  onError(cause: Error): void {
    this.#over((cause as { code?: string }).code ?? cause.message);
  }
}

const answer = (more = ''): string => `HTTP/1.1 200 OK\r\n${more}content-length: 2\r\n\r\nok`;

test('the request is what was asked for, whatever its length', async () => {
  const received: string[] = [];
  const { connections, sockets } = await rig((socket, text) => {
    received.push(text);
    socket.write(answer());
  });
  for (const body of ['', 'x', 'x'.repeat(20_000), 'x'.repeat(3_000_000)]) {
    const call = new Call(connections, body, ['authorization', 'Bearer ü']);
    assert.equal(await call.over, 'answered');
    const [head, sent] = received.pop()!.split('\r\n\r\n');
    const [first, host, authorization, length] = head!.split('\r\n');
    assert.equal(first, 'POST /v1?a=b HTTP/1.1');
    assert.match(host!, /^host: 127\.0\.0\.1:\d+$/);
    assert.equal(authorization, 'authorization: Bearer ü');
    assert.equal(length, `content-length: ${body.length}`);
    assert.ok(sent === body);
  }
  assert.equal(sockets.length, 1);
});

test('what would make two requests of one is not sent', async () => {
  const { connections, sockets } = await rig(socket => socket.write(answer()));
  const call = new Call(connections, 'x', ['x-a', 'b\r\nx-c: d']);
  assert.equal(await call.over, 'bad_request');
  assert.equal(await new Call(connections).over, 'answered');
  assert.ok(sockets.every(socket => socket.bytesRead < 200));
});

const ending: readonly (readonly [what: string, serve: Serve])[] = [
  ['says so', socket => socket.write(answer('connection: close\r\n'))],
  ['sends more than its answer', socket => socket.write(`${answer()}HTTP/1.1 200`)],
  ['closes behind it', socket => socket.end(answer())],
];
for (const [what, serve] of ending) {
  test(`an upstream that ${what}: the next call goes on another connection`, async () => {
    const { connections, sockets } = await rig(serve);
    assert.equal(await new Call(connections).over, 'answered');
    if (!sockets[0]!.closed) await once(sockets[0]!, 'close');
    assert.equal(await new Call(connections).over, 'answered');
    assert.equal(sockets.length, 2);
  });
}

test('an answer before the whole request has gone is heard, and the rest is not sent', async () => {
  const { connections, sockets } = await rig(() => assert.fail('it is never whole'));
  const call = new Call(connections, 'x'.repeat(50_000_000));
  while (sockets.length === 0) await new Promise(resolve => setImmediate(resolve));
  sockets[0]!.pause().write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
  assert.equal(await call.over, 'answered');
  assert.equal(call.status, 413);
  await once(sockets[0]!.resume(), 'close');
});

test('what nobody asked for ends an idle connection', async () => {
  const { connections, sockets } = await rig(socket => socket.write(answer()));
  await new Call(connections).over;
  sockets[0]!.write(answer());
  await once(sockets[0]!, 'close');
  assert.equal(await new Call(connections).over, 'answered');
  assert.equal(sockets.length, 2);
});

test('a connection is not used up to the time at which its server closes it', async () => {
  let nowMs = 0;
  const serve: Serve = socket => socket.write(answer('keep-alive: timeout=9, max=100\r\n'));
  const { connections, sockets } = await rig(serve, () => nowMs);
  for (const [at, count] of [
    [0, 1],
    [7_900, 1],
    [16_000, 2],
  ] as const) {
    nowMs = at;
    assert.equal(await new Call(connections).over, 'answered');
    assert.equal(sockets.length, count);
  }
});

test('a caller that is slow holds the answer back and loses nothing of it', async () => {
  const whole = Buffer.alloc(4_000_000, 'abc');
  const { connections } = await rig(socket => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${whole.length}\r\n\r\n`);
    socket.write(whole);
  });
  const call = new Call(connections);
  let pauses = 0;
  call.onPiece = () => {
    const { connection } = call;
    connection!.pause();
    pauses++;
    setImmediate(() => connection!.resume());
  };
  assert.equal(await call.over, 'answered');
  assert.ok(pauses > 1);
  assert.ok(Buffer.concat(call.pieces).equals(whole));
  assert.equal(await new Call(connections).over, 'answered');
});

const broken: readonly (readonly [what: string, code: string, serve: Serve])[] = [
  ['resets', 'ECONNRESET', socket => socket.resetAndDestroy()],
  ['closes', 'cut_off', socket => socket.end()],
  ['cuts its answer off', 'cut_off', socket => socket.end(answer().slice(0, -1))],
  ['speaks no HTTP', 'bad_http', socket => socket.write('+PONG\r\n')],
];
for (const [what, code, serve] of broken) {
  test(`an upstream that ${what}: the call is told, and its place is free`, async () => {
    const { connections } = await rig(serve);
    for (let n = 0; n < 6; n++) assert.equal(await new Call(connections).over, code);
  });
}

test('a call that is let go inside its answer is told nothing more', async () => {
  const { connections, sockets } = await rig(socket => socket.write(answer()));
  const letGo = new Call(connections);
  letGo.onPiece = () => letGo.connection!.abandon();
  void letGo.over.then(() => assert.fail('nobody waits for it'));
  await once(await firstOf(sockets), 'close');
  assert.equal(await new Call(connections).over, 'answered');
  assert.equal(sockets.length, 2);
});

async function firstOf(sockets: readonly Socket[]): Promise<Socket> {
  while (sockets.length === 0) await new Promise(resolve => setImmediate(resolve));
  return sockets[0]!;
}

test('what comes behind an answer that was let go is read by nobody, whatever it is', async () => {
  const bad = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\nno length\r\n';
  const { connections, sockets } = await rig(socket => socket.write(bad));
  const letGo = new Call(connections);
  letGo.onPiece = () => letGo.connection!.abandon();
  await once(await firstOf(sockets), 'close');
  assert.equal(await new Call(connections).over, 'bad_http');
});
