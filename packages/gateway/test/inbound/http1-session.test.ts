// Connections of HTTP/1.1 over real sockets: requests one after another, what a caller waits for,
// how answers are framed, and how a connection ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Inbound } from '../../src/inbound/inbound.ts';
import { bodyOf, echo, RawCaller, stage } from './stage.ts';

const post = (body: string, more = ''): string =>
  `POST /a HTTP/1.1\r\nhost: a\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
const get = (target: string, more = ''): string =>
  `GET ${target} HTTP/1.1\r\nhost: a\r\n${more}\r\n`;
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('an answer has its length and date, and says how long the connection is kept', async t => {
  const { port } = await stage(t, echo);
  const caller = new RawCaller(port).send(post('x'));
  const text = await caller.has('["POST","/a","x"]');
  assert.match(text, /^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\n/);
  assert.match(text, /\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
  assert.match(text, /\r\nconnection: keep-alive\r\nkeep-alive: timeout=72\r\n/);
  assert.match(text, /\r\ncontent-length: 17\r\n\r\n\["POST"/);
  caller.socket.destroy();
});

test('requests that come at once are answered one by one, in their order', async t => {
  const inside: number[] = [];
  let open = 0;
  const { port } = await stage(t, inbound => {
    inside.push(++open);
    void bodyOf(inbound).then(async body => {
      await turn();
      open--;
      inbound.send(200, [], Buffer.from(`<${body}>`));
    });
  });
  const caller = new RawCaller(port);
  caller.send(['1', '22', '333'].map(body => post(body)).join('\r\n'));
  assert.match(await caller.has('<333>'), /<1>.*<22>.*<333>/s);
  assert.deepEqual(inside, [1, 1, 1]);
  caller.socket.destroy();
});

test('ten thousand requests in one piece are answered', async t => {
  const { port } = await stage(t, inbound => inbound.send(200, [], Buffer.from(inbound.target)));
  const caller = new RawCaller(port);
  caller.send(Array.from({ length: 10_000 }, (_, n) => get(`/${n}`)).join('') + get('/last'));
  const text = await caller.has(/\/last$/);
  assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 10_001);
  caller.socket.destroy();
});

test('a caller that asks first whether to send its body is told to, when it is read', async t => {
  let asked: Inbound | null = null;
  const { port } = await stage(t, inbound => {
    asked = inbound;
  });
  const caller = new RawCaller(port);
  caller.send('POST /a HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n');
  while (asked === null) await turn();
  assert.equal(caller.text, '');
  const body = bodyOf(asked);
  await caller.has('HTTP/1.1 100 Continue\r\n\r\n');
  caller.send('body');
  assert.equal(await body, 'body');
  (asked as Inbound).send(200, [], Buffer.from('yes'));
  assert.match(await caller.has('yes'), /100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  caller.socket.destroy();
});

test('a body that nobody takes is not read on, and goes to who takes it later', async t => {
  let asked: Inbound | null = null;
  const { port } = await stage(t, inbound => {
    asked = inbound;
  });
  const caller = new RawCaller(port);
  const body = 'x'.repeat(3_000_000);
  caller.send(post(body));
  while (asked === null) await turn();
  assert.equal((await bodyOf(asked)).length, body.length);
  (asked as Inbound).send(200, [], Buffer.from('all'));
  await caller.has('all');
  caller.socket.destroy();
});

test('a caller that is answered before it has sent all gets the answer, then the end', async t => {
  const { port } = await stage(t, inbound => inbound.send(401, [], Buffer.from('no key')));
  const caller = new RawCaller(port);
  caller.send('POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n');
  assert.match(await caller.has('no key'), /^HTTP\/1\.1 401 Unauthorized\r\n.*connection: close/s);
  caller.send('x'.repeat(3_000_000));
  await caller.ended();
});

test('a connection ends after the answer where the caller says so, or speaks HTTP/1.0', async t => {
  const { port } = await stage(t, echo);
  for (const asked of [
    get('/', 'connection: close\r\n'),
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.0\r\nconnection: x\r\n\r\n',
  ]) {
    const text = await new RawCaller(port).send(asked).ended();
    assert.match(text, /\r\nconnection: close\r\n.*\["GET","\/",""\]$/s);
  }
  const kept = new RawCaller(port).send('GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n');
  assert.match(await kept.has('["GET"'), /connection: keep-alive/);
  kept.send('GET /2 HTTP/1.0\r\n\r\n');
  assert.match(await kept.ended(), /\["GET","\/2",""\]$/);
});

test('HEAD is answered with a length and without a body', async t => {
  const { port } = await stage(t, inbound => inbound.send(200, [], Buffer.from('12345')));
  const caller = new RawCaller(port).send(`HEAD / HTTP/1.1\r\nhost: a\r\n\r\n${get('/')}`);
  const text = await caller.has(/12345$/);
  assert.equal(text.match(/content-length: 5\r\n\r\n/g)?.length, 2);
  assert.equal(text.match(/12345/g)?.length, 1);
  caller.socket.destroy();
});

test('what a header cannot carry does not end it', async t => {
  const { port } = await stage(t, inbound =>
    inbound.send(200, ['x-a', 'a\r\nx-evil: 1', 'x-b', '\u65e5\u00e9'], Buffer.from('.')),
  );
  const text = await new RawCaller(port).send(get('/', 'connection: close\r\n')).ended();
  assert.match(text, /\r\nx-a: a\?\?x-evil: 1\r\nx-b: \?\u00e9\r\n/);
});

/** Short and long, alone and together in a turn of the loop, and empty ones. */
const lengths = [[10, 3_000, 7], [0], [1], [5_000], [20, 0, 30], [100_000, 16_384, 16_385]];
const pieces = lengths.flat().map((length, n) => String.fromCharCode(97 + n).repeat(length));

async function writeAll(inbound: Inbound): Promise<void> {
  inbound.begin(200, ['content-type', 'text/event-stream']);
  let n = 0;
  for (const { length } of lengths) {
    for (const piece of pieces.slice(n, n + length)) inbound.write(Buffer.from(piece));
    n += length;
    await turn();
  }
  inbound.end(Buffer.from('the end'));
}

test('pieces come whole and in their order, whatever their length', async t => {
  const { port } = await stage(t, writeAll);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(await response.text(), `${pieces.join('')}the end`);
});

test('a caller of HTTP/1.0 gets them without chunks, up to the end of the connection', async t => {
  const { port } = await stage(t, writeAll);
  for (const more of ['', 'connection: keep-alive\r\n']) {
    const text = await new RawCaller(port).send(`GET / HTTP/1.0\r\n${more}\r\n`).ended();
    assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), `${pieces.join('')}the end`);
    assert.match(text, /\r\nconnection: close\r\n/);
  }
});

test('an answer without a piece is whole, too', async t => {
  const { port } = await stage(t, inbound => {
    inbound.begin(200, []);
    inbound.end();
  });
  const response = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(await response.text(), '');
});

test('a caller that reads nothing is said to be slow, and gets all when it reads', async t => {
  const piece = Buffer.alloc(1_000, 'x');
  const slow = Promise.withResolvers<number>();
  const { port } = await stage(t, async inbound => {
    inbound.begin(200, []);
    let written = 1;
    for (; inbound.write(piece); written++) await turn();
    inbound.onDrain = () => inbound.end();
    slow.resolve(written);
  });
  const caller = new RawCaller(port);
  caller.socket.pause();
  caller.send(get('/', 'connection: close\r\n'));
  const written = await slow.promise;
  caller.socket.resume();
  assert.equal((await caller.ended()).match(/x/g)?.length, written * piece.length);
});

test('a caller that reads no answers is not asked for more requests', async t => {
  let asked = 0;
  const body = Buffer.alloc(100_000, 'x');
  const { port } = await stage(t, inbound => {
    asked++;
    inbound.send(200, [], body);
  });
  const caller = new RawCaller(port);
  caller.socket.pause();
  caller.send(get('/').repeat(2_000) + get('/last', 'connection: close\r\n'));
  const other = new RawCaller(port).send(get('/'));
  await other.has(/x$/);
  assert.ok(asked < 500, `${asked} were asked`);
  caller.socket.resume();
  other.socket.destroy();
  assert.equal((await caller.ended()).match(/HTTP\/1\.1 200/g)?.length, 2_001);
});

test('a caller that leaves is said to be gone, once, and only before its answer', async t => {
  const gone: string[] = [];
  let asked = 0;
  const { port } = await stage(t, inbound => {
    asked++;
    inbound.onGone = () => gone.push(inbound.target);
    if (inbound.target === '/answered') inbound.send(200, [], Buffer.from('.'));
  });
  const answered = new RawCaller(port).send(get('/answered'));
  await answered.has(/\.$/);
  answered.socket.destroy();
  for (const leave of ['destroy', 'end'] as const) {
    const before = asked;
    const caller = new RawCaller(port).send(get(`/${leave}`));
    while (asked === before) await turn();
    caller.socket[leave]();
    while (!gone.includes(`/${leave}`)) await turn();
    caller.socket.destroy();
  }
  assert.deepEqual(gone, ['/destroy', '/end']);
});

test('a body that is broken off is said to be, and one that is no body is a 400', async t => {
  const broken: string[] = [];
  const { port } = await stage(t, inbound => {
    bodyOf(inbound).catch(() => broken.push(inbound.target));
  });
  const leaving = new RawCaller(port).send(
    'POST /left HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nx',
  );
  await once(leaving.socket, 'connect');
  leaving.socket.end();
  while (broken.length === 0) await turn();
  const wrong = new RawCaller(port);
  wrong.send('POST /wrong HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxyz');
  assert.match(await wrong.ended(), /^HTTP\/1\.1 400 .*a chunk is longer than it said/s);
  assert.deepEqual(broken, ['/left', '/wrong']);
});

test('TLS where none is spoken is told so', async t => {
  const { port } = await stage(t, echo);
  const text = await new RawCaller(port).send('\x16\x03\x01\x02\x00\x01\x00').ended();
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n.*it begins with TLS/s);
});

test('what takes too long is ended: a head, a body, a connection that asks nothing', async t => {
  const { port } = await stage(t, echo, { headMs: 100, requestMs: 150, idleMs: 200 });
  const head = 'POST /a HTTP/1.1\r\nhost: a\r\n';
  for (const begun of [head, `${head}content-length: 9\r\n\r\n{`]) {
    assert.match(await new RawCaller(port).send(begun).ended(), /^HTTP\/1\.1 408 /);
  }
  assert.equal(await new RawCaller(port).ended(), '');
  assert.match(await new RawCaller(port).send(post('x')).ended(), /\["POST","\/a","x"\]$/);
});

test('a caller that reads its answer slowly is not idle', async t => {
  const body = Buffer.alloc(20_000_000, 'x');
  const { port } = await stage(t, inbound => inbound.send(200, [], body), {
    headMs: 50,
    idleMs: 50,
  });
  const [keeping, closing] = [new RawCaller(port), new RawCaller(port)];
  keeping.send(get('/'));
  closing.send(get('/', 'connection: close\r\n'));
  for (const slow of [keeping, closing]) {
    await slow.has('x');
    slow.socket.pause();
  }
  // As long as others are kept that ask nothing, more than once.
  for (let n = 0; n < 4; n++) await new RawCaller(port).ended();
  for (const slow of [keeping, closing]) {
    slow.socket.resume();
    assert.equal((await slow.ended()).match(/x/g)?.length, body.length);
  }
});

test('at the end an answer that is still on its way comes whole', async t => {
  const body = Buffer.alloc(20_000_000, 'x');
  const { port, front } = await stage(t, inbound => inbound.send(200, [], body));
  const [keeping, closing] = [new RawCaller(port), new RawCaller(port)];
  keeping.send(get('/'));
  closing.send(get('/', 'connection: close\r\n'));
  for (const slow of [keeping, closing]) {
    await slow.has('x');
    slow.socket.pause();
  }
  const closed = front.close(60_000);
  for (const slow of [keeping, closing]) {
    slow.socket.resume();
    assert.equal((await slow.ended()).match(/x/g)?.length, body.length);
  }
  await closed;
});

test('at the end what is asked is answered, and what is idle is closed at once', async t => {
  const asked = Promise.withResolvers<Inbound>();
  const { port, front } = await stage(t, inbound => {
    if (inbound.target === '/slow') asked.resolve(inbound);
    else inbound.send(200, [], Buffer.from('.'));
  });
  const [idle, silent, slow] = [new RawCaller(port), new RawCaller(port), new RawCaller(port)];
  await idle.send(get('/')).has(/\.$/);
  slow.send(get('/slow'));
  const inbound = await asked.promise;
  const closed = front.close(60_000);
  await Promise.all([idle.ended(), silent.ended()]);
  inbound.send(200, [], Buffer.from('at last'));
  assert.match(await slow.ended(), /connection: close.*at last$/s);
  await closed;
});
