// A failure before the first content is mended elsewhere and the caller sees nothing of it; a
// failure after it ends the stream with the dialect's own error. Real sockets, one fault per test.

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import {
  ask,
  beginStream,
  chat,
  chatError,
  chatFinish,
  chatRole,
  chatWords,
  done,
} from '../answers.ts';
import { FakeUpstream, Rig, type Script } from '../rig.ts';

const first = new FakeUpstream(chat);
const second = new FakeUpstream(chat);
let rig: Rig;

before(async () => {
  await first.listen();
  await second.listen();
});
after(async () => {
  await first.close();
  await second.close();
});

async function withRig(run: () => Promise<void>, firstUrl = first.url): Promise<void> {
  rig = await Rig.start({
    deployments: [
      { id: 'first', service: 'openai-api', endpoint: firstUrl },
      { id: 'second', service: 'azure-openai', endpoint: second.url },
    ],
    engine: {
      deadlines: { firstEventMs: 300, slowFirstEventMs: 300, stallMs: 300 },
      patience: { floorMs: 300, unmeasuredMs: 300 },
    },
  });
  try {
    await run();
  } finally {
    await rig.close();
  }
}

beforeEach(() => {
  first.script = chat;
  second.script = chat;
});

const errorEvent = 'data: {"error":{"message":"busy","type":"server_error","code":null}}\n\n';
const cutAfter =
  (...parts: string[]): Script =>
  (_received, response) => {
    beginStream(response);
    response.write(parts.join(''), () => response.socket!.destroy());
  };

/** Each is what the first upstream does; the second is well. */
const faults: readonly (readonly [name: string, kind: string, script: Script])[] = [
  ['answers 500', 'server-error', chatError(500)],
  ['answers 503', 'overloaded', chatError(503)],
  ['answers 429 with retry-after', 'rate-limit', chatError(429, { 'retry-after': '20' })],
  ['rejects our credential with 401', 'auth', chatError(401)],
  ['does not know the model (404)', 'not-found', chatError(404)],
  ['resets before its head', 'reset', (_r, response) => response.socket!.resetAndDestroy()],
  ['closes before its head', 'reset', (_r, response) => response.socket!.destroy()],
  ['never answers', 'first-byte-timeout', () => undefined],
  ['sends a head and no content', 'first-byte-timeout', (_r, response) => beginStream(response)],
  [
    'sends only lifecycle events',
    'first-byte-timeout',
    (_r, response) => {
      beginStream(response);
      response.write(chatRole);
    },
  ],
  [
    'answers with a page of HTML',
    'protocol',
    (_r, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
  ],
  ['redirects', 'protocol', (_r, response) => response.writeHead(302, { location: '/' }).end()],
  ['cuts before content', 'truncated', cutAfter(chatRole)],
  ['says an error inside 200', 'server-error', cutAfter(chatRole, errorEvent)],
];

for (const [name, kind, script] of faults) {
  test(`an upstream that ${name}: the caller gets the other's whole answer`, () =>
    withRig(async () => {
      first.script = script;
      const response = await rig.post('/v1/chat/completions', ask(true));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('entrepot-attempts'), '2');
      const expected = chatRole + chatWords.join('') + chatFinish + done;
      assert.equal(await response.text(), expected);
      const [record] = await rig.records();
      assert.deepEqual(
        record!.attempts.map(a => [a.deployment, a.failure]),
        [
          ['first', kind],
          ['second', null],
        ],
      );
      assert.equal(record!.outcome, 'ok');
      assert.equal(record!.deployment, 'second');
    }));
}

test('an upstream that refuses connections is replaced at once', () =>
  withRig(async () => {
    const response = await rig.post('/v1/chat/completions', ask());
    assert.equal(response.status, 200);
    await response.text();
    const [record] = await rig.records();
    assert.equal(record!.attempts[0]!.failure, 'refused');
    assert.equal(record!.attempts[0]!.status, null);
  }, 'http://127.0.0.1:9'));

test('a whole answer that is cut is replaced: the caller never sees half of it', () =>
  withRig(async () => {
    first.script = (_received, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5000 });
      response.write('{"id":', () => response.socket!.destroy());
    };
    const response = await rig.post('/v1/chat/completions', ask());
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('entrepot-attempts'), '2');
    await response.text();
  }));

test("the caller's own mistake is not retried and is told in the upstream's words", () =>
  withRig(async () => {
    first.script = chatError(400);
    const response = await rig.post('/v1/chat/completions', ask());
    assert.equal(response.status, 400);
    assert.match(await response.text(), /failed with 400/);
    assert.equal((await rig.records())[0]!.attempts.length, 1);
  }));

test('when all fail, the caller gets one clear error and is told not to retry', () =>
  withRig(async () => {
    first.script = chatError(500);
    second.script = chatError(503);
    const response = await rig.post('/v1/chat/completions', ask());
    assert.ok(response.status >= 500);
    assert.equal(response.headers.get('x-should-retry'), 'false');
    const { error } = (await response.json()) as { error: { message: string } };
    assert.match(error.message, /failed with 50/);
    const [record] = await rig.records();
    assert.equal(record!.outcome, 'failed');
    assert.equal(record!.chargeNanoUsd, 0, 'both said that they did nothing');
  }));

test('a rejected credential of ours is a 502 and never a 401', () =>
  withRig(async () => {
    first.script = chatError(401);
    second.script = chatError(401);
    const response = await rig.post('/v1/chat/completions', ask());
    assert.equal(response.status, 502);
    assert.match(await response.text(), /upstream_auth_error/);
  }));

/** Each breaks a stream after its first content. */
const breaks: readonly (readonly [name: string, outcome: string, script: Script])[] = [
  ['is cut', 'truncated', cutAfter(chatRole, chatWords[0]!)],
  ['is cut inside an event', 'truncated', cutAfter(chatRole, chatWords[0]!, 'data: {"id":"chatc')],
  [
    'ends without its terminator',
    'truncated',
    (_r: unknown, response: ServerResponse) => {
      beginStream(response);
      response.end(chatRole + chatWords[0]!);
    },
  ],
  [
    'goes silent',
    'truncated',
    (_r: unknown, response: ServerResponse) => {
      beginStream(response);
      response.write(chatRole + chatWords[0]!);
    },
  ],
];

for (const [name, outcome, script] of breaks) {
  test(`a stream that ${name} ends with an error event and without [DONE]`, () =>
    withRig(async () => {
      first.script = script;
      const response = await rig.post('/v1/chat/completions', ask(true));
      assert.equal(response.status, 200);
      const text = await response.text();
      assert.ok(text.startsWith(chatRole + chatWords[0]!), text);
      const events = text.split('\n\n').filter(e => e !== '');
      const last = JSON.parse(events.at(-1)!.replace(/^data: /, '')) as { error?: unknown };
      assert.ok(last.error, text);
      assert.ok(!text.includes('[DONE]'));
      const [record] = await rig.records();
      assert.equal(record!.outcome, outcome);
      assert.equal(record!.attempts.length, 1);
    }));
}

test('an error that an upstream says after content reaches the caller as the last event', () =>
  withRig(async () => {
    const began = Promise.withResolvers<ServerResponse>();
    first.script = (_received, response) => {
      beginStream(response);
      response.write(chatRole + chatWords[0]!);
      began.resolve(response);
    };
    const response = await rig.post('/v1/chat/completions', ask(true));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value!;
    (await began.promise).end(errorEvent + done);
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    assert.ok(text.startsWith(chatRole + chatWords[0]!));
    assert.match(text, /"error":\{"message":"busy"/);
    assert.ok(!text.includes('[DONE]'));
    assert.equal((await rig.records())[0]!.outcome, 'truncated');
  }));

test('who waits for a first event is moved when the circuit opens, long before the deadline', async () => {
  rig = await Rig.start({
    deployments: [
      { id: 'first', service: 'openai-api', endpoint: first.url },
      { id: 'second', service: 'azure-openai', endpoint: second.url },
    ],
    engine: { deadlines: { firstEventMs: 60_000, slowFirstEventMs: 60_000 } },
  });
  try {
    const silent = new Promise<void>(resolve => {
      first.script = () => resolve();
    });
    const waiting = rig.post('/v1/chat/completions', ask(true));
    await silent;
    first.script = chatError(500);
    for (let i = 0; i < 5; i++) await (await rig.post('/v1/chat/completions', ask())).text();
    const response = await waiting;
    assert.equal(response.status, 200);
    assert.match(await response.text(), /\[DONE\]/);
    const records = await rig.records();
    const moved = records.find(r => r.attempts[0]?.failure === 'first-byte-timeout');
    assert.deepEqual(
      moved?.attempts.map(a => a.deployment),
      ['first', 'second'],
    );
    assert.ok(moved.totalMs! < 30_000);
  } finally {
    await rig.close();
  }
});
