// Bad input is answered with a clear 4xx in the caller's dialect, nothing is sent upstream, and the
// ledger holds one record per request of a known caller. Raw bytes over real sockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { ask, chat } from '../answers.ts';
import { FakeUpstream, key, Rig } from '../rig.ts';

const upstream = new FakeUpstream(chat);
let rig: Rig;

before(async () => {
  await upstream.listen();
  rig = await Rig.start({
    deployments: [{ id: 'main', service: 'openai-api', endpoint: upstream.url }],
  });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

const chatPath = '/v1/chat/completions';
const messagesPath = '/v1/messages';
const responsesPath = '/v1/responses';
const deep = (n: number): string => `{"model":"any","messages":${'['.repeat(n)}${']'.repeat(n)}}`;

const bad: readonly (readonly [what: string, body: unknown, status: number, says: RegExp])[] = [
  ['not JSON', 'model=any', 400, /JSON/],
  ['half of a JSON', '{"model":"any","messages":[', 400, /JSON/],
  ['nothing', '', 400, /JSON/],
  ['an array', '[]', 400, /object/],
  ['no model', { messages: [] }, 400, /model/],
  ['a model that is no string', { ...ask(), model: 7 }, 400, /model/],
  ['an unknown model', { ...ask(), model: 'nobody-sells-this' }, 404, /nobody-sells-this/],
  ['a model name with ../', { ...ask(), model: '../../admin' }, 404, /admin/],
  ['a model name with CRLF', { ...ask(), model: 'any\r\nx-evil: 1' }, 404, /any/],
  ['a prototype as model', { ...ask(), model: '__proto__' }, 404, /__proto__/],
  ['nesting 100,000 deep', deep(100_000), 400, /128/],
  ['NUL bytes', '\u0000\u0000', 400, /JSON/],
];

for (const path of [chatPath, messagesPath, responsesPath]) {
  for (const [what, body, status, says] of bad) {
    test(`${path}: ${what} is a ${status} that says so`, async () => {
      const calls = upstream.received.length;
      const records = (await rig.records()).length;
      const response = await rig.post(path, body);
      const answer = (await response.json()) as { type?: string; error: { message: string } };
      assert.equal(response.status, status, JSON.stringify(answer));
      assert.match(answer.error.message, says);
      assert.equal(answer.type, path === messagesPath ? 'error' : undefined);
      assert.equal(upstream.received.length, calls, 'nothing was sent');
      const after = await rig.records();
      assert.equal(after.length, records + 1);
      assert.equal(after.at(-1)!.outcome, 'refused');
      assert.equal(after.at(-1)!.status, status);
    });
  }
}

/** What is wrong inside a body is only looked at when it has to be understood: for translation. */
const wrongTypes: readonly (readonly [field: string, body: unknown])[] = [
  ['messages', { model: 'any', max_tokens: 5, messages: 'hi' }],
  ['temperature', { ...ask(), max_tokens: 5, temperature: 'hot' }],
  ['max_tokens', { ...ask(), max_tokens: -1 }],
];
for (const [field, body] of wrongTypes) {
  test(`a wrong type is a 400 that names the field: ${field}`, async () => {
    const response = await rig.post(messagesPath, body);
    assert.equal(response.status, 400);
    assert.match(await response.text(), new RegExp(field));
  });
}

test('a missing key is a 401 before the body is read', async () => {
  for (const path of [chatPath, messagesPath]) {
    const response = await fetch(rig.url + path, { method: 'POST', body: '{"model":"any"}' });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /API key/);
  }
});

test('a wrong key is a 401, in whichever header it comes', async () => {
  for (const headers of [
    { authorization: 'Bearer wrong' },
    { 'x-api-key': 'wrong' },
    { authorization: `Basic ${key}` },
    { authorization: key },
  ]) {
    const response = await fetch(rig.url + chatPath, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: JSON.stringify(ask()),
    });
    assert.equal(response.status, 401);
    await response.text();
  }
});

test('the right key is taken from x-api-key too', async () => {
  const headers = { 'x-api-key': key };
  const body = JSON.stringify(ask());
  const response = await fetch(rig.url + chatPath, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  await response.text();
});

test('a body of 40 MB is a 413, declared or not, and the gateway serves on', async () => {
  const big = Buffer.alloc(40 * 1024 * 1024, 'x');
  const declared = await rig.post(chatPath, `{"model":"any","x":"${big}"}`);
  assert.equal(declared.status, 413);
  assert.match(await declared.text(), /33554432/);
  const chunked = await fetch(rig.url + chatPath, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: new ReadableStream({
      pull(controller) {
        controller.enqueue(big.subarray(0, 1024 * 1024));
      },
    }),
    duplex: 'half',
  } as RequestInit).then(
    r => r.status,
    () => 'closed while it was still sending',
  );
  assert.ok(chunked === 413 || chunked === 'closed while it was still sending');
  assert.equal((await rig.post(chatPath, ask())).status, 200);
});

test('a compressed body is refused with a reason', async () => {
  const response = await rig.post(chatPath, ask(), { 'content-encoding': 'gzip' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /compressed/);
});

/** Sends raw bytes and gives the status line of the answer. */
async function raw(bytes: string): Promise<string> {
  const { port, hostname } = new URL(rig.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', data => (answer += data));
  socket.on('error', () => undefined);
  socket.end(bytes);
  await once(socket, 'close');
  return answer.split('\r\n')[0] ?? '';
}

const head = `POST ${chatPath} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n`;
const ambiguous: readonly (readonly [what: string, bytes: string])[] = [
  ['two Host headers', `${head}Host: b\r\nContent-Length: 2\r\n\r\n{}`],
  ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  ['length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `${head}X-A : 1\r\nContent-Length: 2\r\n\r\n{}`],
  ['a bare line feed', `${head}X-A: 1\nContent-Length: 2\r\n\r\n{}`],
  ['a folded header', `${head}X-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\n{}`],
];
for (const [what, bytes] of ambiguous) {
  test(`a request that could be read in two ways is refused: ${what}`, async () => {
    assert.match(await raw(bytes), /^HTTP\/1\.1 400/);
  });
}

const paths = [
  '//v1/chat/completions',
  '/v1/../v1/chat/completions',
  '/v1/chat/completions/',
  '/v1/chat%2fcompletions',
  '/V1/chat/completions',
  'http://elsewhere/v1/chat/completions',
];
for (const path of paths) {
  test(`only the plain path is served, not ${path}`, async () => {
    const bytes = head.replace(chatPath, path);
    assert.match(await raw(`${bytes}Content-Length: 2\r\n\r\n{}`), /^HTTP\/1\.1 404/);
  });
}

test('a head that is too large is a 431', async () => {
  assert.match(await raw(`${head}X-A: ${'a'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431/);
});

test('another method is a 405 that names the right one', async () => {
  const response = await fetch(rig.url + chatPath);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'POST');
  await response.text();
});
