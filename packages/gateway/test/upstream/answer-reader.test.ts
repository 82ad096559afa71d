// Answers of HTTP/1.1 read out of bytes that are cut anywhere, with Node's own reader to compare
// with; and bytes that are no such answer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerReader } from '../../src/http1/answer-reader.ts';
import { framedBodies } from '../framed-bodies.ts';

interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly keepsAlive: boolean;
}

/** What is told of the bytes in these pieces; a whole answer, or null where it never is whole. */
function read(pieces: readonly Buffer[], endsThere = false): Told | null {
  let head: Pick<Told, 'status' | 'headers'> | null = null;
  const body: Buffer[] = [];
  const ends: boolean[] = [];
  const reader = answerReader({
    head: (status, headers) => {
      head = { status, headers };
    },
    body: bytes => {
      assert.ok(bytes.length > 0);
      body.push(bytes);
    },
    end: keepsAlive => ends.push(keepsAlive),
  });
  for (const piece of pieces) reader.push(piece);
  if (endsThere) reader.endOfBytes();
  assert.ok(ends.length <= 1);
  if (head === null || ends.length === 0) return null;
  const { status, headers } = head;
  return { status, headers, body: Buffer.concat(body).toString('latin1'), keepsAlive: ends[0]! };
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const extras = fc.constantFrom('', 'x-a: 1\r\n', 'X-B:two words \r\nx-b: again\r\n', 'x-c:\r\n');
const status = fc.constantFrom(200, 201, 400, 429, 503);
const before = fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n');

/** An answer that is right, in each of its forms, and its body. */
const answers = fc
  .record({ framed: framedBodies, extras, status, before })
  .map(({ framed: { form, body }, extras, status, before }) => {
    return { text: `${before}HTTP/1.1 ${status} OK\r\n${extras}${form}`, status, body };
  });

test('an answer is the same however its bytes are cut', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.nat(), { maxLength: 8 }), (answer, cuts) => {
      const whole = bytes(answer.text);
      const places = [0, ...cuts.map(cut => cut % whole.length), whole.length];
      places.sort((a, b) => a - b);
      const pieces = places.slice(1).map((to, n) => whole.subarray(places[n]!, to));
      const told = read(pieces);
      assert.deepEqual([told?.status, told?.body], [answer.status, answer.body]);
      assert.deepEqual(told, read([...whole].map(byte => Buffer.of(byte))));
      assert.equal(read([whole.subarray(0, whole.length - 1)]), null);
    }),
  );
});

test('Node reads the same status, headers and body', async () => {
  let next = '';
  const server = createServer(socket => void socket.once('data', () => socket.end(next, 'latin1')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await fc.assert(
    fc.asyncProperty(answers, async ({ text }) => {
      next = text;
      const asked = request({ port, agent: false });
      asked.end();
      const [answer] = await once(asked, 'response');
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      const told = read([bytes(text)])!;
      assert.equal(told.status, answer.statusCode);
      assert.deepEqual({ ...told.headers }, { ...answer.headers });
      assert.equal(told.body, Buffer.concat(parts).toString('latin1'));
    }),
    { numRuns: 50 },
  );
  server.close();
});

const ok = 'HTTP/1.1 200 OK\r\n';
const keeping: readonly (readonly [what: string, text: string, keepsAlive: boolean])[] = [
  ['says nothing of it', `${ok}content-length: 0\r\n\r\n`, true],
  ['says close', `${ok}Connection: Close\r\ncontent-length: 0\r\n\r\n`, false],
  ['says close among others', `${ok}connection: x, close\r\ncontent-length: 0\r\n\r\n`, false],
  ['is of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', false],
  [
    'is of HTTP/1.0 and keeps it',
    'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
    true,
  ],
  ['is followed by what nobody asked for', `${ok}content-length: 1\r\n\r\nxHTTP/1.1 200 OK`, false],
  ['has no body by its status', 'HTTP/1.1 204 No Content\r\n\r\n', true],
];
for (const [what, text, keepsAlive] of keeping) {
  test(`an answer that ${what} ${keepsAlive ? 'keeps' : 'ends'} its connection`, () => {
    assert.equal(read([bytes(text)])?.keepsAlive, keepsAlive);
  });
}

test('a body without a length goes as far as the connection', () => {
  const pieces = [bytes(`${ok}\r\nall`), bytes(' of it')];
  assert.equal(read(pieces), null);
  const { body, keepsAlive } = read(pieces, true)!;
  assert.deepEqual([body, keepsAlive], ['all of it', false]);
});

const cutOff = [
  '',
  'HTTP/1.1 200',
  `${ok}content-length: 3\r\n\r\nab`,
  `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`,
  `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n`,
];
for (const text of cutOff) {
  test(`a connection that ends behind ${JSON.stringify(text)} has cut its answer off`, () => {
    assert.throws(() => read([bytes(text)], true), { code: 'cut_off' });
  });
}

const bad: readonly (readonly [what: string, text: string])[] = [
  ['another protocol', 'SSH-2.0-x\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['two lengths', `${ok}content-length: 3\r\ncontent-length: 4\r\n\r\n`],
  ['a length and chunks', `${ok}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`],
  ['a length that is none', `${ok}content-length: +3\r\n\r\n`],
  ['a length past all', `${ok}content-length: 9999999999999999\r\n\r\n`],
  ['a coding that nobody asked for', `${ok}transfer-encoding: gzip, chunked\r\n\r\n`],
  ['a name with a space', `${ok}content-length : 3\r\n\r\n`],
  ['a header that goes on in the next line', `${ok}x-a: 1\r\n 2\r\n\r\n`],
  ['a control character in a value', `${ok}x-a: a\0b\r\n\r\n`],
  ['a line that ends by itself', `${ok}x-a: a\nx-b: b\r\n\r\n`],
  ['a coding behind what is no blank', `${ok}transfer-encoding: \u00a0chunked\r\n\r\n`],
  [
    'a trailer without end',
    `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${'x: 1\r\n'.repeat(5_000)}`,
  ],
  ['a header without a name', `${ok}: 3\r\n\r\n`],
  ['a chunk without a length', `${ok}transfer-encoding: chunked\r\n\r\n\r\n`],
  ['a chunk of a length that is none', `${ok}transfer-encoding: chunked\r\n\r\n-1\r\n`],
  ['a chunk longer than all', `${ok}transfer-encoding: chunked\r\n\r\n${'f'.repeat(13)}\r\n`],
  ['a chunk longer than it says', `${ok}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n`],
  ['a line without end', `${ok}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(5_000)}`],
];
test('a head without end is too large', () => {
  assert.throws(() => read([bytes(`${ok}x: ${'x'.repeat(40_000)}`)]), { code: 'too_large' });
});

for (const [what, text] of bad) {
  test(`${what} is no answer`, () => {
    assert.throws(() => read([bytes(text)]), { code: 'bad_http' });
  });
}
