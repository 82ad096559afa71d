// A caller that goes away cancels its upstream at once, in every phase, and is recorded as such:
// the upstream's own view of its connection is the witness.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, beginStream, chat, chatRole, chatWords } from '../answers.ts';
import { FakeUpstream, key, Rig, type Script } from '../rig.ts';

const upstream = new FakeUpstream(chat);
let rig: Rig;

before(async () => {
  await upstream.listen();
  rig = await Rig.start({
    deployments: [
      { id: 'main', service: 'openai-api', endpoint: upstream.url },
      { id: 'spare', service: 'azure-openai', endpoint: upstream.url },
    ],
  });
});
after(async () => {
  await rig.close();
  await upstream.close();
});

/** A script that tells when it has come to its point, and when its connection was closed. */
function watched(script: Script): {
  script: Script;
  reached: Promise<void>;
  closed: Promise<void>;
} {
  const reached = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    closed: closed.promise,
    script(received, response, request) {
      response.on('close', () => closed.resolve());
      script(received, response, request);
      reached.resolve();
    },
  };
}

const phases: readonly (readonly [phase: string, stream: boolean, script: Script])[] = [
  ['before the head of a whole answer', false, () => undefined],
  ['before the head of a stream', true, () => undefined],
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

for (const [phase, stream, script] of phases) {
  test(`a caller that leaves ${phase} cancels the upstream`, async () => {
    const watch = watched(script);
    upstream.script = watch.script;
    const before = upstream.received.length;
    const abort = new AbortController();
    const asked = fetch(`${rig.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(ask(stream)),
      signal: abort.signal,
    });
    await watch.reached;
    if (phase.includes('middle')) {
      const reader = (await asked).body!.getReader();
      await reader.read();
      abort.abort();
      await assert.rejects(reader.read());
    } else {
      abort.abort();
      await assert.rejects(asked);
    }
    await watch.closed;
    assert.equal(upstream.received.length, before + 1, 'it was not tried elsewhere');
    const record = await untilRecorded(before + 1);
    assert.equal(record.outcome, 'client_closed');
  });
}

/** The settlement follows the close; the ledger's own flush says when it is on disk. */
async function untilRecorded(count: number): Promise<{ outcome: string | null }> {
  for (;;) {
    const records = await rig.records();
    const settled = records.filter(r => r.outcome !== null);
    if (settled.length >= count) return settled.at(-1)!;
    await new Promise(resolve => setImmediate(resolve));
  }
}
