// Rows G11, G12, G14, G17, G18 and G33 of the peers' bugs: bad bytes fail their own request and no
// other, large ones pass, whoever goes away cancels its upstream and is in the ledger, and what
// could never work is refused before it is tried.

import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { callableServices, cloudOfService } from '../../src/clouds/registry.ts';
import { FakeUpstream, key, Rig, type RigOptions } from '../rig.ts';
import { gatewayTo } from '../sdk/clouds.ts';
import { type CallerWire, callerOf, callers, hear } from './caller-wire.ts';
import {
  answering,
  begin,
  deploymentOf,
  plainEvents,
  type Spoken,
  stream,
  untilFirstWord,
  upstreams,
  words,
} from './upstream-wire.ts';

const upstream = new FakeUpstream(answering('openai-chat'));
before(() => upstream.listen());
after(() => upstream.close());

async function rigOf(
  t: TestContext,
  spoken: Spoken,
  options: Partial<RigOptions> = {},
): Promise<Rig> {
  const deployments = [deploymentOf(spoken, upstream.url)];
  const rig = await Rig.start({ deployments, ...options });
  t.after(() => rig.close());
  return rig;
}

describe('G11', () => {
  /** Bytes of a good stream, some of which are changed, left out, or said twice. */
  const spoilt = (good: Buffer): fc.Arbitrary<Buffer> =>
    fc
      .array(
        fc.record({
          at: fc.nat(good.length - 1),
          length: fc.nat(40),
          by: fc.oneof(
            fc.uint8Array({ maxLength: 12 }),
            fc.constantFrom('null', '{}', '[]', '"', '-1', '1e999', '\\ud800').map(Buffer.from),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map(changes =>
        changes.reduce((bytes, { at, length, by }) => {
          const place = at % (bytes.length + 1);
          const rest = bytes.subarray(place + length);
          return Buffer.concat([bytes.subarray(0, place), by, rest]);
        }, good),
      );

  for (const spoken of upstreams) {
    test(`G11: a stream of bad bytes fails its own request at most, from ${spoken.name}`, async t => {
      const rig = await rigOf(t, spoken, {
        engine: { attempts: { max: 1 }, circuit: { consecutiveFailures: 1e6, minAttempts: 1e6 } },
      });
      const good = stream(spoken.dialect);
      let requests = 0;
      await fc.assert(
        fc.asyncProperty(spoilt(good), fc.constantFrom(...callers), async (bytes, caller) => {
          upstream.script = (_received, response) => begin(spoken.dialect, response).end(bytes);
          const answer = await rig.post(caller.path(true), caller.body('Hi', true));
          await answer.arrayBuffer();
          requests++;
        }),
        { numRuns: 60, seed: 11 },
      );
      upstream.script = answering(spoken.dialect);
      assert.equal((await hear(rig, callers[0]!)).text, words.join(''));
      const records = await rig.records();
      assert.equal(records.length, requests + 1);
      assert.ok(records.every(({ outcome, error }) => outcome !== null && error !== 'internal'));
    });
  }
});

describe('G12', () => {
  for (const caller of callers) {
    test(`G12: bodies of 32 KB to 30 MB pass with the defaults, from ${caller.dialect}`, async t => {
      const spoken = upstreams.find(({ dialect }) => dialect !== caller.dialect)!;
      const offer = { contextTokens: 100_000_000 };
      upstream.script = answering(spoken.dialect);
      const deployment = deploymentOf(spoken, upstream.url);
      const rig = await Rig.start({
        deployments: [{ ...deployment, offer: { ...deployment.offer, ...offer } }],
      });
      t.after(() => rig.close());
      for (const size of [32_769, 1_000_000, 30_000_000]) {
        const body = caller.body('a'.repeat(size), false);
        const response = await rig.post(caller.path(false), body);
        assert.equal(response.status, 200, await response.text());
        assert.ok(upstream.received.pop()!.body.length > size);
      }
    });
  }

  test('G12: a stream of 100,000 pieces comes whole', async t => {
    const events: readonly StreamEvent[] = plainEvents.flatMap((event): StreamEvent[] => {
      if (event.type !== 'block_delta') return [event];
      if (event.text !== words[0]) return [];
      return Array.from({ length: 100_000 }, (_, i) => ({ ...event, text: `${i % 10}` }));
    });
    const spoken = upstreams.find(({ dialect }) => dialect === 'anthropic-messages')!;
    upstream.script = answering(spoken.dialect, events);
    const rig = await rigOf(t, spoken);
    for (const dialect of ['openai-chat', 'anthropic-messages'] as const) {
      assert.equal((await hear(rig, callerOf(dialect))).text, '0123456789'.repeat(10_000));
    }
  });
});

describe('G14', () => {
  for (const caller of callers) {
    test(`G14: what configuration takes can be called in ${caller.dialect}, whichever service`, async t => {
      for (const { name, service, dialect } of upstreams) {
        const rig = await gatewayTo(t, { service, offer: { dialects: [dialect] } });
        const response = await rig.post(caller.path(false), caller.body('Hi', false));
        assert.equal(response.status, 200, `${name}: ${await response.text()}`);
      }
    });
  }

  test('G14: every service that can be configured speaks a dialect that every caller reaches', () => {
    for (const service of callableServices) {
      assert.ok(cloudOfService(service)!.dialects.length > 0, service);
    }
  });
});

/** How far an answer has come when its caller goes. */
const phases = ['nothing', 'a head', 'a word'] as const;

describe('G17', () => {
  for (const spoken of upstreams) {
    test(`G17: a caller that goes lets ${spoken.name} go at once, in every dialect and phase`, async t => {
      const rig = await rigOf(t, spoken);
      for (const caller of callers) {
        for (const phase of phases) {
          const leaving = await leave(rig, spoken, caller, phase);
          assert.equal(leaving, 'closed', `${caller.dialect} after ${phase}`);
        }
      }
    });

    test(`G18: a caller that goes is in the ledger, and what is not known of its cost is said so, \
with ${spoken.name}`, async t => {
      const rig = await rigOf(t, spoken);
      for (const caller of callers) {
        await leave(rig, spoken, caller, 'a word');
        const record = await lastSettled(rig, callers.indexOf(caller) + 1);
        assert.equal(record.outcome, 'client_closed', caller.dialect);
        assert.equal(record.deployment, 'first');
        // Half an answer's usage is no provider's last word.
        assert.notEqual(record.usageSource, 'provider', caller.dialect);
        assert.equal(record.chargeNanoUsd, null, caller.dialect);
      }
    });
  }
});

/** Asks, goes away in this phase, and tells whether the upstream's connection was closed. */
async function leave(
  rig: Rig,
  { dialect }: Spoken,
  caller: CallerWire,
  phase: (typeof phases)[number],
): Promise<'closed'> {
  const reached = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<'closed'>();
  upstream.script = (_received, response) => {
    response.on('close', () => closed.resolve('closed'));
    if (phase !== 'nothing') begin(dialect, response).flushHeaders();
    if (phase === 'a word') response.write(untilFirstWord(dialect));
    reached.resolve();
  };
  const abort = new AbortController();
  const asked = fetch(rig.url + caller.path(true), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(caller.body('Hi', true)),
    signal: abort.signal,
  });
  await reached.promise;
  if (phase === 'a word') await (await asked).body!.getReader().read();
  abort.abort();
  await asked.catch(() => undefined);
  return closed.promise;
}

async function lastSettled(rig: Rig, count: number) {
  for (;;) {
    const settled = (await rig.records()).filter(({ outcome }) => outcome !== null);
    if (settled.length >= count) return settled.at(-1)!;
    await new Promise(resolve => setImmediate(resolve));
  }
}

test("G33: models of openai on Bedrock answer Responses, whole and streamed, by Converse's offer", async t => {
  const offer = {
    model: 'openai/gpt-oss-120b',
    serviceModelId: 'openai.gpt-oss-120b-1:0',
    dialects: ['bedrock-converse'],
  };
  const rig = await gatewayTo(t, { service: 'bedrock', offer });
  const caller = callerOf('openai-responses');
  const whole = await rig.post(caller.path(false), caller.body('Hi [[simulate output=9]]', false));
  const { status } = (await whole.json()) as { status: string };
  assert.equal(status, 'completed');
  const heard = await hear(rig, caller);
  assert.equal(heard.last?.type, 'end');
  assert.ok(heard.text.length > 0);
});
