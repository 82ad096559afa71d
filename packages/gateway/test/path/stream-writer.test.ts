// Events of a stream as callers get them, written past Node's own framing where that is safe.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { StreamWriter } from '../../src/stream-writer.ts';

let answer: (response: ServerResponse) => Promise<void>;
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  void answer(response);
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

const port = (): number => (server.address() as AddressInfo).port;
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

async function read(): Promise<string> {
  const asked = get({ port: port(), agent: false });
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const bytes of response) text += bytes;
  return text;
}

/** Short and long, alone and together in a turn of the loop, and empty ones. */
const lengths = [[10, 3_000, 7], [0], [1], [5_000], [20, 0, 30], [100_000, 2_048, 2_049]];
const pieces = lengths.flat().map((length, n) => String.fromCharCode(97 + n).repeat(length));

async function writeAll(response: ServerResponse): Promise<void> {
  const writer = new StreamWriter(response);
  let n = 0;
  for (const { length } of lengths) {
    for (const piece of pieces.slice(n, n + length)) writer.write(Buffer.from(piece));
    n += length;
    await turn();
  }
  response.end('the end');
}

test('pieces come whole and in their order, whatever their length', async () => {
  answer = writeAll;
  assert.equal(await read(), `${pieces.join('')}the end`);
});

test('a caller of HTTP/1.0 gets them without chunks', async () => {
  answer = writeAll;
  const socket = connect(port(), '127.0.0.1');
  socket.write('GET / HTTP/1.0\r\n\r\n');
  let text = '';
  for await (const bytes of socket) text += bytes;
  assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), `${pieces.join('')}the end`);
});

test('a caller that reads nothing is said to be slow, and gets all when it reads', async () => {
  const piece = Buffer.alloc(1_000, 'x');
  let written = 1;
  let isSlow: () => void = () => {};
  const slow = new Promise<void>(resolve => {
    isSlow = resolve;
  });
  answer = async response => {
    const writer = new StreamWriter(response);
    for (; writer.write(piece); written++) await turn();
    isSlow();
    await once(response, 'drain');
    response.end();
  };
  const asked = get({ port: port(), agent: false });
  const [response] = await once(asked, 'response');
  await slow;
  let length = 0;
  for await (const bytes of response) length += bytes.length;
  assert.equal(length, written * piece.length);
});
