// The mock upstream of the benchmarks: an OpenAI-compatible server that answers at once with a
// fixed body, or with a stream of 100 events. Run as a process of its own; prints its port.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const eventCount = 100;
const paceMs = 10;

const answer = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'bench',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'x'.repeat(600), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 250, completion_tokens: 150, total_tokens: 400 },
  }),
);

function event(delta: unknown, finish: string | null, usage: unknown = null): Buffer {
  const chunk = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench',
    choices: usage === null ? [{ index: 0, delta, finish_reason: finish }] : [],
    usage,
  };
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}

const first = event({ role: 'assistant', content: '' }, null);
const middle = event({ content: 'word ' }, null);
const last = Buffer.concat([
  event({}, 'stop'),
  event({}, null, { prompt_tokens: 250, completion_tokens: 100, total_tokens: 350 }),
  Buffer.from('data: [DONE]\n\n'),
]);

/** All open streams are paced by one timer, so that the mock costs little itself. */
const streams = new Map<ServerResponse, number>();
setInterval(() => {
  for (const [response, sent] of streams) {
    if (sent < eventCount) {
      response.write(middle);
      streams.set(response, sent + 1);
    } else {
      streams.delete(response);
      response.end(last);
    }
  }
}, paceMs);

const server = createServer((request, response) => {
  let isStream = false;
  request.on('data', (chunk: Buffer) => {
    isStream ||= chunk.includes('"stream":true');
  });
  request.on('end', () => {
    if (!isStream) {
      const head = { 'content-type': 'application/json', 'content-length': answer.length };
      response.writeHead(200, head).end(answer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(first);
    streams.set(response, 0);
    response.on('close', () => streams.delete(response));
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
