// Proves that HTTP/2 without TLS is served on the port of HTTP/1.1 by the same handlers: answers
// whole and streamed, errors, reset streams, back-pressure and the end of the gateway. How: Node's
// client by prior knowledge, in front of scripted upstreams that see their own connections.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ask, beginStream, chat, chatAnswer, chatRole, chatWords, done } from '../answers.ts';
import { FakeUpstream, Rig, type RigOptions, type Script } from '../rig.ts';
import { answerOf, Http2Caller } from './caller.ts';

const path = '/v1/chat/completions';

async function gateway(
  t: TestContext,
  script: Script,
  options: Partial<RigOptions> = {},
): Promise<{ rig: Rig; upstream: FakeUpstream; caller: Http2Caller }> {
  const upstream = new FakeUpstream(script);
  await upstream.listen();
  t.after(() => upstream.close());
  const deployments = [{ id: 'main', service: 'openai-api', endpoint: upstream.url } as const];
  const rig = await Rig.start({ deployments, ...options });
  t.after(() => rig.close());
  return { rig, upstream, caller: new Http2Caller(t, rig.url) };
}

/** A script that tells when it was asked, and when its connection was closed. */
function watched(script: Script) {
  const reached = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const watching: Script = (received, response, request) => {
    response.on('close', () => closed.resolve());
    script(received, response, request);
    reached.resolve();
  };
  return { script: watching, reached: reached.promise, closed: closed.promise };
}

test('many requests of one session are answered side by side, beside HTTP/1.1', async t => {
  const { rig, caller } = await gateway(t, chat);
  const asked = Array.from({ length: 40 }, (_, i) => caller.ask(path, ask(i % 2 === 1)));
  const other = await rig.post(path, ask());
  assert.equal(await other.text(), chatAnswer);
  for (const [i, { status, text, headers }] of (await Promise.all(asked)).entries()) {
    assert.equal(status, 200);
    if (i % 2 === 1) assert.ok(text.endsWith(done));
    else assert.equal(text, chatAnswer);
    assert.equal(headers['entrepot-attempts'], '1');
  }
  const records = await rig.records();
  assert.equal(records.length, 41);
  assert.ok(records.every(r => r.outcome === 'ok'));
});

test('what is not inference is answered too', async t => {
  const { caller } = await gateway(t, chat);
  assert.equal((await caller.ask('/healthz')).text, 'ok\n');
  const head = await caller.ask('/healthz', undefined, { method: 'HEAD' });
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.equal((await caller.ask('/v1/models')).status, 200);
  assert.equal((await caller.ask('/nowhere')).status, 404);
  assert.equal((await caller.ask(path)).status, 405);
});

test('a caller without a key gets its answer while its body is on the way', async t => {
  const { caller, upstream } = await gateway(t, chat);
  const stream = caller.open(path, { headers: { authorization: 'Bearer wrong' } });
  stream.write('{"model":');
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 401);
  assert.equal(headers.connection, undefined);
  stream.end('"any"}');
  await answerOf(stream);
  assert.equal(upstream.received.length, 0);
});

test('a body over the limit is a 413', async t => {
  const { caller } = await gateway(t, chat, { bodyBytes: 1_000 });
  assert.equal((await caller.ask(path, 'x'.repeat(5_000))).status, 413);
});

test('first bytes may come one by one, in either version', async t => {
  const { rig } = await gateway(t, chat);
  const port = Number(new URL(rig.url).port);
  const first = async (bytes: string, isEnough: (got: string) => boolean) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    t.after(() => socket.destroy());
    socket.setEncoding('latin1');
    let got = '';
    socket.on('data', chunk => {
      got += chunk;
    });
    for (const byte of bytes) await new Promise(resolve => socket.write(byte, resolve));
    while (!isEnough(got)) await once(socket, 'data');
  };
  await first('PUT /healthz HTTP/1.1\r\nhost: a\r\n\r\n', got => got.startsWith('HTTP/1.1 404 '));
  // A frame of settings, empty; the answer begins with one of the gateway's.
  const empty = [0, 0, 0, 4, 0, 0, 0, 0, 0].map(code => String.fromCharCode(code)).join('');
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  await first(preface + empty, got => got.length > 9 && got.charCodeAt(3) === 4);
});

const phases: readonly (readonly [phase: string, stream: boolean, script: Script])[] = [
  ['before the head of an answer', false, () => undefined],
  [
    'before the first content',
    true,
    (_received, response) => {
      beginStream(response);
      response.write(chatRole);
    },
  ],
  [
    'in the middle of a stream',
    true,
    (_received, response) => {
      beginStream(response);
      response.write(chatRole + chatWords[0]!);
    },
  ],
];

for (const [phase, isStream, script] of phases) {
  test(`a stream that is reset ${phase} cancels the upstream, and its session goes on`, async t => {
    const watch = watched(script);
    const { rig, upstream, caller } = await gateway(t, watch.script);
    const stream = caller.open(path);
    stream.on('error', () => undefined);
    stream.end(JSON.stringify(ask(isStream)));
    await watch.reached;
    if (phase.includes('middle')) await once(stream, 'data');
    stream.close(constants.NGHTTP2_CANCEL);
    await watch.closed;
    upstream.script = chat;
    assert.equal((await caller.ask(path, ask())).text, chatAnswer);
    const outcomes = (await rig.records()).map(r => r.outcome);
    assert.deepEqual(outcomes, ['client_closed', 'ok']);
  });
}

test('a body that is reset half way is never taken for a whole one', async t => {
  const { rig, upstream, caller } = await gateway(t, chat);
  const stream = caller.open(path);
  stream.on('error', () => undefined);
  const { promise: written, resolve } = Promise.withResolvers<void>();
  stream.write(JSON.stringify(ask()), () => resolve());
  await written;
  stream.close(constants.NGHTTP2_CANCEL);
  assert.equal((await caller.ask(path, ask())).status, 200);
  assert.equal(upstream.received.length, 1);
  const outcomes = (await rig.records()).map(r => r.outcome);
  assert.deepEqual(outcomes, ['client_closed', 'ok']);
});

test('a caller that does not read holds its upstream back, and loses nothing', async t => {
  const word = chatWords[0]!;
  const words = Math.ceil((24 * 1024 * 1024) / word.length);
  const waits = Promise.withResolvers<void>();
  const { caller } = await gateway(t, (_received, response) => {
    beginStream(response);
    response.write(chatRole);
    let left = words;
    const more = (): void => {
      while (left > 0) {
        left--;
        if (!response.write(word)) {
          const soon = setTimeout(() => waits.resolve(), 300);
          response.once('drain', () => {
            clearTimeout(soon);
            more();
          });
          return;
        }
      }
      response.end(done);
    };
    more();
  });
  const stream = caller.open(path);
  stream.end(JSON.stringify(ask(true)));
  await once(stream, 'response');
  await waits.promise;
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  await once(stream, 'end');
  assert.ok(size >= words * word.length);
});

test('a gateway that stops finishes the streams of a session and takes no more', async t => {
  const rest = Promise.withResolvers<() => void>();
  const { rig, caller } = await gateway(t, (_received, response) => {
    beginStream(response);
    response.write(chatRole + chatWords[0]!);
    rest.resolve(() => response.end(chatWords[1]! + done));
  });
  const idle = new Http2Caller(t, rig.url);
  assert.equal((await idle.ask('/healthz')).status, 200);
  const stream = caller.open(path);
  stream.end(JSON.stringify(ask(true)));
  const answer = answerOf(stream);
  const finish = await rest.promise;
  await once(stream, 'response');
  const goodbyes = [caller, idle].map(({ session }) => once(session, 'goaway'));
  const closed = rig.running.close();
  await Promise.all(goodbyes);
  finish();
  const { text } = await answer;
  assert.ok(text.endsWith(done));
  await closed;
  await rig.restart();
});
