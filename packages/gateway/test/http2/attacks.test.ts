// Proves that what is no HTTP/2, or too much of it, ends its own connection alone: bytes that are
// not frames, heads too large, floods of reset streams, silence. The gateway goes on answering.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import pino from 'pino';
import { startGateway } from '../../src/start-gateway.ts';
import { ask, chat } from '../answers.ts';
import { configOf, FakeUpstream, key, Rig } from '../rig.ts';
import { Http2Caller } from './caller.ts';

const path = '/v1/chat/completions';
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const upstream = new FakeUpstream(chat);
let rig: Rig;

before(async () => {
  await upstream.listen();
  const main = { id: 'main', service: 'openai-api', endpoint: upstream.url } as const;
  rig = await Rig.start({ deployments: [main] });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

function open(t: TestContext, url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  t.after(() => socket.destroy());
  return socket;
}

async function assertAnswers(t: TestContext): Promise<void> {
  assert.equal((await new Http2Caller(t, rig.url).ask(path, ask())).status, 200);
  assert.equal((await rig.post(path, ask())).status, 200);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const calm = /NGHTTP2_ENHANCE_YOUR_CALM/;
const settings = frame(4, 0, 0, Buffer.alloc(0));
const malformed: readonly (readonly [what: string, bytes: readonly Buffer[]])[] = [
  ['a preface that goes wrong', [Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')]],
  ['a preface and then HTTP/1.1', [Buffer.from(`${preface}GET / HTTP/1.1\r\nhost: a\r\n\r\n`)]],
  [
    'a frame longer than agreed',
    [Buffer.from(preface), settings, frame(0, 0, 1, Buffer.alloc(70_000))],
  ],
  [
    'data on a stream that was not opened',
    [Buffer.from(preface), settings, frame(0, 1, 1, Buffer.alloc(9))],
  ],
  [
    'a head that is no HPACK',
    [Buffer.from(preface), settings, frame(1, 5, 1, Buffer.alloc(40, 0xff))],
  ],
  [
    'a window that is made wider by nothing',
    [Buffer.from(preface), settings, frame(8, 0, 0, Buffer.alloc(4))],
  ],
];

for (const [what, bytes] of malformed) {
  test(`${what} ends its connection alone`, async t => {
    const socket = open(t, rig.url);
    socket.write(Buffer.concat(bytes));
    await once(socket, 'close');
    await assertAnswers(t);
  });
}

test('a head that is too large, or has too many headers, is refused, and its session goes on', async t => {
  const before = upstream.received.length;
  const caller = new Http2Caller(t, rig.url);
  const headers = { 'x-large': 'a'.repeat(20_000) };
  assert.equal((await caller.ask(path, ask(), { headers })).status, 431);
  // By now the session has agreed to the limit, and the protocol itself holds it.
  await assert.rejects(caller.ask(path, ask(), { headers }), calm);
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x-${i}`, 'a']));
  await assert.rejects(caller.ask(path, ask(), { headers: many }), calm);
  assert.equal(upstream.received.length, before);
  assert.equal((await caller.ask(path, ask())).status, 200);
});

test('a head that never ends is not kept', async t => {
  const socket = open(t, rig.url);
  socket.write(Buffer.concat([Buffer.from(preface), settings]));
  // A header that adds nothing to what is stored, again and again, and never the last frame.
  const more = frame(9, 0, 1, Buffer.concat(Array(1_000).fill(Buffer.from('\0\x01a\x01b'))));
  socket.write(frame(1, 0, 1, Buffer.from('\0\x01a\x01b')));
  for (let i = 0; i < 200 && !socket.destroyed; i++) {
    if (!socket.write(more)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  }
  if (!socket.destroyed) await once(socket, 'close');
  await assertAnswers(t);
});

test('a flood of streams that are reset at once is ended', async t => {
  const caller = new Http2Caller(t, rig.url);
  const before = upstream.received.length;
  const gone = new Promise(resolve => caller.session.once('close', resolve));
  let opened = 0;
  const flood = (): void => {
    for (let i = 0; i < 100 && !caller.session.destroyed && !caller.session.closed; i++) {
      opened++;
      const stream = caller.open(path);
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    if (opened < 20_000 && !caller.session.destroyed) setImmediate(flood);
  };
  flood();
  await gone;
  assert.ok(opened < 20_000, `it was ended after ${opened}`);
  assert.equal(upstream.received.length, before, 'nothing was sent');
  await assertAnswers(t);
});

/** A gateway that waits for nobody longer than it must. */
async function impatient(t: TestContext): Promise<string> {
  const deployments = [{ id: 'main', service: 'openai-api', endpoint: upstream.url } as const];
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-http2-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = configOf({ deployments }, join(folder, 'ledger.db'));
  const limits = { ...config.limits, headMs: 200, bodyMs: 200 };
  const log = pino({ level: 'silent' });
  const running = await startGateway({ ...config, limits }, { log });
  t.after(() => running.close());
  return running.url;
}

test('who says nothing, or nothing but frames that ask for nothing, is not waited for', async t => {
  const url = await impatient(t);
  const silent = open(t, url);
  const pinging = open(t, url);
  pinging.write(Buffer.concat([Buffer.from(preface), settings]));
  const pings = setInterval(() => pinging.write(frame(6, 0, 0, Buffer.alloc(8))), 20);
  t.after(() => clearInterval(pings));
  const slow = new Http2Caller(t, url).open(path);
  slow.on('error', () => undefined);
  slow.write('{');
  const closings = [silent, pinging, slow].map(
    one => new Promise<void>(resolve => one.once('close', () => resolve())),
  );
  await Promise.all(closings);
  assert.equal(slow.rstCode, constants.NGHTTP2_CANCEL);
});

test('of HTTP/1.1, a head or a body that comes too slowly is a 408', async t => {
  const url = await impatient(t);
  const head = `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n`;
  for (const begun of [head, `${head}content-length: 9\r\n\r\n{`]) {
    const socket = open(t, url).setEncoding('latin1');
    socket.write(begun);
    const [answer] = await once(socket, 'data');
    assert.match(answer, /^HTTP\/1\.1 408 /);
  }
});
