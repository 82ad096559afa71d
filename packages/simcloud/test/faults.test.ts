// Proves that each fault does on the wire what its name says, hits whom it should, and goes away,
// seen by a client that hides nothing.

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Fault, FaultError, parseFault, parseFaultWord } from '../src/fault.ts';
import type { Simcloud } from '../src/simcloud.ts';
import { ask, contentEvents } from './support/raw.ts';
import { start } from './support/start.ts';

async function under(t: TestContext, fault: Fault): Promise<Simcloud> {
  const simcloud = await start(t);
  await simcloud.setFaults('openai', [fault]);
  return simcloud;
}

/** Resolves when the cloud holds a call open. */
async function held(simcloud: Simcloud): Promise<void> {
  while ((await simcloud.stats()).openai.faults.stall === undefined) await turn();
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

test('stall: the call is taken and nothing comes', async t => {
  const simcloud = await under(t, { kind: 'stall' });
  const gone = new AbortController();
  const call = ask(simcloud, { signal: gone.signal });
  await held(simcloud);
  assert.equal((await simcloud.stats()).openai.active, 1);
  gone.abort();
  await assert.rejects(call, { name: 'AbortError' });
});

test('stall with headers: the status comes and no more', async t => {
  const simcloud = await under(t, { kind: 'stall', headers: true });
  const gone = new AbortController();
  const call = ask(simcloud, { stream: true, signal: gone.signal });
  await held(simcloud);
  setImmediate(() => gone.abort());
  const outcome = await call.catch((error: Error) => error);
  if (outcome instanceof Error) assert.equal(outcome.name, 'AbortError');
  else assert.deepEqual([outcome.status, outcome.body], [200, '']);
});

test('stall-mid-stream: so many events, then silence on an open connection', async t => {
  const simcloud = await under(t, { kind: 'stall-mid-stream', afterEvents: 2 });
  const gone = new AbortController();
  const raw = await ask(simcloud, {
    stream: true,
    signal: gone.signal,
    onData: sofar => contentEvents(sofar) === 2 && setImmediate(() => gone.abort()),
  });
  assert.equal(contentEvents(raw.body), 2);
  assert.equal(raw.whole, false);
});

test('cut: so many events, then the connection is gone without an end', async t => {
  for (const afterEvents of [0, 1, 5]) {
    const simcloud = await under(t, { kind: 'cut', afterEvents });
    const raw = await ask(simcloud, { stream: true });
    assert.equal(raw.status, 200);
    assert.equal(contentEvents(raw.body), afterEvents);
    assert.equal(raw.whole, false);
    assert.doesNotMatch(raw.body, /DONE|"finish_reason":"stop"/);
  }
});

test('cut: a unary answer breaks off in the middle of its bytes', async t => {
  const raw = await ask(await under(t, { kind: 'cut' }));
  assert.equal(raw.whole, false);
  assert.ok(raw.body.length > 0 && raw.body.length < Number(raw.headers['content-length']));
});

test('cut: also strikes the stream that flows already; no other fault does', async t => {
  for (const kind of ['server-error', 'stall', 'refuse', 'cut'] as const) {
    const simcloud = await start(t, { latency: 'model', speed: 20 });
    const began = Promise.withResolvers<void>();
    const answer = ask(simcloud, { stream: true, onData: () => began.resolve() });
    await began.promise;
    await simcloud.setFaults('openai', [{ kind, ...(kind === 'cut' && { afterEvents: 0 }) }]);
    const raw = await answer;
    assert.equal(raw.whole, kind !== 'cut', kind);
    assert.equal(raw.body.includes('[DONE]'), kind !== 'cut', kind);
  }
});

test('server-error, overloaded, rate-limit and auth: the statuses of the cloud', async t => {
  const simcloud = await start(t);
  const status = async (fault: Fault): Promise<number> => {
    await simcloud.setFaults('openai', [fault]);
    return (await ask(simcloud)).status;
  };
  assert.equal(await status({ kind: 'server-error' }), 500);
  assert.equal(await status({ kind: 'server-error', status: 502 }), 502);
  assert.equal(await status({ kind: 'overloaded' }), 503);
  assert.equal(await status({ kind: 'rate-limit' }), 429);
  assert.equal(await status({ kind: 'auth' }), 401);
  await simcloud.setFaults('openai', []);
  assert.equal((await ask(simcloud)).status, 200);
  assert.deepEqual((await simcloud.stats()).openai.statuses, {
    200: 1,
    401: 1,
    429: 1,
    500: 1,
    502: 1,
    503: 1,
  });
});

test('refuse: connections are refused, those that idle end, and the same port comes back', async t => {
  const simcloud = await start(t);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await ask(simcloud, { agent })).status, 200);
  await simcloud.setFaults('openai', [{ kind: 'refuse' }]);
  await assert.rejects(ask(simcloud), { code: 'ECONNREFUSED' });
  await assert.rejects(ask(simcloud, { agent }), /ECONNREFUSED|ECONNRESET|socket hang up/);
  assert.equal((await ask(simcloud, {}, 'azureOpenai')).status, 200);
  await simcloud.setFaults('openai', []);
  assert.equal((await ask(simcloud)).status, 200);
});

test('garbage: a web page with 200, or broken content of the right type', async t => {
  const simcloud = await under(t, { kind: 'garbage' });
  const page = await ask(simcloud);
  assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8']);
  assert.match(page.body, /<html>/);
  await simcloud.setFaults('openai', [{ kind: 'garbage', frames: true }]);
  const unary = await ask(simcloud);
  assert.equal(unary.headers['content-type'], 'application/json');
  assert.throws(() => JSON.parse(unary.body));
  const stream = await ask(simcloud, { stream: true });
  assert.match(stream.headers['content-type']!, /^text\/event-stream/);
  assert.throws(() => JSON.parse(/^data: (.*)$/m.exec(stream.body)![1]!));
});

test('slow: the same answer takes so many times longer', async t => {
  const calm = await start(t, { latency: 'model', speed: 100 });
  const headers = (await ask(calm)).headers;
  const slow = await start(t, { latency: 'model', speed: 100 });
  await slow.setFaults('openai', [{ kind: 'slow', factor: 20 }]);
  const slowed = (await ask(slow)).headers;
  const ms = (given: typeof headers): number => Number(given['openai-processing-ms']);
  assert.ok(Math.abs(ms(slowed) - 20 * ms(headers)) <= 20);
});

test('in-stream-error: 200 and an error event, before or after the first content', async t => {
  for (const afterEvents of [0, 4]) {
    const simcloud = await under(t, { kind: 'in-stream-error', afterEvents });
    const raw = await ask(simcloud, { stream: true });
    assert.deepEqual([raw.status, raw.whole], [200, true]);
    assert.equal(contentEvents(raw.body), afterEvents);
    assert.match(raw.body, /data: \{"error":\{"message":[^\n]*\}\n\n$/);
    assert.equal((await ask(simcloud)).status, 500);
  }
});

test('a short answer is broken too: before it says that it is whole', async t => {
  const simcloud = await under(t, { kind: 'cut', afterEvents: 50 });
  const raw = await ask(simcloud, { stream: true, text: '[[simulate output=8]]' });
  assert.equal(raw.whole, false);
  assert.doesNotMatch(raw.body, /"finish_reason":"/);
});

test('a fault hits its model, its share and its count', async t => {
  const simcloud = await start(t);
  const statuses = async (n: number, model?: string): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < n; i++) all.push((await ask(simcloud, model ? { model } : {})).status);
    return all;
  };
  await simcloud.setFaults('openai', [{ kind: 'overloaded', model: 'gpt-4o', count: 2 }]);
  assert.deepEqual(await statuses(1, 'gpt-4.1'), [200]);
  assert.deepEqual(await statuses(3), [503, 503, 200]);
  await simcloud.setFaults('openai', [{ kind: 'overloaded', share: 0.5 }]);
  const failed = (await statuses(60)).filter(status => status === 503).length;
  assert.ok(failed > 15 && failed < 45, `${failed} of 60`);
});

test('faults are set, read and lifted over HTTP, and wrong ones are refused', async t => {
  const simcloud = await start(t);
  const { control } = simcloud.urls;
  const put = (body: string, cloud = 'openai') =>
    fetch(`${control}/faults/${cloud}`, { method: 'PUT', body });
  assert.equal((await put('{"kind":"server-error"}')).status, 200);
  assert.equal((await ask(simcloud)).status, 500);
  const stats = (await (await fetch(`${control}/stats`)).json()) as {
    openai: { requests: number };
  };
  assert.equal(stats.openai.requests, 1);
  for (const wrong of ['{"kind":"flood"}', '{"kind":"stall","share":2}', '{', '{"kin":1}']) {
    assert.equal((await put(wrong)).status, 400, wrong);
  }
  assert.equal((await put('[]', 'nowhere')).status, 404);
  assert.equal((await ask(simcloud)).status, 500, 'a refused control call changes nothing');
  assert.equal((await fetch(`${control}/faults`, { method: 'DELETE' })).status, 200);
  assert.equal((await ask(simcloud)).status, 200);
});

test('faults are checked: kinds, ranges and fields', () => {
  assert.deepEqual(parseFaultWord('bedrock:stall'), { cloud: 'bedrock', fault: { kind: 'stall' } });
  assert.equal(parseFaultWord('slow').cloud, null);
  for (const wrong of [null, [], { kind: 'refuse', count: 1 }, { kind: 'cut', afterEvents: -1 }]) {
    assert.throws(() => parseFault(wrong), FaultError);
  }
  assert.throws(() => parseFaultWord('mars:stall'), /no cloud "mars"/);
});

test('a caller that goes away ends its stream at the cloud', async t => {
  const simcloud = await start(t, { latency: 'model', speed: 5 });
  const gone = new AbortController();
  const text = '[[simulate output=5000]]';
  await ask(simcloud, { stream: true, text, signal: gone.signal, onData: () => gone.abort() });
  while ((await simcloud.stats()).openai.active > 0) await turn();
  assert.equal((await simcloud.stats()).openai.broken, 1);
});
