// The mock upstream: answers at once with a fixed body, or with as many events at such a pace as
// the request's text says. Run as a process of its own; prints its port.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answers, bedrock, chat } from './answers.ts';

interface Stream {
  readonly answers: Answers;
  readonly paceMs: number;
  left: number;
  dueMs: number;
}

const streams = new Map<ServerResponse, Stream>();
const tickMs = 5;

/** All paced streams share one timer, so that the mock costs little itself. */
setInterval(() => {
  const now = performance.now();
  for (const [response, stream] of streams) {
    if (stream.dueMs > now) continue;
    stream.dueMs += stream.paceMs;
    if (stream.left-- > 0) response.write(stream.answers.event);
    else {
      streams.delete(response);
      response.end(stream.answers.last);
    }
  }
}, tickMs);

function begin(response: ServerResponse, answers: Answers, events: number, paceMs: number): void {
  response.writeHead(200, { 'content-type': answers.streamContentType });
  response.write(answers.first);
  if (paceMs > 0) {
    streams.set(response, { answers, paceMs, left: events, dueMs: performance.now() + paceMs });
    response.on('close', () => streams.delete(response));
    return;
  }
  for (let n = 0; n < events; n++) response.write(answers.event);
  response.end(answers.last);
}

const server = createServer((request, response) => {
  let head: Buffer | null = null;
  request.on('data', (bytes: Buffer) => {
    head ??= bytes;
  });
  request.on('end', () => {
    const answers = request.url!.includes('/converse') ? bedrock : chat;
    const told = /#events=(\d+) #paceMs=(\d+)/.exec(head?.toString('latin1', 0, 1024) ?? '');
    if (told !== null) {
      begin(response, answers, Number(told[1]), Number(told[2]));
      return;
    }
    const { whole, contentType } = answers;
    response.writeHead(200, ['content-type', contentType, 'content-length', `${whole.length}`]);
    response.end(whole);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
