// Requests of HTTP/1.1 read out of bytes that are cut anywhere, beside Node's own reader; and bytes
// that are no request, or that two readers could read in two ways. What we take, Node takes too.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, METHODS } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { MessageReader } from '../../src/http1/message-reader.ts';
import { type RequestHead, requestForm } from '../../src/inbound/request-head.ts';
import { framedBodies } from '../framed-bodies.ts';

interface Told {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Every whole request in these pieces. Throws what the reader throws. */
function read(pieces: readonly Buffer[]): Told[] {
  const all: Told[] = [];
  let head: RequestHead | null = null;
  let body: Buffer[] = [];
  let rest: Buffer | null = null;
  const reader = new MessageReader(requestForm(16 * 1024, 100), {
    head: one => {
      head = one;
    },
    body: bytes => body.push(bytes),
    end: behind => {
      const { method, target, headers } = head!;
      all.push({ method, target, headers, body: Buffer.concat(body).toString('latin1') });
      body = [];
      rest = behind;
    },
  });
  for (const piece of pieces) {
    for (rest = piece; rest !== null && rest.length > 0; ) {
      const bytes: Buffer = rest;
      rest = null;
      reader.push(bytes);
    }
  }
  return all;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const extras = fc.constantFrom('', 'x-a: 1\r\n', 'X-B:two words \r\nx-b: again\r\n', 'x-c:\t\r\n');
const targets = fc.constantFrom('/', '/v1/messages?beta=true', '*', 'http://a/b', '/%2e%2e/');

/** A request that is right, in each of its forms. */
const requests = fc
  .record({ framed: framedBodies, extras, target: targets })
  .map(({ framed: { form, body }, extras, target }) => {
    return { text: `POST ${target} HTTP/1.1\r\nHost: a\r\n${extras}${form}`, target, body };
  });

test('requests are the same however their bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(requests, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (asked, cuts) => {
        const whole = bytes(asked.map(one => one.text).join(''));
        const places = [0, ...cuts.map(cut => cut % whole.length), whole.length];
        places.sort((a, b) => a - b);
        const told = read(places.slice(1).map((to, n) => whole.subarray(places[n]!, to)));
        const seen = told.map(({ target, body }) => [target, body]);
        assert.deepEqual(
          seen,
          asked.map(({ target, body }) => [target, body]),
        );
        assert.deepEqual(told, read([...whole].map(byte => Buffer.of(byte))));
      },
    ),
  );
});

/** Node's own reader, behind a socket; what it makes of bytes. */
class NodeReader {
  readonly #server = createServer({ keepAliveTimeout: 100 }, (request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', text => (body += text));
    request.on('end', () => {
      const { method, url, headers } = request;
      this.#seen.push({ method: method!, target: url!, headers: headers as Told['headers'], body });
      response.end();
    });
  });
  #seen: Told[] = [];

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** The whole requests, and whether it refused something behind them. */
  async read(sent: Buffer): Promise<{ seen: Told[]; refused: boolean }> {
    this.#seen = [];
    const socket = connect((this.#server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.on('data', data => (answer += data)).on('error', () => undefined);
    socket.end(sent);
    if (!socket.destroyed) await once(socket, 'close');
    return { seen: this.#seen, refused: answer.includes(' 400 Bad Request') };
  }
}

test('Node reads the same of every request', async t => {
  const node = new NodeReader();
  t.after(() => node.close());
  await node.listen();
  await fc.assert(
    fc.asyncProperty(requests, async ({ text }) => {
      const [ours] = read([bytes(text)]);
      const { seen } = await node.read(bytes(text));
      assert.deepEqual(
        { ...ours, headers: { ...ours!.headers } },
        { ...seen[0], headers: { ...seen[0]!.headers } },
      );
    }),
    { numRuns: 60 },
  );
});

/** What attacks are made of, put into right requests anywhere. */
const spices = fc.constantFrom(
  '\r',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  '\r\n',
  ';',
  '+',
  '-1',
  '0x',
  ',',
  '\x0b',
  '\u00a0',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Content-Length: 3\r\n',
  'HTTP/1.1',
  '0\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
);

test('what is made wrong is refused, or read as Node reads it', async t => {
  const node = new NodeReader();
  t.after(() => node.close());
  await node.listen();
  await fc.assert(
    fc.asyncProperty(requests, spices, fc.nat(), fc.nat(3), async ({ text }, spice, at, cut) => {
      const place = at % text.length;
      const sent = bytes(text.slice(0, place) + spice + text.slice(place + cut));
      let ours: Told[];
      try {
        ours = read([sent]);
      } catch {
        return;
      }
      // A blank as any other; Node takes none there.
      if (/^(transfer-encoding|content-length):.*\t/im.test(sent.toString('latin1'))) return;
      const { seen, refused } = await node.read(sent);
      const shown = JSON.stringify(sent.toString('latin1'));
      const shape = ({ method, target, body }: Told) => [method, target, body];
      // A request that only we would take is what an attack could be made of.
      const known = ours.filter(({ method }) => METHODS.includes(method));
      if (refused) assert.ok(known.length <= seen.length, `${shown} ${JSON.stringify(ours)}`);
      else if (known.length < ours.length) assert.fail(shown);
      else assert.deepEqual(ours.map(shape), seen.map(shape), shown);
    }),
    { numRuns: 400 },
  );
});

const line = 'POST / HTTP/1.1\r\nhost: a\r\n';
const bad: readonly (readonly [what: string, text: string, code?: string])[] = [
  ['another protocol', 'SSH-2.0-x\r\n\r\n'],
  ['TLS', '\x16\x03\x01\x02\x00'],
  ['HTTP/2', 'POST / HTTP/2.0\r\nhost: a\r\n\r\n'],
  ['a method in small letters', 'post / HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['a target with a space', 'POST /a b HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['a target that is no ASCII', 'POST /\xe9 HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['two spaces', 'POST  / HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['no host', 'POST / HTTP/1.1\r\nx-a: 1\r\n\r\n'],
  ['two hosts', `${line}Host: b\r\n\r\n`],
  ['two keys', `${line}authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n`],
  ['two lengths', `${line}content-length: 3\r\ncontent-length: 3\r\n\r\n`],
  ['a list of lengths', `${line}content-length: 3, 3\r\n\r\n`],
  ['a length and chunks', `${line}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`],
  ['a length with a sign', `${line}content-length: +3\r\n\r\n`],
  ['a length in hexadecimal', `${line}content-length: 0x3\r\n\r\n`],
  ['a length past all', `${line}content-length: 9999999999999999\r\n\r\n`],
  ['a coding of another kind', `${line}transfer-encoding: gzip, chunked\r\n\r\n`],
  [
    'a coding that comes twice',
    `${line}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`,
  ],
  ['a coding behind what is no blank', `${line}transfer-encoding: \u00a0chunked\r\n\r\n`],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n'],
  ['a name with a space', `${line}content-length : 3\r\n\r\n`],
  ['a header that goes on in the next line', `${line}x-a: 1\r\n 2\r\n\r\n`],
  ['a line that ends by itself', `${line}x-a: 1\nx-b: 2\r\n\r\n`],
  ['a carriage return in a value', `${line}x-a: 1\rx-b: 2\r\n\r\n`],
  ['a NUL in a value', `${line}x-a: \0\r\n\r\n`],
  ['an expectation of another kind', `${line}expect: tea\r\ncontent-length: 1\r\n\r\n`, 'unmet'],
  ['a chunk of a length that is none', `${line}transfer-encoding: chunked\r\n\r\n-1\r\n`],
  ['a chunk longer than it says', `${line}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n`],
  [
    'a chunk that ends with a line feed',
    `${line}transfer-encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n`,
  ],
  ['a head without end', `${line}x: ${'x'.repeat(17_000)}`, 'too_large'],
  ['101 headers', `${line}${'x-a: 1\r\n'.repeat(100)}\r\n`, 'too_large'],
];
for (const [what, text, code = 'bad_http'] of bad) {
  test(`${what} is refused`, () => {
    assert.throws(() => read([bytes(text)]), { code });
    if (code === 'too_large') return;
    assert.throws(() => read([...bytes(text)].map(byte => Buffer.of(byte))), { code });
  });
}
